import {FormatError} from '@/lib/core/errors'
import type {FileValue, TensorArchive} from '../archive'
import {lazyArchive} from '../lazyArchive'
import {sizeText} from '../sizeText'
import type {ByteSource} from '../source'
import {entryOf} from '../stridedTensor'
import {numberTensor} from './numberTensor'

const largest = 16e6
const separators = [',', ';', '\t'] as const

/** Whether the head of a file reads as a table of numbers, with or without a line of names above it. */
export function isCsv(head: Uint8Array, whole: boolean): boolean {
  const text = decoded(head)
  if (text === null) return false
  const lines = text.split(/\r\n|\n|\r/)
  // The last may be cut off in the middle.
  if (!whole) lines.pop()
  const filled = lines.filter((line) => line.trim() !== '')
  return filled.slice(0, 2).some((line) => {
    const cells = line.split(separatorOf(line))
    return cells.length > 0 && cells.every((cell) => numberOf(cell) !== null)
  })
}

/**
 * A small table of numbers as text, one row a line, columns set apart by commas, semicolons or tabs; a first line of
 * names is kept as `columns`. Throws FormatError with the line for a row of another length or a cell that is no number.
 */
export async function openCsv(source: ByteSource): Promise<TensorArchive> {
  if (source.size > largest) {
    throw refused(
      `CSV: ${sizeText(source.size)} of text, at most ${sizeText(largest)} are read; save it with numpy.save`
    )
  }
  const text = decoded(await source.read(0, source.size))
  if (text === null) throw refused('CSV: the file holds bytes that are no text; a table of numbers is needed')
  const {columns, values, rows, width} = tableOf(text)
  const tensor = numberTensor(values, [rows, width])
  const entry = entryOf('array', tensor)
  const contents = new Map<FileValue, FileValue>([['array', entry]])
  if (columns) contents.set('columns', columns)
  return lazyArchive({format: 'CSV', source, tensors: new Map([[entry, tensor]]), contents, findings: []})
}

function tableOf(text: string) {
  let columns: readonly string[] | null = null
  let separator: string | null = null
  const values = new Float64Array(mostValues(text))
  let width = 0
  let rows = 0
  let filled = 0
  let line = 0
  for (const row of linesOf(text)) {
    line++
    if (row.trim() === '') continue
    separator ??= separatorOf(row)
    const cells = row.split(separator)
    if (width === 0) {
      width = cells.length
      // A name cannot be a number, so a first line with anything else is names.
      if (cells.some((cell) => numberOf(cell) === null)) {
        columns = cells.map(unquoted)
        continue
      }
    }
    if (cells.length !== width) {
      throw refused(
        `CSV: line ${line} has ${cells.length} values, those before it ${width}; rows of one length are needed`
      )
    }
    for (const cell of cells) {
      const value = numberOf(cell)
      if (value === null)
        throw refused(`CSV: line ${line} holds ${JSON.stringify(cell.slice(0, 20))}; numbers are needed`)
      values[filled++] = value
    }
    rows++
  }
  if (rows === 0) throw refused('CSV: the table has no rows; rows of numbers are needed')
  return {columns, values: values.subarray(0, filled), rows, width}
}

function* linesOf(text: string): Generator<string> {
  const end = /\r\n|\n|\r/g
  for (let at = 0; at < text.length; ) {
    const match = end.exec(text)
    const stop = match ? match.index : text.length
    yield text.slice(at, stop)
    at = match ? end.lastIndex : text.length
  }
}

// Each value but the last is followed by something that parts it from the next, and is a character at least.
function mostValues(text: string): number {
  let parted = 1
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 44 || code === 59 || code === 9 || code === 10 || code === 13) parted++
  }
  return Math.min(parted, Math.ceil((text.length + 1) / 2))
}

function separatorOf(line: string): string {
  return separators.find((separator) => line.includes(separator)) ?? ','
}

/** A number as programs write it, `nan` and `inf` too; null for anything else. */
function numberOf(cell: string): number | null {
  const text = cell.trim()
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text)
  if (/^[+-]?nan$/i.test(text)) return Number.NaN
  if (/^[+-]?inf(inity)?$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return null
}

const unquoted = (cell: string) =>
  cell
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .slice(0, 200)

// Text holds no control characters but tabs and line ends.
function decoded(bytes: Uint8Array): string | null {
  if (bytes.some((byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 13)) return null
  return new TextDecoder().decode(bytes).replace(/^\ufeff/, '')
}

const refused = (message: string) => new FormatError(message, {title: 'Not a table of numbers'})
