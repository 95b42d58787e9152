import {FormatError} from '@/lib/core/errors'
import type {FileValue, TensorArchive, TensorEntry} from '../archive'
import {lazyArchive} from '../lazyArchive'
import type {ByteSource} from '../source'
import {entryOf, type StridedTensor} from '../stridedTensor'
import {isRecord, type Json} from './jsonRecord'
import {numberTensor} from './numberTensor'

const deepest = 32

/**
 * Tables of numbers spelled in JSON: nested lists of one shape are a tensor named `array`, an object of such lists one
 * tensor for each. Throws FormatError for anything else, saying where.
 */
export function jsonTable(source: ByteSource, json: Json): TensorArchive {
  const tensors = new Map<TensorEntry, StridedTensor>()
  const contents = new Map<FileValue, FileValue>()
  const lists: readonly (readonly [string, Json])[] = isRecord(json) ? Object.entries(json) : [['array', json]]
  for (const [name, list] of lists) {
    if (!Array.isArray(list)) {
      if (list === null || typeof list !== 'object') contents.set(name, list)
      else throw refused(`JSON: ${short(name)} is an object; lists of numbers are needed`)
      continue
    }
    const shape = shapeOf(list as readonly Json[])
    const values: number[] = []
    fill(list, shape, 0, name, values)
    const tensor = numberTensor(Float64Array.from(values), shape)
    const entry = entryOf(name, tensor)
    tensors.set(entry, tensor)
    contents.set(name, entry)
  }
  if (tensors.size === 0)
    throw refused(`${source.name}: JSON without a list of numbers; a table or lists of numbers are needed`)
  return lazyArchive({format: 'JSON', source, tensors, contents, findings: []})
}

// The first element of each level says how long the level is; `fill` holds all the others to it.
function shapeOf(list: readonly Json[]): number[] {
  const shape: number[] = []
  for (let level: Json | undefined = list; Array.isArray(level); level = level[0] as Json | undefined) {
    shape.push(level.length)
    if (shape.length > deepest)
      throw refused(`JSON: lists stand more than ${deepest} deep in each other; fewer are read`)
  }
  return shape
}

function fill(value: Json, shape: readonly number[], axis: number, where: string, values: number[]): void {
  if (axis === shape.length) {
    if (typeof value !== 'number') throw refused(`JSON: ${short(where)} holds ${shown(value)}; a number is needed`)
    values.push(value)
    return
  }
  if (!Array.isArray(value))
    throw refused(`JSON: ${short(where)} holds ${shown(value)}; a list of ${shape[axis]} is needed`)
  if (value.length !== shape[axis]) {
    throw refused(
      `JSON: ${short(where)} holds ${value.length} values, those before it ${shape[axis]}; rows of one length are needed`
    )
  }
  for (let i = 0; i < value.length; i++)
    fill(value[i] as Json, shape, axis + 1, axis < 2 ? `${where}[${i}]` : where, values)
}

const refused = (message: string) => new FormatError(message, {title: 'Not a table of numbers'})
const short = (name: string) => (name.length > 100 ? `${name.slice(0, 100)}…` : name)
const shown = (value: Json) => (Array.isArray(value) ? 'a list' : (JSON.stringify(value) ?? 'nothing').slice(0, 40))
