import type {Tensor} from '@tensorflow/tfjs-core'
import type {Remainder} from '../blockAxes'
import type {BlockFormName} from '../blockForm'
import type {DevicePathName} from './devicePath'
import {defineKernel} from './kernel'
import {mixtureGradient} from './mixtureGradient'
import {type MixtureArrays, mixtureOnArrays} from './mixtureOnArrays'
import {type MixtureTensors, mixtureOnDevice} from './mixtureOnDevice'
import {columnsOf, type MixtureShape, mixtureShape} from './mixtureShape'

export const mixtureOutputs = ['output', 'weights', 'standardised', 'deviation', 'map', 'standardisedMap'] as const

/**
 * `output`: x × weights, and padding as it was. `weights`: they sum to one along the axis in each head where the clamp
 * is idle. `standardised`: (x − m) / sqrt(v + ε), v unbiased. `deviation`: sqrt(v + ε), one per head along the axis.
 * `map` and `standardisedMap`: means of weights and of standardised values over all axes but the first, the normalised
 * and the column, (n, items that heads own, columns).
 */
export type MixtureOutput = (typeof mixtureOutputs)[number]

export interface MixtureOptions<Wanted extends MixtureOutput = MixtureOutput> {
  readonly form: BlockFormName
  readonly axis: number
  readonly heads: number
  /** Who owns what is left after equal chunks. Default the last head. */
  readonly remainder?: Remainder
  /** The value that marks padding; default none. */
  readonly padding?: number | null
  /** What is computed: nothing else takes time or room. */
  readonly want: readonly Wanted[]
  /** The axis that maps have across: the one before the normalised axis, or the last; null for none. */
  readonly column?: number | null
  /** Whether the parameters are known to be `moderate`, which spares a step. Default no. */
  readonly moderate?: boolean
  /** Another path than the device would take. */
  readonly path?: DevicePathName
}

type Attributes = Omit<MixtureOptions, 'path'> & {readonly path?: DevicePathName | undefined}

/**
 * Density attention by mixtures of Gaussians along any axis of x, each head on its own chunk
 * (Gaussian-Adaptive-Attention, GaussianBlock), in one pass over x. `parameters` is (heads, numbers), from
 * `packParameters` or `mixtureParameters`. Gradients flow to both through `output` and `weights`, and through nothing
 * else. Throws ShapeError when the axis is shorter than there are heads, ReaderError when the device takes no tensor
 * this large.
 */
export function mixture<Wanted extends MixtureOutput>(
  x: Tensor,
  parameters: Tensor,
  options: MixtureOptions<Wanted>
): Record<Wanted, Tensor> {
  const results = run({x, parameters}, options)
  return Object.fromEntries(options.want.map((name, i) => [name, results[i]!])) as Record<Wanted, Tensor>
}

const run = defineKernel<'x' | 'parameters', Attributes>({
  name: 'MixtureAttention',
  inputs: ['x', 'parameters'],
  shapes: ({x}, options) => {
    const shape = shapeOf(x, options)
    return options.want.map((name) => outputShape(name, x, shape, options.axis))
  },
  onArrays: ({x, parameters}, outputs, options, shapes) => {
    const to = named(outputs, options)
    const {output = null, weights = null, standardised = null, deviation = null} = to
    const {map = null, standardisedMap = null} = to
    const arrays: MixtureArrays = {output, weights, standardised, deviation, map, standardisedMap}
    mixtureOnArrays(x, parameters, arrays, shapeOf(shapes.x, options), options.form, options.padding ?? null)
  },
  onDevice: (backend, {x, parameters}, outputs, options) => {
    const {form, padding = null, moderate = false, path} = options
    const gaussians = form === 'product' ? 1 : parameters.shape[1]! / 3
    const shape = shapeOf(x.shape, options)
    const to: MixtureTensors = named(outputs, options)
    mixtureOnDevice(backend, {x, parameters, shape, form, gaussians, moderate, padding, path}, to)
  },
  gradient: {
    save: ['x', 'parameters'],
    of: (flowing, [x, parameters], options) => ({
      x: () => gradients(flowing, x!, parameters!, options).x,
      parameters: () => gradients(flowing, x!, parameters!, options).parameters
    })
  }
})

function gradients(flowing: readonly Tensor[], x: Tensor, parameters: Tensor, options: Attributes) {
  const {output: toOutput, weights: toWeights} = named(flowing, options)
  const again = mixture(x, parameters, {...options, want: ['weights', 'standardised', 'deviation']} as MixtureOptions)
  return mixtureGradient({x, parameters, ...again, toOutput, toWeights}, options)
}

const named = <T>(outputs: readonly T[], {want}: Attributes): Partial<Record<MixtureOutput, T>> =>
  Object.fromEntries(want.map((name, i) => [name, outputs[i]!]))

function shapeOf(shape: readonly number[], {column, want, ...options}: Attributes): MixtureShape {
  const maps = want.includes('map') || want.includes('standardisedMap')
  return mixtureShape(shape, {...options, ...(maps ? {column: column ?? null} : {})})
}

function outputShape(name: MixtureOutput, x: readonly number[], shape: MixtureShape, axis: number): number[] {
  if (name === 'map' || name === 'standardisedMap') return [shape.batch, shape.owned, columnsOf(shape)]
  const length = name === 'deviation' ? shape.heads : shape.owned
  return x.map((size, i) => (i === axis ? length : size))
}
