import {ShapeError} from '@/lib/core/errors'
import type {TensorValues} from '@/lib/formats/archive'
import type {MapPlane, SampleArray, Samples, Settings} from './family'
import {squarestFold} from './mapFold'
import {sameShape, shapeText, sizeOf, toFloat32} from './shape'
import {itemWidth, type StackParts} from './stackedParts'

/** The arrays that one input is made of, the first of which counts the inputs. */
export const stackedInputNames = ({streams}: StackParts): readonly string[] => [
  'regions',
  'question',
  ...streams.slice(1).map(({name}) => name)
]

/**
 * How many inputs regions of this shape are: (inputs, regions, width), or (regions, width) for one. Throws ShapeError,
 * for a single region too: attention over one is 1 whatever was learned.
 */
export function countStacked(shape: readonly number[], parts: StackParts): number {
  const width = itemWidth(parts.streams[0]!)
  if (shape.length < 2 || shape.length > 3 || shape.at(-1) !== width || sizeOf(shape) === 0)
    throw new ShapeError(
      `the regions are ${shapeText(shape)}; (inputs, regions, ${width}) is needed, or one input without the first axis`
    )
  if (shape.at(-2) === 1)
    throw new ShapeError(
      `the regions are ${shapeText(shape)}, one for each input; two or more are needed, because attention over one is always 1`
    )
  return shape.length === 3 ? shape[0]! : 1
}

/** Checks regions and what stands beside them. Throws ShapeError naming what was found and what is needed. */
export function arrangeStacked(
  regions: TensorValues,
  beside: ReadonlyMap<string, TensorValues>,
  parts: StackParts
): Samples {
  const count = countStacked(regions.shape, parts)
  const batch = regions.shape.length === 3 ? [count] : []
  const taken = (name: string, sample: readonly (number | null)[]): SampleArray => {
    const found = beside.get(name)
    const needed = `(${[...batch, ...sample.map((size) => size ?? name)].join(', ')})`
    if (!found)
      throw new ShapeError(`found regions ${shapeText(regions.shape)} and no ${name}; ${name} ${needed} is needed`)
    const shape = found.shape.slice(batch.length)
    const fits =
      sameShape(found.shape.slice(0, batch.length), batch) &&
      shape.length === sample.length &&
      shape.every((size, i) => size > 0 && size === (sample[i] ?? size))
    if (!fits)
      throw new ShapeError(
        `${name} is ${shapeText(found.shape)} beside regions ${shapeText(regions.shape)}; ${needed} is needed`
      )
    return {name, shape, values: toFloat32(found.values)}
  }
  const [, words] = parts.streams
  const arrays = [taken('question', [parts.state]), ...(words ? [taken('words', [null, itemWidth(words)])] : [])]
  const others = arrays.map(({name, shape}) => `${name} ${shapeText(shape)}`)
  return {
    count,
    sampleShape: regions.shape.slice(-2),
    values: toFloat32(regions.values),
    beside: arrays,
    reading: `${shapeText(regions.shape)} read as ${batch.length > 0 ? 'batch, ' : ''}regions, features; beside them ${others.join(' and ')}`
  }
}

/**
 * How regions lie on the picture: by `settings.map`, else as a square, else as the most square grid that holds them.
 * Throws ShapeError when the setting lays out another number.
 */
export function regionPlane(regions: number, words: number | null, {map}: Settings): MapPlane {
  if (map && map[0] * map[1] !== regions)
    throw new ShapeError(
      `a map of ${map[0]} × ${map[1]} has ${map[0] * map[1]} places; the inputs have ${regions} regions`
    )
  const [down, across] = map ?? squarestFold(regions)
  return {
    height: down,
    width: across,
    downName: 'row',
    acrossName: 'column',
    ...(words === null ? {} : {after: Array.from({length: words}, (_, i) => `word ${i + 1}`)})
  }
}
