import {FormatError} from '@/lib/core/errors'
import type {TensorArchive} from '../archive'
import {elementSize} from '../elements'
import {lazyArchive} from '../lazyArchive'
import {sizeText} from '../sizeText'
import type {ByteSource} from '../source'
import {Stretch} from '../stretch'
import {elementCount, entryOf, PackedTensor, packedStrides, type Storage, type StridedTensor} from '../stridedTensor'
import {numpyElement} from './numpyElement'

// The .npy format: numpy.lib.format, versions 1.0 to 3.0.

/** An array that is in order but holds something we do not turn into numbers. */
export interface UnreadArray {
  readonly unread: string
  readonly shape: readonly number[]
}

const longestHeader = 1 << 20
const utf8 = new TextDecoder()

/** A .npy file as an archive of one tensor named `array`. */
export async function openNpy(source: ByteSource): Promise<TensorArchive> {
  const array = await npyArray(new Stretch(source, 0, source.size), 'npy')
  if ('unread' in array) {
    throw new FormatError(
      `npy: an array of ${array.unread}, shape (${array.shape}); plain numbers or booleans are needed`
    )
  }
  const entry = entryOf('array', array)
  const contents = new Map([[entry.name, entry]])
  return lazyArchive({format: 'NumPy .npy', source, tensors: new Map([[entry, array]]), contents, findings: []})
}

/** Reads the header of a .npy that `file` holds; of the array itself, nothing. */
export async function npyArray(file: Storage, where: string): Promise<StridedTensor | UnreadArray> {
  const {text, end} = await headerText(file, where)
  const descr = field(text, /'descr'\s*:\s*(?:'([^']*)'|(\[))/, 'descr', where)
  const fortran = field(text, /'fortran_order'\s*:\s*(True|False)/, 'fortran_order', where) === 'True'
  const shape = parseShape(field(text, /'shape'\s*:\s*\(([^()]*)\)/, 'shape', where), where)
  const count = elementCount(shape, where)
  const element = descr === '[' ? 'records' : numpyElement(descr)
  if (typeof element === 'string') return {unread: descr === '[' ? element : `${element} (${descr})`, shape}
  const {dtype, bigEndian} = element
  const needed = count * elementSize[dtype]
  if (end + needed > file.byteLength) {
    throw new FormatError(
      `${where}: shape (${shape}) of ${dtype} claims ${sizeText(needed)}, the file holds ${sizeText(file.byteLength - end)} of them; it may be incomplete`
    )
  }
  const storage = new Stretch(file, end, needed, bigEndian)
  if (fortran) return {storage, dtype, offset: 0, shape, strides: packedStrides(shape, true)}
  return new PackedTensor(storage, dtype, shape)
}

async function headerText(file: Storage, where: string): Promise<{text: string; end: number}> {
  // Nearly every header fits in its first 128 bytes.
  const first = await file.read(0, Math.min(256, file.byteLength))
  if (first.length < 12) throw new FormatError(`${where}: ${first.length} bytes; a header alone has more`)
  const version = first[6]!
  if (version < 1 || version > 3) throw new FormatError(`${where}: version ${version} of the format; 1 to 3 are read`)
  const view = new DataView(first.buffer, first.byteOffset)
  const start = version === 1 ? 10 : 12
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > longestHeader || start + length > file.byteLength) {
    throw new FormatError(
      `${where}: the header claims ${sizeText(length)}, the file has ${sizeText(file.byteLength)}; it may be incomplete`
    )
  }
  const bytes = start + length <= first.length ? first.subarray(start, start + length) : await file.read(start, length)
  return {text: utf8.decode(bytes), end: start + length}
}

function field(text: string, pattern: RegExp, name: string, where: string): string {
  const match = pattern.exec(text)
  const found = match?.[1] ?? match?.[2]
  if (found === undefined)
    throw new FormatError(
      `${where}: the header has no ${name} that can be read; it starts ${JSON.stringify(text.slice(0, 40))}`
    )
  return found
}

// Python 2 wrote a long as 3L.
function parseShape(text: string, where: string): number[] {
  const parts = text.split(',').map((part) => part.trim().replace(/L$/, ''))
  if (parts.at(-1) === '') parts.pop()
  for (const part of parts) {
    if (!/^\d{1,15}$/.test(part)) {
      throw new FormatError(
        `${where}: the header gives the shape (${text.slice(0, 60)}); whole lengths, none negative, are needed`
      )
    }
  }
  return parts.map(Number)
}
