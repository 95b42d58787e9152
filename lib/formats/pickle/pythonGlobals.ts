import type {FileValue} from '../archive'
import {cost, isInert, type Machine, type Rebuild} from './machine'

/** The classes and functions of Python itself that are containers and bytes in disguise. */
export const pythonGlobals: ReadonlyMap<string, Rebuild> = new Map<string, Rebuild>([
  ['collections.OrderedDict', ([items], machine) => dictionary(items, machine)],
  ['collections.Counter', ([items], machine) => dictionary(items, machine)],
  // The first argument makes missing values, which a finished dictionary does not need.
  ['collections.defaultdict', ([, items], machine) => dictionary(items, machine)],
  ['builtins.dict', ([items], machine) => dictionary(items, machine)],
  ...['builtins.list', 'builtins.tuple', 'builtins.set', 'builtins.frozenset', 'collections.deque'].map(
    (name): [string, Rebuild] => [name, ([items]) => (Array.isArray(items) ? items : [])]
  ),
  ['_codecs.encode', ([text, encoding], machine) => encoded(text, encoding, machine)],
  ['builtins.bytes', ([text, encoding], machine) => encoded(text, encoding, machine)],
  ['builtins.bytearray', ([text, encoding], machine) => encoded(text, encoding, machine)],
  // Protocols 0 and 1 make an instance this way: class, base class, state of the base.
  ['copyreg._reconstructor', ([type], machine) => instance(type, machine)],
  ['copy_reg._reconstructor', ([type], machine) => instance(type, machine)]
])

function dictionary(items: FileValue | undefined, machine: Machine): FileValue {
  const map = new Map<FileValue, FileValue>()
  machine.charge(cost.dictionary)
  const pairs = items instanceof Map || Array.isArray(items) ? items : []
  for (const pair of pairs) if (Array.isArray(pair) && pair.length === 2) machine.setItems(map, pair)
  return map
}

// Before protocol 3, bytes travel as text whose characters are the bytes.
function encoded(text: FileValue | undefined, encoding: FileValue | undefined, machine: Machine): FileValue {
  if (text === undefined) return new Uint8Array()
  if (text instanceof Uint8Array) return text
  if (typeof text !== 'string') throw machine.broken('bytes are made of something that is not text')
  machine.charge(cost.record + text.length)
  if (encoding !== 'latin1' && encoding !== 'latin-1' && encoding !== undefined) return new TextEncoder().encode(text)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 255) throw machine.broken('bytes are made of text that has other characters')
    bytes[i] = code
  }
  return bytes
}

function instance(type: FileValue | undefined, machine: Machine): FileValue {
  if (type === undefined || !isInert(type)) throw machine.broken('an instance is made of something that is not a class')
  return machine.record(type.global, [])
}
