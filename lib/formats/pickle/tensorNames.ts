import {FormatError} from '@/lib/core/errors'
import type {FileValue, Finding, Inert, TensorEntry} from '../archive'
import type {TensorTable} from '../tensorTable'
import {isInert} from './machine'

export interface NamedTensors {
  /** In the order they were met. */
  readonly entries: readonly TensorEntry[]
  readonly findings: readonly Finding[]
}

const deepest = 400
const longestKey = 200
// Names are joined from their containers' keys, which a small file may repeat without end.
const maxCharacters = 16e6
const moduleParts = ['_parameters', '_buffers', '_modules']

/**
 * Names every tensor by the path that leads to it, keys and indices joined by dots, and lists those we leave out. What
 * is met a second time keeps its first name, so shared and even circular structures are walked once. A bare tensor is
 * named `tensor`. The parameters, buffers and submodules of a pickled module are named as its state dict would.
 */
export function nameTensors(root: FileValue, table: TensorTable): NamedTensors {
  const entries: TensorEntry[] = []
  const findings: Finding[] = []
  const taken = new Map<string, number>()
  const seen = new Set<FileValue>()
  let characters = 0

  const uniqueName = (path: string) => {
    const first = path || 'tensor'
    let name = first
    while (taken.has(name)) {
      const again = taken.get(first)! + 1
      taken.set(first, again)
      name = `${first}#${again}`
    }
    taken.set(name, 1)
    characters += name.length
    if (characters > maxCharacters)
      throw new FormatError('pickle: the names of its tensors fill 16 MB; it is not an honest checkpoint')
    return name
  }

  const enter = (entry: TensorEntry, path: string) => {
    // One that is met again has its name.
    if (entry.name !== '' || !table.tensors.has(entry)) return
    const open = entry as {-readonly [K in keyof TensorEntry]: TensorEntry[K]}
    open.name = uniqueName(path)
    entries.push(entry)
  }

  const visit = (value: FileValue, path: string, depth: number): void => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || seen.has(value)) return
    if (depth > deepest)
      throw new FormatError(
        `pickle: containers stand more than ${deepest} deep in each other, at ${path.slice(0, 60)}…; fewer are read`
      )
    if (isPlain(value)) return
    if (isTensor(value)) return void enter(value, path)
    seen.add(value)
    if (isInert(value)) {
      const skipped = table.skipped.get(value)
      if (skipped)
        findings.push({
          kind: 'skipped',
          text: `${uniqueName(path)}: ${skipped} left out, since only plain dense tensors are read`
        })
      else for (const [key, part] of partsOf(value)) visit(part, join(path, key), depth + 1)
    } else {
      for (const [key, part] of value.entries()) {
        visit(key, join(path, key), depth + 1)
        visit(part, join(path, key), depth + 1)
      }
    }
  }
  visit(root, '', 0)
  return {entries, findings}
}

// A module's own tensors first, then its submodules, as PyTorch orders a state dict; an empty key adds nothing to a
// path.
function* partsOf({args, state}: Inert): Generator<[key: FileValue, value: FileValue]> {
  if (state instanceof Map && (state.get('_parameters') instanceof Map || state.get('_modules') instanceof Map)) {
    for (const part of moduleParts) yield ['', state.get(part) ?? null]
    for (const [key, value] of state) if (!moduleParts.includes(key as string)) yield [key, value]
    return
  }
  yield ['', args]
  yield ['', state]
}

// Numbers and texts lead nowhere: a short list of nothing else need not be remembered as seen. A long one is, or looking
// through it again for each place it stands in would take for ever.
const isPlain = (value: FileValue): boolean =>
  Array.isArray(value) &&
  value.length <= 8 &&
  value.every((part: FileValue) => typeof part !== 'object' || part === null)

function isTensor(value: FileValue): value is TensorEntry {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'tensor'
}

function join(path: string, key: FileValue): string {
  const step = stepOf(key)
  return path && step ? `${path}.${step}` : path + step
}

function stepOf(key: FileValue): string {
  if (key === null) return 'None'
  if (typeof key === 'boolean') return key ? 'True' : 'False'
  if (typeof key !== 'object') return shortened(String(key))
  if (Array.isArray(key)) return shortened(`(${key.slice(0, 8).map(shallowStep).join(',')})`)
  return isInert(key) ? shortened(key.global) : '…'
}

// A tuple inside a tuple may hold itself many times over: one level is enough for a name.
function shallowStep(part: FileValue): string {
  return typeof part === 'object' ? '…' : shortened(String(part))
}

function shortened(text: string): string {
  return text.length > longestKey ? `${text.slice(0, longestKey)}…` : text
}
