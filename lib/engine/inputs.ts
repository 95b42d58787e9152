import {FormatError, ShapeError} from '@/lib/core/errors'
import {plural} from '@/lib/core/number'
import type {SampleName} from '@/lib/explain/explain'
import type {TensorArchive, TensorEntry, TensorValues} from '@/lib/formats/archive'
import {openArchive} from '@/lib/formats/openArchive'
import type {ByteSource} from '@/lib/formats/source'
import type {LoadedModel, Samples, Settings} from '@/lib/models/family'
import {throwIfAllRefused} from '@/lib/models/refusedInputs'
import {
  type ArraySet,
  inputEntries,
  type Label,
  namedEntries,
  pathOf,
  readLabels,
  readLabelsAt,
  readPictures
} from './inputArrays'
import type {SamplePictures} from './protocol'
import {readRows} from './readRows'

/** A file of inputs, looked into. */
export interface InputFile {
  readonly source: ByteSource
  readonly archive: TensorArchive
  readonly arrays: readonly InputArray[]
  readonly pictures: SamplePictures | null
}

/** One array of such a file: one input, or several along its first axis. */
export interface InputArray extends ArraySet {
  /** As a sentence calls it: the file, and the array where the file holds several. */
  readonly name: string
  /** What stands beside it and is not read, and why, in whole sentences; null where nothing does. */
  readonly unread: string | null
  /** The labels of its inputs; null without any. Throws ShapeError unless there is one for each. */
  labels(count: number): Promise<readonly Label[] | null>
}

/** What can be run at once: an array, or as much of it as fits. */
export interface InputSlice {
  readonly place: InputPlace
  /** The shape of the whole array as it stands in the file. */
  readonly shape: readonly number[]
  readonly samples: Samples
  readonly names: readonly SampleName[]
  /** Inputs of the array before this slice, and in all. */
  readonly before: number
  readonly of: number
}

/** Where a slice was read, to read it again. */
export interface InputPlace {
  readonly source: ByteSource
  readonly entry: TensorEntry
  /** Arrays that belong to it, by name: read with the same rows. */
  readonly beside: ReadonlyMap<string, TensorEntry>
  /** Along the first axis; null for the whole array. */
  readonly rows: readonly [start: number, stop: number] | null
  /** Inputs in it. */
  readonly count: number
}

/** What it takes to read inputs as a model wants them. */
export interface InputReading {
  readonly model: LoadedModel
  readonly settings: Settings
  readonly classes: readonly string[] | null
  /** An array of more bytes than this is read by slices of about as many, where it holds several inputs. */
  readonly sliceBytes: number
}

/**
 * Looks into a file of inputs; of its arrays nothing is read. Throws FormatError. Of the model it takes the names of its
 * arrays, where it reads several for one input.
 */
export async function openInputs(
  source: ByteSource,
  {
    inputNames,
    optionalInputs,
    unreadInputs = {}
  }: Pick<LoadedModel, 'inputNames' | 'optionalInputs' | 'unreadInputs'> = {}
): Promise<InputFile> {
  return naming(source.name, async () => {
    const archive = await openArchive(source)
    const sets = inputNames
      ? namedEntries(archive, inputNames, optionalInputs)
      : inputEntries(archive).map((entry): ArraySet => ({entry, beside: new Map()}))
    const entries = sets.map(({entry}) => entry)
    const labels = await labelsOf(archive, entries)
    const names = new Set(archive.entries.map(({name}) => name))
    const arrays = sets.map(({entry, ...set}, index): InputArray => {
      const name = entries.length === 1 ? source.name : `${source.name} ${entry.name}`
      return {
        entry,
        ...set,
        name,
        unread: unreadBeside(entry, names, unreadInputs),
        labels: (count) => labels(index, count)
      }
    })
    return {source, archive, arrays, pictures: await readPictures(archive)}
  })
}

function unreadBeside(
  {name}: TensorEntry,
  names: ReadonlySet<string>,
  unread: Readonly<Record<string, string>>
): string | null {
  const sentences = Object.entries(unread)
    .filter(([other]) => names.has(`${pathOf(name)}${other}`))
    .map(([other, because]) => `The inputs hold ${other}, which are not used: ${because}.`)
  return sentences.length > 0 ? sentences.join(' ') : null
}

/** The inputs of one array, a slice at a time. Throws ShapeError naming both shapes, AmbiguousLayout, FormatError. */
export async function* slicesOf(file: InputFile, array: InputArray, reading: InputReading): AsyncGenerator<InputSlice> {
  const {source, archive} = file
  const {entry, beside, name, refused} = array
  if (refused) throw refused
  const {model, settings, classes} = reading
  const of = await naming(name, async () => model.count(entry.shape, settings))
  const labels = await naming(name, () => array.labels(of))
  const step = sliceLength(archive, [entry, ...beside.values()], of, reading.sliceBytes)
  for (let before = 0; before < of; before += step) {
    const count = Math.min(step, of - before)
    const place: InputPlace = {source, entry, beside, rows: step === of ? null : [before, before + count], count}
    const arranged = await naming(name, () => readPlace(archive, place, model, settings))
    const note = [arranged.note, array.unread].filter(Boolean).join(' ')
    const samples = note ? {...arranged, note} : arranged
    const names = Array.from({length: count}, (_, i) => ({
      name: of === 1 ? name : `${name} #${before + i + 1}`,
      label: classIndex(labels?.[before + i] ?? null, classes, model.detection.classCount)
    }))
    yield {place, shape: entry.shape, samples, names, before, of}
  }
}

