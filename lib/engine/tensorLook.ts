import {FormatError, ReaderError} from '@/lib/core/errors'
import {mapSums} from '@/lib/core/mapSums'
import {bytes, plural} from '@/lib/core/number'
import {summarise} from '@/lib/core/summary'
import type {TensorArchive, TensorEntry, TypedArray} from '@/lib/formats/archive'
import {joinedBytes} from '@/lib/formats/joinedBytes'
import {npyBytes} from '@/lib/formats/npyBytes'
import {piecesOf} from '@/lib/formats/piecesOf'
import {sha256} from '@/lib/formats/sha256'
import {pace} from './pace'
import type {CallOptions, SliceRequest, TensorSlice, TensorStatistics} from './protocol'
import {pythonCheck} from './pythonCheck'
import {sliceCells} from './sliceCells'

// A closer look at one tensor of a file: piece by piece, and of the file only the range that the tensor spans.

/** More than a page should hold twice. */
const largestExport = 1e9

/** Looks at every element once. Throws FormatError for an unknown name, CancelledError once cancelled. */
export async function tensorStatistics(
  archive: TensorArchive,
  name: string,
  {signal, onProgress}: CallOptions = {}
): Promise<TensorStatistics> {
  const entry = entryNamed(archive, name)
  const steps = pace({signal, onProgress})
  const sums = summarise()
  const total = entry.byteLength
  const pieces = piecesOf(archive, entry, undefined, true)
  let done = 0
  // The checksum asks for bytes from first to last; what passes is summed on its way.
  const passing = {
    name,
    size: total,
    read: sequential(async () => {
      await steps.breathe()
      const {value: piece} = await pieces.next()
      if (!piece) return null
      sums.add(piece.values)
      const part = bytesOf(piece.raw)
      done += part.length
      steps.tell({phase: 'reading', done, total, unit: 'bytes', text: `${bytes(done)} of ${bytes(total)} of ${name}`})
      return part
    })
  }
  const hash = exact(archive, entry) ? await sha256(passing, signal ? {signal} : {}) : await drained(passing.read)
  const summary = sums.read()
  return {...summary, sha256: hash, python: pythonCheck(archive, entry, summary, hash)}
}

/** One two-dimensional slice. Throws ShapeError-like FormatError for an axis that the tensor has not. */
export async function tensorSlice(
  archive: TensorArchive,
  name: string,
  {rowAxis, colAxis, index, part: asked}: SliceRequest,
  {signal, onProgress}: CallOptions = {}
): Promise<TensorSlice> {
  const entry = entryNamed(archive, name)
  const {shape} = entry
  const steps = pace({signal, onProgress})
  checkAxes(entry, rowAxis, colAxis)
  const rows = rowAxis === null ? 1 : shape[rowAxis]!
  const cols = shape[colAxis] ?? 1
  const part = {rows: within(asked?.rows, rows), cols: within(asked?.cols, cols)}
  const box = shape.map((length, axis): readonly [number, number] => {
    if (axis === rowAxis) return part.rows
    if (axis === colAxis) return part.cols
    const at = Math.max(0, Math.min(length - 1, index[axis] ?? 0))
    return [at, at + 1]
  })
  const total = (part.rows[1] - part.rows[0]) * (part.cols[1] - part.cols[0])
  const reduced = sliceCells(part)
  let done = 0
  for await (const piece of piecesOf(archive, entry, box)) {
    const [row0, row1] = rowAxis === null ? [0, 1] : piece.box[rowAxis]!
    const [col0, col1] = piece.box[colAxis] ?? [0, 1]
    const down = rowAxis !== null && rowAxis > colAxis
    for (let row = row0; row < row1; row++)
      for (let col = col0; col < col1; col++) {
        const at = down ? (col - col0) * (row1 - row0) + row - row0 : (row - row0) * (col1 - col0) + col - col0
        reduced.add(row, col, Number(piece.values[at]))
      }
    done += piece.values.length
    const text = `${plural(done, 'element')} of ${plural(total, 'element')}`
    steps.tell({phase: 'reading', done, total, unit: 'bytes', text})
    await steps.breathe()
  }
  const read = reduced.read()
  return {rows, cols, part, ...read, sums: mapSums(read.cells)}
}

const within = ([start, stop]: readonly [number, number] = [0, Number.POSITIVE_INFINITY], length: number) => {
  const from = Math.max(0, Math.min(length - 1, Math.floor(start)))
  return [from, Math.max(from + 1, Math.min(length, Math.ceil(stop)))] as const
}

/** One tensor as the bytes of a .npy file. Throws ReaderError above 1 GB. */
export async function exportTensor(
  archive: TensorArchive,
  name: string,
  {signal, onProgress}: CallOptions = {}
): Promise<Uint8Array<ArrayBuffer>> {
  const entry = entryNamed(archive, name)
  const {dtype, shape, byteLength} = entry
  if (byteLength > largestExport)
    throw new ReaderError(
      'Too large to export here',
      `${name} has ${bytes(byteLength)}; at most ${bytes(largestExport)} are exported from a page.`
    )
  const steps = pace({signal, onProgress})
  const parts: TypedArray[] = []
  let done = 0
  for await (const {raw, values} of piecesOf(archive, entry, undefined, true)) {
    // NumPy has no bfloat16.
    parts.push(dtype === 'bf16' ? values : raw)
    done += raw.byteLength
    steps.tell({
      phase: 'reading',
      done,
      total: byteLength,
      unit: 'bytes',
      text: `${bytes(done)} of ${bytes(byteLength)}`
    })
    await steps.breathe()
  }
  return npyBytes(dtype, shape, parts)
}

function entryNamed({source, entries}: TensorArchive, name: string): TensorEntry {
  const entry = entries.find((candidate) => candidate.name === name)
  if (entry) return entry
  throw new FormatError(`${source.name}: no tensor is named ${name}; it holds ${entries.length} others`)
}

function checkAxes({name, shape}: TensorEntry, rowAxis: number | null, colAxis: number): void {
  const has = (axis: number) => axis >= 0 && axis < Math.max(1, shape.length)
  if (has(colAxis) && (rowAxis === null || (has(rowAxis) && rowAxis !== colAxis))) return
  throw new FormatError(
    `${name}: axes ${rowAxis} and ${colAxis} were asked for; two different ones of its ${shape.length} are needed`
  )
}

// Values of our own making, such as float8 widened to float32, are not the file's bytes.
const exact = ({pieces}: TensorArchive, {dtype, stored}: TensorEntry) =>
  stored === undefined && (pieces !== undefined || !/^b?f16$/.test(dtype))

const bytesOf = ({buffer, byteOffset, byteLength}: TypedArray) => new Uint8Array(buffer, byteOffset, byteLength)

/** Reading from first to last over parts of any length. */
function sequential(next: () => Promise<Uint8Array | null>) {
  let held: Uint8Array[] = []
  let holding = 0
  return async (_offset: number, length: number): Promise<Uint8Array> => {
    while (holding < length) {
      const part = await next()
      if (!part) break
      held.push(part)
      holding += part.length
    }
    const all = joinedBytes(held)
    held = [all.subarray(length)]
    holding = held[0]!.length
    return all.slice(0, length)
  }
}

async function drained(read: (offset: number, length: number) => Promise<Uint8Array>): Promise<null> {
  const step = 4 << 20
  while ((await read(0, step)).length === step);
  return null
}
