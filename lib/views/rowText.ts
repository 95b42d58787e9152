import type {PanelFrame, RowBand} from '@/lib/views/frame'

/** Size of the numbers in a row, px: they grow with the row, from 11 to 13. */
export const rowFontSize = (rowHeight: number): number => Math.max(11, Math.min(13, rowHeight * 0.52 + 3))

/** Baseline that centres figures of this size in a row. */
export const rowBaseline = (row: RowBand, fontSize: number): number => row.y + row.height / 2 + fontSize * 0.36

/** About how wide a line of this text is, px. For deciding what fits; nothing is aligned by it. */
export const textWidth = (text: string, fontSize: number): number => text.length * fontSize * 0.5

/** Breaks a sentence into lines of at most this width, px. */
export function textLines(text: string, width: number, fontSize: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    if (lines.length > 0 && textWidth(longer, fontSize) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** Closest that two numbers may stand above one another, px. */
const leastStep = 12

/**
 * Which rows have room to print their numbers. All of them, until rows are small: then each head's best by `score`, or
 * as many of a sorted order as fit.
 */
export function speakingRows(frame: PanelFrame, score: (layer: number) => number): ReadonlySet<number> {
  if (frame.density !== 'small') return new Set(frame.rows.map(({layer}) => layer))
  const wanted = frame.modelOrder
    ? frame.blocks.map(({rows}) => rows.reduce((best, row) => (score(row.layer) > score(best.layer) ? row : best)))
    : frame.rows
  return new Set(spaced(wanted).map(({layer}) => layer))
}

/** The rows that keep their distance from the one before, beginning with the first. */
export function spaced(rows: readonly RowBand[]): RowBand[] {
  const kept: RowBand[] = []
  for (const row of rows) {
    const last = kept.at(-1)
    if (last === undefined || row.y - last.y >= leastStep) kept.push(row)
  }
  return kept
}
