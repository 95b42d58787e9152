import {crc32} from '@/lib/formats/crc32'
import {bytes, little} from './bytes'
import type {ServedFile} from './rangeServer'

// Checkpoints of many gigabytes that exist only where somebody looks: a few stretches of bytes, and zeros between.

/** A tensor of float32. Those without a value are zeros, as large as they like. */
export interface LargeTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly value?: number
}

const elementsOf = ({shape}: LargeTensor) => shape.reduce((a, b) => a * b, 1)

/**
 * `count` tensors in `size` bytes or a little more: the weights of a large encoder, and strewn among them the `heads`
 * of a density attention over 1,024 features. Head h has c = 2 + h and mean_offset = h + 0.5.
 */
export function largeModel(size: number, count = 300, heads = 8): LargeTensor[] {
  const others = count - 2 * heads
  const rows = Math.ceil(size / others / 4096)
  const encoder = Array.from({length: others}, (_, i) => ({name: `encoder.layers.${i}.weight`, shape: [rows, 1024]}))
  const every = Math.floor(others / heads)
  return encoder.flatMap((tensor, i): LargeTensor[] => {
    const head = i / every
    if (!Number.isInteger(head) || head >= heads) return [tensor]
    const of = (name: string, value: number) => ({name: `daam.gcts.${head}.${name}`, shape: [1, 1024], value})
    return [tensor, of('mean_offset', head + 0.5), of('c', 2 + head)]
  })
}

/** The convolutional classifier that the published models put behind it, over 24 layers and 4 classes. */
export const largeClassifier: readonly LargeTensor[] = [
  {name: 'conv1.weight', shape: [512, 24, 3, 3], value: 0.1},
  {name: 'conv1.bias', shape: [512], value: 0},
  {name: 'conv2.weight', shape: [24, 512, 3, 3], value: 0.1},
  {name: 'conv2.bias', shape: [24], value: 0},
  {name: 'fc.weight', shape: [4, 24 * 1024], value: 0.1},
  {name: 'fc.bias', shape: [4], value: 0}
]

/** The file that torch.save would write of them, as a zip64. */
export function largeTorchZip(tensors: readonly LargeTensor[]): SparseFile {
  const file = new SparseFile()
  const directory: Uint8Array[] = []
  const add = (name: string, size: number, content: Uint8Array | null) => {
    const at = file.size
    const long = size > 0xfffffffe ? -1 : size
    // PyTorch checks the sums of what it reads whole; nobody reads a storage of gigabytes whole.
    const head = [little(0, 2), little(0, 2), little(0, 4), little(content ? crc32(content) : 0, 4)]
    const extra = bytes(little(1, 2), little(24, 2), little(size, 8), little(size, 8), little(at, 8))
    file.put(
      bytes('PK\x03\x04', little(45, 2), ...head, little(long, 4), little(long, 4), little(name.length, 2), 0, 0, name)
    )
    if (content) file.put(content)
    else file.skip(size)
    const sizes = bytes(little(-1, 4), little(-1, 4), little(name.length, 2), little(extra.length, 2))
    const rest = bytes(little(0, 2), little(0, 2), little(0, 2), little(0, 4), little(-1, 4))
    directory.push(bytes('PK\x01\x02', little(45, 2), little(45, 2), ...head, sizes, rest, name, extra))
  }
  const pickle = torchPickle(tensors)
  add('model/data.pkl', pickle.length, pickle)
  add('model/byteorder', 6, bytes('little'))
  add('model/version', 2, bytes('3\n'))
  for (const [i, tensor] of tensors.entries()) {
    add(`model/data/${i}`, 4 * elementsOf(tensor), valuesOf(tensor))
  }
  const start = file.size
  for (const entry of directory) file.put(entry)
  const length = file.size - start
  const count = little(directory.length, 8)
  const end = file.size
  file.put(bytes('PK\x06\x06', little(44, 8), little(45, 2), little(45, 2), little(0, 8), count, count))
  file.put(bytes(little(length, 8), little(start, 8), 'PK\x06\x07', little(0, 4), little(end, 8), little(1, 4)))
  file.put(bytes('PK\x05\x06', little(0, 4), little(-1, 2), little(-1, 2), little(-1, 4), little(-1, 4), 0, 0))
  return file
}

/** The same as safetensors. */
export function largeSafetensors(tensors: readonly LargeTensor[]): SparseFile {
  let at = 0
  const slots = tensors.map((tensor) => {
    const start = at
    at += 4 * elementsOf(tensor)
    return [tensor.name, {dtype: 'F32', shape: tensor.shape, data_offsets: [start, at]}]
  })
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(slots)))
  const file = new SparseFile()
  file.put(little(header.length, 8))
  file.put(header)
  for (const tensor of tensors) {
    const values = valuesOf(tensor)
    if (values) file.put(values)
    else file.skip(4 * elementsOf(tensor))
  }
  return file
}

function valuesOf(tensor: LargeTensor): Uint8Array | null {
  if (tensor.value === undefined) return null
  return new Uint8Array(new Float32Array(elementsOf(tensor)).fill(tensor.value).buffer)
}

function torchPickle(tensors: readonly LargeTensor[]): Uint8Array {
  const text = (value: string) => bytes('X', little(value.length, 4), value)
  const number = (value: number) => bytes('J', little(value, 4))
  const parts = tensors.flatMap((tensor, i) => [
    text(tensor.name),
    bytes('ctorch._utils\n_rebuild_tensor_v2\n(('),
    text('storage'),
    bytes('ctorch\nFloatStorage\n'),
    text(String(i)),
    text('cpu'),
    number(elementsOf(tensor)),
    bytes('tQK\x00('),
    ...tensor.shape.map(number),
    bytes('t('),
    ...tensor.shape.map((_, axis) => number(tensor.shape.slice(axis + 1).reduce((a, b) => a * b, 1))),
    bytes('t\x89ccollections\nOrderedDict\n)RtR')
  ])
  return new Uint8Array(Buffer.concat([bytes('\x80\x02}('), ...parts, bytes('u.')]))
}

/** Bytes that were put somewhere, and zeros everywhere else. */
export class SparseFile implements ServedFile {
  /** In file order. */
  readonly pieces: {readonly start: number; readonly bytes: Uint8Array}[] = []
  size = 0

  put(bytes: Uint8Array) {
    this.pieces.push({start: this.size, bytes})
    this.size += bytes.length
  }

  skip(count: number) {
    this.size += count
  }

  read(start: number, end: number): Uint8Array {
    const found = new Uint8Array(end - start)
    for (const {start: at, bytes} of this.pieces) {
      if (at >= end || at + bytes.length <= start) continue
      const piece = bytes.subarray(Math.max(0, start - at), Math.min(bytes.length, end - at))
      found.set(piece, Math.max(0, at - start))
    }
    return found
  }
}
