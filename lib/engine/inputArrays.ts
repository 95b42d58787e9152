import {FormatError} from '@/lib/core/errors'
import {plural} from '@/lib/core/number'
import type {FileValue, TensorArchive, TensorEntry, TypedArray} from '@/lib/formats/archive'
import type {SamplePictures} from './protocol'

/** Last parts of the names that arrays of features, labels and pictures bear. */
export const FEATURES = ['features', 'hidden_states', 'array', 'regions']
export const LABELS = ['labels', 'label']
export const PICTURES = ['images']

/** A class as an input file names it: its index, or its name. */
export type Label = number | string

/** The last part of a name, and all before it: `3.features` and `u7/features` stand in `3.` and `u7/`. */
const lastStart = (name: string) => Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1
const lastKey = ({name}: TensorEntry) => name.slice(lastStart(name))
const keyed = (entries: readonly TensorEntry[], keys: readonly string[]) =>
  keys.map((key) => entries.filter((entry) => lastKey(entry) === key)).find((found) => found.length > 0) ?? []

/**
 * The arrays that may hold the features: those named `features`, `hidden_states` or `array`, else those of rank two or
 * more. One of them is as it should be.
 */
function candidates(entries: readonly TensorEntry[]): readonly TensorEntry[] {
  const named = keyed(entries, FEATURES)
  if (named.length > 0) return named
  const others = new Set([...keyed(entries, LABELS), ...keyed(entries, PICTURES)])
  return entries.filter((entry) => entry.shape.length >= 2 && !others.has(entry))
}

/** Axes as far as inputs of one kind share them, whatever their length in time. */
const kindOf = ({shape}: TensorEntry) => `${shape.length} ${shape.at(-1)}`

/** The share of these arrays that are of the commonest kind. */
function alike(entries: readonly TensorEntry[]): number {
  const counts = new Map<string, number>()
  for (const entry of entries) counts.set(kindOf(entry), (counts.get(kindOf(entry)) ?? 0) + 1)
  return Math.max(0, ...counts.values()) / entries.length
}

/**
 * The arrays that hold inputs, in file order: one, or all that are named alike, or several of which most are of one
 * kind; none when it is not clear.
 */
export function featureEntries(entries: readonly TensorEntry[]): readonly TensorEntry[] {
  const found = candidates(entries)
  if (found.length < 2 || keyed(found, FEATURES).length > 0) return found
  return alike(found) > 0.5 ? found : []
}

/**
 * Whether a file without a model is meant as inputs, if perhaps as inputs that will be refused for their own reason.
 */
export const looksLikeInputs = ({format, entries}: Pick<TensorArchive, 'format' | 'entries'>): boolean =>
  format.startsWith('NumPy') ||
  keyed(entries, FEATURES).length > 0 ||
  candidates(entries).length === 1 ||
  (format.startsWith('safetensors') && areInputs(entries))

// Arrays by the hundred of one kind, one for each input. A checkpoint has vectors beside its matrices, of several kinds.
function areInputs(entries: readonly TensorEntry[]): boolean {
  const beside = new Set([...keyed(entries, LABELS), ...keyed(entries, PICTURES)])
  const others = entries.filter((entry) => !beside.has(entry))
  return candidates(entries).length > 1 && alike(others) >= 0.95
}

/** The arrays of an archive that hold inputs. Throws FormatError when it is not clear which they are. */
export function inputEntries({entries, source, findings}: TensorArchive): readonly TensorEntry[] {
  const arrays = featureEntries(entries)
  if (arrays.length > 0) return arrays
  const several = candidates(entries)
  const shown = several.length > 0 ? several : entries
  const found = shown.length === 0 ? 'no array' : `${plural(shown.length, 'array')}, ${listed(shown)}`
  // What was left out may be what was meant.
  const skipped = findings.find(({kind}) => kind === 'skipped')
  throw new FormatError(
    `${source.name}: found ${found}${skipped ? ` (${skipped.text})` : ''}; needed one named features, hidden_states or array, or a single one of two or more axes, or several of one kind`,
    {title: 'No features in this file'}
  )
}

/** An array that holds inputs, and those that belong to it, by the names that a model asked for. */
export interface ArraySet {
  readonly entry: TensorEntry
  readonly beside: ReadonlyMap<string, TensorEntry>
  /** What is wrong with it, where others of the file are whole. */
  readonly refused?: FormatError
}

/**
 * The arrays of these names, set by set: those that stand under one path, `3.regions` with `3.question`, make up one,
 * with those of `optional` that stand there, too. Throws FormatError naming what was found and what is missing, where no
 * set is whole.
 */
