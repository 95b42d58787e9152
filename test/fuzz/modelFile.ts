import {little, zipBytes} from '../formats/bytes'

/** A tensor of a checkpoint to be written: what it claims to be; its numbers come from one storage that all share. */
export interface MadeTensor {
  readonly shape: readonly number[]
  /** Where in the shared storage its numbers start. */
  readonly offset: number
}

/** What a checkpoint to be written holds. */
export type Made = null | number | string | MadeTensor | readonly Made[] | ReadonlyMap<string, Made>

const elements = 8192

// Numbers of every kind that a trained or a broken model may hold.
const numbers = (() => {
  const odd = [0, -0, 1, 2, -1, 0.5, 1e-30, -1e30, 3e38, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const values = Float32Array.from({length: elements}, (_, i) => (i < 64 ? odd[i % odd.length]! : Math.sin(i) + 1.5))
  return new Uint8Array(values.buffer)
})()

/**
 * A checkpoint as torch.save writes it. A tensor of more numbers than the storage holds is one number expanded, as a
 * file of any size may claim it.
 */
export function modelFile(content: Made): Uint8Array {
  const parts: Uint8Array[] = []
  write(content, parts)
  const pickle = Buffer.concat([Buffer.from([0x80, 2]), ...parts, Buffer.from('.')])
  return zipBytes([
    {name: 'x/data.pkl', content: new Uint8Array(pickle)},
    {name: 'x/data/0', content: numbers}
  ])
}

const code = (text: string) => Buffer.from(text, 'latin1')

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value)
  return Buffer.concat([code('X'), little(bytes.length, 4), bytes])
}

function integer(value: number): Uint8Array {
  if (value === (value | 0)) return Buffer.concat([code('J'), little(value, 4)])
  const sign = Uint8Array.of(value < 0 ? 255 : 0)
  return Buffer.concat([Uint8Array.of(0x8a, 9), little(BigInt(value), 8), sign])
}

const tuple = (values: readonly number[]) => [code('('), ...values.map(integer), code('t')]

const storage = Buffer.concat([
  code('('),
  text('storage'),
  code('ctorch\nFloatStorage\n'),
  text('0'),
  text('cpu'),
  integer(elements),
  code('tQ')
])

function write(value: Made, parts: Uint8Array[]): void {
  if (value === null) parts.push(code('N'))
  else if (typeof value === 'string') parts.push(text(value))
  else if (typeof value === 'number') parts.push(Number.isSafeInteger(value) ? integer(value) : float(value))
  else if (value instanceof Map) {
    parts.push(code('}'))
    for (const [key, item] of value) {
      parts.push(text(key))
      write(item as Made, parts)
      parts.push(code('s'))
    }
  } else if (Array.isArray(value)) {
    parts.push(code('](') as Uint8Array)
    for (const item of value as readonly Made[]) write(item, parts)
    parts.push(code('e'))
  } else writeTensor(value as MadeTensor, parts)
}

function float(value: number): Uint8Array {
  const bytes = Buffer.alloc(9)
  bytes[0] = 0x47
  bytes.writeDoubleBE(value, 1)
  return bytes
}

function writeTensor({shape, offset}: MadeTensor, parts: Uint8Array[]): void {
  const count = shape.reduce((product, length) => product * length, 1)
  const start = offset % elements
  const fits = count >= 0 && count <= elements
  const from = fits ? Math.min(start, elements - count) : start
  const strides = shape.map((_, axis) => (fits ? shape.slice(axis + 1).reduce((a, b) => a * b, 1) : 0))
  parts.push(code('ctorch._utils\n_rebuild_tensor_v2\n('), storage, integer(Math.max(0, from)))
  parts.push(...tuple(shape), ...tuple(strides), code('\x89ccollections\nOrderedDict\n)RtR'))
}
