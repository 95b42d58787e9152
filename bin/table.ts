/** Characters after which the words of a title go on in the next line. */
const titleWidth = 26

/**
 * Rows of text in columns as wide as they need; the first `left` columns are set left, the others right. Long titles
 * take several lines and end on the last of them.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], left = 0): string {
  const titles = head.map(titleLines)
  const high = Math.max(0, ...titles.map(({length}) => length))
  const heads = Array.from({length: high}, (_, at) => titles.map((own) => own[at - high + own.length] ?? ''))
  const all = [...heads, ...rows]
  const widths = head.map((_, col) => Math.max(0, ...all.map((row) => row[col]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    widths
      .map((width, col) => (col < left ? (row[col] ?? '').padEnd(width) : (row[col] ?? '').padStart(width)))
      .join('  ')
      .trimEnd()
  return all.map(line).join('\n')
}

function titleLines(title: string): string[] {
  const lines: string[] = []
  for (const word of title.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    if (lines.length > 0 && longer.length <= titleWidth) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
