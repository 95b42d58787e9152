import {FormatError, ShapeError} from '@/lib/core/errors'
import type {SampleName} from '@/lib/explain/explain'
import type {TensorArchive, TensorValues} from '@/lib/formats/archive'
import {openArchive} from '@/lib/formats/openArchive'
import type {ByteSource} from '@/lib/formats/source'
import type {LoadedModel, Samples, Settings} from '@/lib/models/family'
import {type Label, readFeatures, readLabels, readPictures} from './inputArrays'
import type {SamplePictures} from './protocol'

/** One input file, read and arranged. */
export interface InputFile {
  readonly source: ByteSource
  readonly samples: Samples
  /** The shape of the array as it stands in the file. */
  readonly shape: readonly number[]
  readonly names: readonly SampleName[]
  readonly pictures: SamplePictures | null
}

/** Reads one input file whole and puts it into the model's shape. Throws ShapeError naming both shapes. */
export async function readInput(
  source: ByteSource,
  model: LoadedModel,
  settings: Settings,
  classes: readonly string[] | null
): Promise<InputFile> {
  const archive = await opened(source)
  const features = await readFeatures(archive)
  const samples = arranged(source, features, model, settings)
  const labels = labelsFor(samples.count, source.name, await readLabels(archive))
  const pictures = await readPictures(archive)
  return {
    source,
    samples,
    shape: features.shape,
    names: Array.from({length: samples.count}, (_, i) => ({
      name: samples.count === 1 ? source.name : `${source.name} #${i + 1}`,
      label: classIndex(labels?.[i] ?? null, classes, model.detection.classCount)
    })),
    pictures: pictures?.count === samples.count ? pictures : null
  }
}

/** Only the features of an input file, in the model's shape. */
export async function readSamples(source: ByteSource, model: LoadedModel, settings: Settings): Promise<Samples> {
  return arranged(source, await readFeatures(await opened(source)), model, settings)
}

// A sentence about one of many files has to say which.
async function opened(source: ByteSource): Promise<TensorArchive> {
  try {
    return await openArchive(source)
  } catch (error) {
    if (!(error instanceof FormatError) || error.message.startsWith(source.name)) throw error
    throw new FormatError(`${source.name}: ${error.message}`, {title: error.title, path: error.path})
  }
}

function arranged(source: ByteSource, features: TensorValues, model: LoadedModel, settings: Settings): Samples {
  try {
    return model.arrange(features, settings)
  } catch (error) {
    if (error instanceof ShapeError) throw new ShapeError(`${source.name}: ${error.message}`, error.title)
    throw error
  }
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

// A single label speaks for the whole file.
function labelsFor(count: number, name: string, labels: readonly Label[] | null): readonly Label[] | null {
  if (labels === null || labels.length === count) return labels
  if (labels.length === 1) return Array.from({length: count}, () => labels[0]!)
  throw new ShapeError(`${name}: found ${labels.length} labels for ${count} inputs; needed one for each`)
}

// A class name means an index only where the order of the classes is known.
function classIndex(label: Label | null, classes: readonly string[] | null, classCount: number | null): number | null {
  const index = typeof label === 'string' ? (classes?.indexOf(label) ?? -1) : (label ?? -1)
  const within = Number.isInteger(index) && index >= 0 && index < (classCount ?? Number.POSITIVE_INFINITY)
  return within ? index : null
}
