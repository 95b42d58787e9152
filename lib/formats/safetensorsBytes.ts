import {joinedBytes} from './joinedBytes'

/** A tensor to write: its elements row-major, in as many pieces as they come. */
export interface WrittenTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly parts: readonly Float32Array[]
}

/**
 * A .safetensors file of float32 tensors, in the order given: header length (8 bytes), JSON header padded with spaces
 * so that the tensors start on a multiple of 8 bytes, then their bytes without gaps (the format's specification,
 * huggingface/safetensors). Throws RangeError for a shape that does not hold its elements, or a name given twice.
 */
export function safetensorsBytes(
  tensors: readonly WrittenTensor[],
  metadata: Readonly<Record<string, string>> = {}
): Uint8Array<ArrayBuffer> {
  const header = new Map<string, unknown>()
  if (Object.keys(metadata).length > 0) header.set('__metadata__', metadata)
  let at = 0
  for (const {name, shape, parts} of tensors) {
    const held = parts.reduce((sum, {length}) => sum + length, 0)
    const needed = shape.reduce((product, length) => product * length, 1)
    if (held !== needed)
      throw new RangeError(`safetensors: ${name} has shape (${shape.join(', ')}) and was given ${held} elements`)
    if (header.has(name)) throw new RangeError(`safetensors: ${name} was given twice`)
    header.set(name, {dtype: 'F32', shape, data_offsets: [at, at + 4 * needed]})
    at += 4 * needed
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)))
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20)
  padded.set(text)
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true)
  return joinedBytes([length, padded, ...tensors.flatMap(({parts}) => parts.map(bytesOf))])
}

const bytesOf = ({buffer, byteOffset, byteLength}: Float32Array) => new Uint8Array(buffer, byteOffset, byteLength)