/** One slice in the model's shape. Throws as `slicesOf` does. */
export async function readPlace(
  archive: TensorArchive,
  {entry, beside, rows}: InputPlace,
  model: LoadedModel,
  settings: Settings
): Promise<Samples> {
  const read = async (own: TensorEntry): Promise<TensorValues> => {
    if (rows === null) return archive.read(own.name)
    const [length = 0] = own.shape
    if (length >= rows[1]) return readRows(archive, own, rows)
    throw new ShapeError(`${own.name} has ${length} rows; ${entry.name}, to which it belongs, has ${entry.shape[0]}`)
  }
  const values = await read(entry)
  const others = new Map<string, TensorValues>()
  for (const [name, own] of beside) others.set(name, await read(own))
  // As many inputs as there are layers would read two ways, which the whole array does not.
  const samples = await model.arrange(values, rows === null ? settings : {...settings, layout: 'batch'}, others)
  // Of a slice nothing can be said yet: the next one may be good.
  if (rows === null) throwIfAllRefused(samples)
  return samples
}

function sliceLength(
  archive: TensorArchive,
  entries: readonly TensorEntry[],
  count: number,
  sliceBytes: number
): number {
  const all = entries.reduce((sum, {byteLength}) => sum + byteLength, 0)
  if (count === 1 || all <= sliceBytes || !archive.pieces) return count
  return Math.max(1, Math.floor((sliceBytes * count) / all))
}

// A sentence about one of many has to say which.
async function naming<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ShapeError && !error.message.startsWith(name))
      throw new ShapeError(`${name}: ${error.message}`, error.title)
    if (error instanceof FormatError && !error.message.startsWith(name))
      throw new FormatError(`${name}: ${error.message}`, {title: error.title, path: error.path})
    throw error
  }
}

type LabelsOf = (array: number, count: number) => Promise<readonly Label[] | null>

/**
 * How the arrays of a file are labelled: beside each (`3.label` beside `3.features`), or by one list for all of the
 * file, of a label for each array or for each of their first axes.
 */
async function labelsOf(archive: TensorArchive, arrays: readonly TensorEntry[]): Promise<LabelsOf> {
  const [only] = arrays
  if (arrays.length === 1 && only) {
    const labels = await readLabels(archive)
    return async (_, count) => eachLabel(labels, count)
  }
  const byName = new Map(archive.entries.map((entry) => [entry.name, entry]))
  const top = await readLabelsAt(archive, '', byName)
  const starts = [0]
  for (const {shape} of arrays) starts.push(starts.at(-1)! + (shape[0] ?? 0))
  return async (array, count) => {
    const path = pathOf(arrays[array]!.name)
    const beside = path === '' ? null : await readLabelsAt(archive, path, byName)
    if (beside !== null) return eachLabel(beside, count)
    if (top === null) return null
    if (top.length === 1 || top.length === arrays.length) return eachLabel([top[top.length === 1 ? 0 : array]!], count)
    const [start, stop] = [starts[array]!, starts[array + 1]!]
    if (top.length === starts.at(-1) && stop - start === count) return top.slice(start, stop)
    throw new ShapeError(
      `found ${plural(top.length, 'label')} for ${plural(arrays.length, 'array')}; needed one for each, or for each input`
    )
  }
}

// A single label speaks for all.
function eachLabel(labels: readonly Label[] | null, count: number): readonly Label[] | null {
  if (labels === null || labels.length === count) return labels
  if (labels.length === 1) return Array.from({length: count}, () => labels[0]!)
  throw new ShapeError(`found ${labels.length} labels for ${plural(count, 'input')}; needed one for each`)
}

/** The pictures of all files, one after the other; null unless every file has them in the same size. */
export function joinedPictures(parts: readonly (SamplePictures | null)[]): SamplePictures | null {
  const [first] = parts
  if (!first) return null
  const {width, height} = first
  const alike = parts.flatMap((part) => (part?.width === width && part.height === height ? [part] : []))
  if (alike.length < parts.length) return null
  const values = new Uint8Array(alike.reduce((total, part) => total + part.values.length, 0))
  let offset = 0
  for (const part of alike) {
    values.set(part.values, offset)
    offset += part.values.length
  }
  return {width, height, count: alike.reduce((total, {count}) => total + count, 0), values}
}

// A class name means an index only where the order of the classes is known.
function classIndex(label: Label | null, classes: readonly string[] | null, classCount: number | null): number | null {
  const index = typeof label === 'string' ? (classes?.indexOf(label) ?? -1) : (label ?? -1)
  const within = Number.isInteger(index) && index >= 0 && index < (classCount ?? Number.POSITIVE_INFINITY)
  return within ? index : null
}
