import {ReaderError, ShapeError} from '@/lib/core/errors'
import type {Unusable} from '@/lib/explain/unusable'
import type {ByteSource} from '@/lib/formats/source'
import {AmbiguousLayout} from '@/lib/models/ambiguousLayout'
import {type InputFile, type InputReading, type InputSlice, openInputs, slicesOf} from './inputs'
import type {SamplePictures} from './protocol'

/** A slice, and where it stands among all inputs. */
export interface StreamedSlice extends InputSlice {
  readonly file: number
  readonly files: number
  readonly array: number
  readonly arrays: number
}

/** Inputs of any number of files as they are read, one slice in memory at a time. */
export interface InputStream {
  /** Throws AmbiguousLayout, what is wrong with an only array, and the first trouble where nothing can be used. */
  slices(): AsyncGenerator<StreamedSlice>
  /** What had to be left out so far; null while that is nothing. */
  unusable(): Unusable | null
  /** Of each file that was read to its end, its pictures; null where it has none for every input. */
  readonly pictures: readonly (SamplePictures | null)[]
}

/** How many of those left out are named. */
const mostNamed = 3

/**
 * Reads inputs file by file, array by array. What cannot be read, or does not fit the model or the first input, is left
 * out and counted: one bad file among thousands loses nothing but itself.
 */
export function inputStream(sources: readonly ByteSource[], reading: InputReading): InputStream {
  const pictures: (SamplePictures | null)[] = []
  const troubles: ReaderError[] = []
  let left = 0
  let parts = 0
  let several = false
  let first: InputSlice | null = null

  function leaveOut(error: unknown, only: boolean) {
    if (!(error instanceof ReaderError) || error instanceof AmbiguousLayout || only) throw error
    left += 1
    if (troubles.length < mostNamed) troubles.push(error)
  }

  async function opened(source: ByteSource): Promise<InputFile | null> {
    try {
      return await openInputs(source, reading.model)
    } catch (error) {
      parts += 1
      leaveOut(error, sources.length === 1)
      return null
    }
  }

  async function* slicesIn(file: InputFile, index: number): AsyncGenerator<StreamedSlice> {
    const {arrays} = file
    several ||= arrays.length > 1
    parts += arrays.length
    let inputs = 0
    for (const [array, own] of arrays.entries()) {
      try {
        for await (const slice of slicesOf(file, own, reading)) {
          first ??= slice
          checkShape(own.name, slice, first)
          yield {...slice, file: index, files: sources.length, array, arrays: arrays.length}
          inputs += slice.samples.count
        }
      } catch (error) {
        leaveOut(error, sources.length * arrays.length === 1)
      }
    }
    if (inputs > 0) pictures.push(file.pictures?.count === inputs ? file.pictures : null)
  }

  return {
    pictures,
    unusable: () =>
      left === 0
        ? null
        : {noun: several ? 'array' : 'file', count: left, of: parts, first: troubles.map(({message}) => message)},
    async *slices() {
      for (const [index, source] of sources.entries()) {
        const file = await opened(source)
        if (file) yield* slicesIn(file, index)
        source.release?.()
      }
      if (first === null && troubles[0]) throw troubles[0]
    }
  }
}

// Time is averaged away before this; what is left has to be the same in every input, or no mean exists.
function checkShape(name: string, slice: InputSlice, first: InputSlice): void {
  const [found, needed] = [slice, first].map(({samples: {sampleShape, beside = []}}) =>
    [sampleShape, ...beside.map(({shape}) => shape)].map((shape) => `(${shape.join(', ')})`).join(' with ')
  )
  if (found === needed) return
  throw new ShapeError(
    `${name} holds inputs of ${found}, ${first.place.source.name} of ${needed}; maps are averaged over inputs of one shape`
  )
}
