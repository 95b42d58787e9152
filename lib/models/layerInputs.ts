import {ShapeError} from '@/lib/core/errors'
import type {TensorValues} from '@/lib/formats/archive'
import {AmbiguousLayout} from './ambiguousLayout'
import type {Samples, Settings} from './family'
import {shapeText, sizeOf, toFloat32} from './shape'

/** What the model says about its own input. */
export interface LayerCounts {
  /** Null when only the input can tell. */
  readonly layers: number | null
  /** Each head owns an equal block of layers. */
  readonly heads: number
  readonly features: number
}

/** An input's axes once they have names. Memory order is always batch, layers, time, features. */
interface Reading {
  readonly batch: number
  readonly layers: number
  readonly time: number
  /** The axes as the file has them. */
  readonly names: string
}

/**
 * Hidden states as samples of (layers, features), time averaged as the published models average it.
 * Takes (layers, features), (layers, time, features), (batch, layers, features), (batch, layers, time, features),
 * (batch, layers, 1, time, features) and one utterance as the authors saved it, (layers, 1, time, features).
 * Throws ShapeError naming both shapes, AmbiguousLayout when two readings fit and `layout` does not say which.
 */
export async function arrangeLayers(input: TensorValues, counts: LayerCounts, {layout}: Settings): Promise<Samples> {
  const reading = read(input.shape, counts, layout)
  const {batch, layers, time, names} = reading
  const averaged = time > 1 ? '; time averaged' : ''
  // Most files of features come averaged.
  const {averageTime} = time > 1 ? await import('./averageTime') : {averageTime: null}
  return {
    count: batch,
    sampleShape: [layers, counts.features],
    values:
      averageTime === null
        ? toFloat32(input.values)
        : await averageTime(input.values, {outer: batch * layers, time, inner: counts.features}),
    reading: `${shapeText(input.shape)} read as ${names}${averaged}`
  }
}

/** How many samples an array of this shape holds. Throws as `arrangeLayers` does. */
export const countLayers = (shape: readonly number[], counts: LayerCounts, {layout}: Settings): number =>
  read(shape, counts, layout).batch

function read(shape: readonly number[], counts: LayerCounts, layout: Settings['layout']): Reading {
  const readings = shape.at(-1) === counts.features && sizeOf(shape) > 0 ? possible(shape, counts) : []
  const asked = readings.length > 1 && layout ? readings.filter(({kind}) => kind === layout) : readings
  if (asked.length === 1) return asked[0]!
  if (asked.length === 0) throw new ShapeError(misfit(shape, counts))
  const [batch, time] = asked as [Possible, Possible]
  throw new AmbiguousLayout(`${shapeText(shape)} fits both (batch, layers, features) and (layers, time, features)`, {
    batch: `${batch.batch} inputs of ${batch.layers} layers`,
    time: `one input of ${time.layers} layers and ${time.time} time steps`
  })
}

type Possible = Reading & {readonly kind: 'batch' | 'time'}

function possible(shape: readonly number[], counts: LayerCounts): Possible[] {
  const [a = 0, b = 0, c = 0, d = 0] = shape
  const fits = (layers: number) => (counts.layers === null ? layers % counts.heads === 0 : layers === counts.layers)
  const found: (Possible | false)[] = []
  if (shape.length === 2) found.push(fits(a) && {kind: 'time', batch: 1, layers: a, time: 1, names: 'layers, features'})
  if (shape.length === 3) {
    // One layer is no model to compare layers in, so with the count unknown it is not the reading that is meant.
    const one = (layers: number, other: number) => counts.layers === null && layers === 1 && other > 1
    found.push(
      fits(b) && !one(b, a) && {kind: 'batch', batch: a, layers: b, time: 1, names: 'batch, layers, features'},
      fits(a) && !one(a, b) && {kind: 'time', batch: 1, layers: a, time: b, names: 'layers, time, features'}
    )
  }
  if (shape.length === 4) {
    const utterance = b === 1 && counts.layers !== 1 && fits(a)
    found.push(
      fits(b) && !utterance && {kind: 'batch', batch: a, layers: b, time: c, names: 'batch, layers, time, features'},
      utterance && {kind: 'time', batch: 1, layers: a, time: c, names: 'layers, 1, time, features'}
    )
  }
  if (shape.length === 5 && c === 1)
    found.push(fits(b) && {kind: 'batch', batch: a, layers: b, time: d, names: 'batch, layers, 1, time, features'})
  return found.filter((reading) => reading !== false)
}

function misfit(shape: readonly number[], {layers, heads, features}: LayerCounts): string {
  const wanted = layers ?? (heads === 1 ? 'layers' : `a multiple of ${heads} layers`)
  const core = `(${wanted}, ${features})`
  const longer = `(${wanted}, time, ${features}), (batch, ${wanted}, time, ${features})`
  const found = sizeOf(shape) === 0 ? `${shapeText(shape)}, which is empty` : shapeText(shape)
  return `the inputs are ${found}; the checkpoint needs ${core}, alone or as ${longer} or (batch, ${wanted}, 1, time, ${features})`
}
