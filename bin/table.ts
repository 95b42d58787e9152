/** Rows of text in columns as wide as they need; the first `left` columns are set left, the others right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], left = 0): string {
  const widths = head.map((title, col) => Math.max(title.length, ...rows.map((row) => row[col]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    widths
      .map((width, col) => (col < left ? (row[col] ?? '').padEnd(width) : (row[col] ?? '').padStart(width)))
      .join('  ')
      .trimEnd()
  return [head, ...rows].map(line).join('\n')
}
