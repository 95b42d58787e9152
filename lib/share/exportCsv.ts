import {shortestFloat32} from '@/lib/core/codec'
import type {ExportCell, ExportTable} from '@/lib/views/exportTables'

const lineEnd = '\r\n'

/**
 * A table as CSV (RFC 4180) in UTF-8 without a byte order mark, below lines that begin with `#` and say where it comes
 * from. Numbers are float32 with the fewest digits; what is not known is empty. No cell begins as a formula would.
 */
export function csvText(table: ExportTable, notes: readonly string[]): string {
  const lines = [...notes.map(noteLine), table.columns.map(cellText).join(',')]
  for (let row = 0; row < table.rows; row++) {
    lines.push(table.columns.map((_, column) => cellText(table.cell(row, column))).join(','))
  }
  return lines.join(lineEnd) + lineEnd
}

function cellText(cell: ExportCell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return Number.isFinite(cell) ? numberText(cell) : String(cell)
  const text = defused(cell)
  return /[",\r\n;\t#]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

// Whole numbers beyond float32 are counts.
const numberText = (value: number): string => (Number.isInteger(value) ? String(value) : shortestFloat32(value))

/*
 * Spreadsheets run a cell that begins with one of these; an apostrophe makes it text (OWASP, CSV injection). The
 * full-width forms are folded to the plain ones by some.
 */
const formula = /^[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]/u

const defused = (text: string): string => (formula.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text)

// A note is cut into cells wherever a separator stands, so each piece has to be harmless. It is not quoted: readers
// that skip `#` look for it at the start of a line.
function noteLine(note: string): string {
  const line = note.replace(/[\r\n\t\u2028\u2029]+/gu, ' ').replaceAll('"', "'")
  return `# ${line.replace(/([,;])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20|%])/gu, "$1$2'")}`
}
