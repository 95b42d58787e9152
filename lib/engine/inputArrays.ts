import {FormatError} from '@/lib/core/errors'
import {plural} from '@/lib/core/number'
import type {FileValue, TensorArchive, TensorEntry, TensorValues, TypedArray} from '@/lib/formats/archive'
import type {SamplePictures} from './protocol'

const FEATURES = ['features', 'hidden_states', 'array']
const LABELS = ['labels', 'label']
const PICTURES = ['images']

/** A class as an input file names it: its index, or its name. */
export type Label = number | string

const lastKey = ({name}: TensorEntry) => name.slice(name.lastIndexOf('.') + 1)
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

/** The array that holds the features; null when none or several could. */
export function featuresEntry(entries: readonly TensorEntry[]): TensorEntry | null {
  const [only, ...others] = candidates(entries)
  return only && others.length === 0 ? only : null
}

/**
 * Whether a file without a model is meant as inputs, if perhaps as inputs that will be refused for their own reason.
 */
export const looksLikeInputs = ({format, entries}: Pick<TensorArchive, 'format' | 'entries'>): boolean =>
  format.startsWith('NumPy') || keyed(entries, FEATURES).length > 0 || featuresEntry(entries) !== null

/** Reads the features of an archive of inputs. Throws FormatError when it is not clear which array they are. */
export async function readFeatures(archive: TensorArchive): Promise<TensorValues> {
  const {entries, source} = archive
  const entry = featuresEntry(entries)
  if (entry) return archive.read(entry.name)
  const several = candidates(entries)
  const shown = several.length > 0 ? several : entries
  const found = shown.length === 0 ? 'no array' : `${plural(shown.length, 'array')}, ${listed(shown)}`
  throw new FormatError(
    `${source.name}: found ${found}; needed one named features, hidden_states or array, or a single one of two or more axes`,
    {title: 'No features in this file'}
  )
}

/** One label per input, or null when the file carries none that can be told apart. */
export async function readLabels(archive: TensorArchive): Promise<readonly Label[] | null> {
  const {contents} = archive
  const [entry] = keyed(archive.entries, LABELS)
  if (entry) return entry.shape.length > 1 ? null : numbersOf((await archive.read(entry.name)).values)
  if (!(contents instanceof Map)) return null
  const value = LABELS.map((key) => contents.get(key) as FileValue | undefined).find((found) => found !== undefined)
  if (value === undefined) return null
  const labels = Array.isArray(value) ? (value as readonly FileValue[]) : [value]
  return labels.every(isLabel) ? labels : null
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
