/**
 * One line of the table: how many times as fast `of` is as the fastest of `against`, and whether that reaches the
 * target. Null where either has no time. `unit` is 'share' for what is shown in per cent of the other's speed, else
 * 'times'; `titles` are what readers call the contenders.
 */
export function ratioRow({what, of, against, unit, atLeast}, times, struck, titles = {}) {
  const [best = against[0]] = against.filter((name) => times[name]).toSorted((a, b) => times[a].ms - times[b].ms)
  const [ours, theirs] = [times[of], times[best]]
  const why = ours ? (theirs ? null : (struck[best] ?? 'not run')) : (struck[of] ?? 'not run')
  const ratio = why ? null : theirs.ms / ours.ms
  return {
    what,
    of,
    against: titles[best] ?? best,
    // The same whichever of several was the fastest.
    title:
      against.length > 1
        ? `the best of ${against.map((name) => titles[name] ?? name).join(' and ')}`
        : (titles[best] ?? best),
    unit,
    atLeast: atLeast ?? null,
    ours: ours?.ms ?? null,
    theirs: theirs?.ms ?? null,
    runs: why ? null : [ours.runs, theirs.runs],
    ratio,
    met: atLeast === undefined || ratio === null ? null : ratio >= atLeast,
    why
  }
}

/** A ratio for readers: 0.87 of a copy's speed is 87 %, 15.3 times as fast is 15×. */
export function ratioText(ratio, unit) {
  if (ratio === null) return '–'
  if (unit === 'share') return `${Math.floor(ratio * 100)} %`
  return `${ratio >= 10 ? Math.floor(ratio) : (Math.floor(ratio * 100) / 100).toFixed(2)}×`
}

/** Cells of the ratio rows of one case, its headings first. */
export function ratioCells(rows) {
  return [
    ['measured', 'against', 'ours ms', 'theirs ms', 'ratio', 'at least', 'met', 'runs'],
    ...rows.map(({what, against, ours, theirs, ratio, unit, atLeast, met, runs, why}) => [
      what,
      against,
      milliseconds(ours),
      milliseconds(theirs),
      ratioText(ratio, unit),
      atLeast === null ? '' : ratioText(atLeast, unit),
      met === null ? '' : met ? 'yes' : 'no',
      why ?? runs.join(' : ')
    ])
  ]
}

/** A time with three figures or whole milliseconds, whichever is longer. */
export function milliseconds(ms) {
  if (ms === null) return '–'
  return ms >= 100 ? ms.toFixed(0) : ms.toPrecision(3)
}

/** Cells in columns, two spaces apart. */
export function columns(cells) {
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)))
  const line = (row) => row.map((cell, i) => cell.padEnd(widths[i])).join('  ')
  return cells.map((row) => line(row).trimEnd()).join('\n')
}

/** Cells as a table in Markdown. */
export function markdown(cells) {
  const [head, ...rest] = cells
  return [head, head.map(() => '---'), ...rest].map((row) => `| ${row.join(' | ')} |`).join('\n')
}