export function namedEntries(
  {entries, source}: TensorArchive,
  names: readonly string[],
  optional: readonly string[] = []
): readonly ArraySet[] {
  const [first = '', ...others] = names
  const counted = keyed(entries, [first])
  const found = entries.length === 0 ? 'no array' : `${plural(entries.length, 'array')}, ${listed(entries)}`
  const title = 'Not the arrays that this model reads'
  if (counted.length === 0)
    throw new FormatError(`${source.name}: found ${found}; needed arrays named ${inWords(names)}`, {title})
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  const sets = counted.map((entry): ArraySet => {
    const path = pathOf(entry.name)
    const beside = new Map<string, TensorEntry>()
    for (const name of [...others, ...optional]) {
      const other = byName.get(`${path}${name}`)
      if (other) beside.set(name, other)
    }
    const missing = others.filter((name) => !beside.has(name)).map((name) => `${path}${name}`)
    if (missing.length === 0) return {entry, beside}
    const text = `${source.name}: found ${found}; needed ${inWords(missing)} beside ${entry.name}`
    return {entry, beside, refused: new FormatError(text, {title})}
  })
  const trouble = sets[0]?.refused
  if (trouble && sets.every(({refused}) => refused)) throw trouble
  return sets
}

const inWords = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** One label per input, or null when the file carries none that can be told apart. */
export function readLabels(archive: TensorArchive): Promise<readonly Label[] | null> {
  return labelsIn(archive, keyed(archive.entries, LABELS)[0], archive.contents)
}

/** Where an array of this name stands: `3.` for `3.features`, nothing for a name without a path. */
export const pathOf = (name: string): string => name.slice(0, lastStart(name))

/** The labels under one path, such as `3.label` beside `3.features`. `byName` are the entries of the archive. */
export function readLabelsAt(
  archive: TensorArchive,
  path: string,
  byName: ReadonlyMap<string, TensorEntry>
): Promise<readonly Label[] | null> {
  const entry = LABELS.map((key) => byName.get(`${path}${key}`)).find((found) => found !== undefined)
  return labelsIn(archive, entry, path === '' ? archive.contents : valueAt(archive.contents, path.slice(0, -1)))
}

async function labelsIn(
  archive: TensorArchive,
  entry: TensorEntry | undefined,
  contents: FileValue | undefined
): Promise<readonly Label[] | null> {
  if (entry) return entry.shape.length > 1 ? null : numbersOf((await archive.read(entry.name)).values)
  if (!(contents instanceof Map)) return null
  const value = LABELS.map((key) => contents.get(key) as FileValue | undefined).find((found) => found !== undefined)
  if (value === undefined) return null
  const labels = Array.isArray(value) ? (value as readonly FileValue[]) : [value]
  return labels.every(isLabel) ? labels : null
}

// Keys may hold dots themselves, so the longest that is there is taken.
function valueAt(contents: FileValue, path: string): FileValue | undefined {
  if (Array.isArray(contents)) {
    const [index = '', ...rest] = path.split('.')
    const item = (contents as readonly FileValue[])[Number(index)]
    return rest.length === 0 || item === undefined ? item : valueAt(item, rest.join('.'))
  }
  if (!(contents instanceof Map)) return undefined
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const item = contents.get(path.slice(0, end)) as FileValue | undefined
    if (item !== undefined) return end === path.length ? item : valueAt(item, path.slice(end + 1))
  }
  return undefined
}

/** The pictures of the inputs, inked so that the largest value is black. Null when the file carries none. */
export async function readPictures(archive: TensorArchive): Promise<SamplePictures | null> {
  const [entry] = keyed(archive.entries, PICTURES)
  if (entry?.shape.length !== 3) return null
  const [count, height, width] = entry.shape as [number, number, number]
  const numbers = numbersOf((await archive.read(entry.name)).values)
  const largest = numbers.reduce((most, value) => Math.max(most, value), 0)
  return {
    count,
    width,
    height,
    values: Uint8Array.from(numbers, (value) => (largest > 0 ? (255 * value) / largest : 0))
  }
}

const isLabel = (value: FileValue): value is Label => typeof value === 'string' || typeof value === 'number'
const numbersOf = (values: TypedArray): number[] => Array.from(values as ArrayLike<number | bigint>, Number)

function listed(entries: readonly TensorEntry[]): string {
  const shown = entries.slice(0, 3).map(({name, shape}) => `${name} (${shape.join(', ')})`)
  return shown.join(', ') + (entries.length > shown.length ? ', …' : '')
}
