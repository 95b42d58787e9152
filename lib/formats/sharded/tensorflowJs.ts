import {FormatError} from '@/lib/core/errors'
import type {DType, FileValue, Finding, TensorArchive, TensorEntry} from '../archive'
import {ConvertedStorage} from '../converted'
import {elementSize} from '../elements'
import {joinedSource} from '../fileSet'
import {lazyArchive} from '../lazyArchive'
import type {ByteSource} from '../source'
import {Stretch} from '../stretch'
import {elementCount, entryOf, PackedTensor, type Storage, type StridedTensor} from '../stridedTensor'
import {isRecord, type Json} from '../text/jsonRecord'
import {shardNames} from './shardNames'
import {shardsByName} from './shards'

// TensorFlow.js: model.json lists groups of weights; the files of a group, one after the other, hold its weights one
// after the other (tfjs-core, io/io_utils.ts).

const dtypes: ReadonlyMap<Json | undefined, DType> = new Map([
  ['float32', 'f32'],
  ['int32', 'i32'],
  ['bool', 'bool']
])

interface Weight {
  readonly name: string
  readonly shape: readonly number[]
  /** Bytes it takes in the file; null when that cannot be told from here. */
  readonly bytes: number | null
  /** The tensor over its bytes, or the type that is not read. */
  readonly over: ((raw: Storage) => StridedTensor) | string
}

/** The weights of a TensorFlow.js model, its model.json given with its weight files. Quantised ones are dequantised. */
export function tensorflowJs(
  source: ByteSource,
  index: string,
  json: {readonly [key: string]: Json},
  given: readonly ByteSource[]
): TensorArchive {
  const shards = shardsByName(index, shardNames(json) ?? [], given)
  const tensors = new Map<TensorEntry, StridedTensor>()
  const contents = new Map<FileValue, FileValue>()
  const findings: Finding[] = []
  for (const group of (json.weightsManifest ?? []) as readonly Json[]) {
    if (!isRecord(group) || !Array.isArray(group.weights) || !Array.isArray(group.paths))
      throw damaged('a group without paths and weights')
    const files = (group.paths as readonly Json[]).map((path) =>
      typeof path === 'string' ? shards.get(path) : undefined
    )
    if (files.some((file) => !file)) throw damaged('a path that is no text')
    const bytes = joinedSource(index, files as ByteSource[])
    let at = 0
    for (const described of group.weights as readonly Json[]) {
      const weight = weightOf(described)
      if (contents.has(weight.name)) throw damaged(`two weights named ${weight.name}`)
      if (weight.bytes === null) {
        findings.push({
          kind: 'skipped',
          text: `${weight.name}: tensor of shape (${weight.shape.join(', ')}), ${weight.over}, left out with all that follow in its file, since only plain numbers and booleans are read`
        })
        break
      }
      const start = at
      at += weight.bytes
      if (at > bytes.size) {
        throw new FormatError(
          `TensorFlow.js: ${weight.name} lies at bytes ${start} to ${at} of files of ${bytes.size}; they may be incomplete`
        )
      }
      if (typeof weight.over === 'string') {
        findings.push({
          kind: 'skipped',
          text: `${weight.name}: tensor of shape (${weight.shape.join(', ')}), ${weight.over}, left out, since only plain numbers and booleans are read`
        })
        continue
      }
      const tensor = weight.over(new Stretch(bytes, start, weight.bytes))
      const entry = entryOf(weight.name, tensor)
      tensors.set(entry, tensor)
      contents.set(weight.name, entry)
    }
  }
  return lazyArchive({format: 'TensorFlow.js', source, tensors, contents, findings})
}

function weightOf(described: Json): Weight {
  const {name, shape, dtype, quantization} = isRecord(described) ? described : {}
  if (typeof name !== 'string' || name.length > 400 || !isShape(shape))
    throw damaged('a weight without a shape and a name of at most 400 characters')
  const count = elementCount(shape, `TensorFlow.js: ${name.slice(0, 100)}`)
  if (isRecord(quantization)) return {name, shape, ...quantised(quantization, count, dtype, shape)}
  const plain = dtypes.get(dtype)
  if (plain)
    return {name, shape, bytes: count * elementSize[plain], over: (storage) => new PackedTensor(storage, plain, shape)}
  // A complex number is two floats; a text is as long as it is.
  return {name, shape, bytes: dtype === 'complex64' ? 8 * count : null, over: String(dtype).slice(0, 40)}
}

function quantised(
  {dtype, scale, min}: {readonly [key: string]: Json},
  count: number,
  original: Json | undefined,
  shape: readonly number[]
): Pick<Weight, 'bytes' | 'over'> {
  if (dtype === 'float16') return {bytes: 2 * count, over: (storage) => new PackedTensor(storage, 'f16', shape)}
  const size = dtype === 'uint8' ? 1 : dtype === 'uint16' ? 2 : null
  if (size === null) return {bytes: null, over: `quantised as ${String(dtype).slice(0, 40)}`}
  if (typeof scale !== 'number' || typeof min !== 'number') throw damaged('a quantised weight without scale and min')
  const value = (q: number) => (original === 'int32' ? Math.round(q * scale + min) : q * scale + min)
  const convert = (bytes: Uint8Array) =>
    Float32Array.from(size === 1 ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2), value)
  const stored = `${dtype}, scale ${Number(scale.toPrecision(6))}, min ${Number(min.toPrecision(6))}`
  return {
    bytes: size * count,
    over: (raw) => new PackedTensor(new ConvertedStorage(raw, size, convert), 'f32', shape, 0, stored)
  }
}

function isShape(value: Json | undefined): value is number[] {
  return Array.isArray(value) && value.length <= 64 && value.every((length) => typeof length === 'number')
}

const damaged = (what: string) => new FormatError(`TensorFlow.js: the model holds ${what}; the file is damaged`)
