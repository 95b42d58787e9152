import {
  clipByValue,
  div,
  stack,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  zerosLike
} from '@tensorflow/tfjs-core'
import {defineKernel} from './kernel'
import {
  type LayerOutput,
  type LayerShape,
  layerFormOnArrays,
  layerInputGradientOnArrays,
  layerParameterGradientOnArrays
} from './layerFormOnArrays'
import {layerFormOnDevice, layerInputGradientOnDevice, layerParameterGradientOnDevice} from './layerFormOnDevice'

export type {LayerOutput} from './layerFormOnArrays'

type Wanted = {readonly want: readonly LayerOutput[]}

/** What flows back through each output; where an output was not wanted, y stands in and is not read. */
const flows = ['y', 'parameters', 'density', 'standardised', 'deviation'] as const
type Flow = (typeof flows)[number]

const shapeOf = ([n = 0, heads = 0, layers = 0, features = 0]: readonly number[]): LayerShape => ({
  n,
  heads,
  layers,
  features
})

const forward = defineKernel<'y' | 'parameters', Wanted>({
  name: 'LayerForm',
  inputs: ['y', 'parameters'],
  shapes: ({y}, {want}) => want.map((name) => (name === 'deviation' ? [y[0]!, y[1]!, 1, y[3]!] : y)),
  onArrays: ({y, parameters}, outputs, {want}, shapes) =>
    layerFormOnArrays(y, parameters, named(want, outputs), shapeOf(shapes.y)),
  onDevice: (backend, {y, parameters}, outputs, {want}) =>
    layerFormOnDevice(backend, y, parameters, named(want, outputs), shapeOf(y.shape)),
  gradient: {
    save: ['y', 'parameters'],
    of: (flowing, [y, parameters], {want}) => {
      const given = {y: y!, parameters: parameters!}
      const back = named(want, flowing)
      const {density} = back
      return {
        y: () => inputGradient({density: y!, standardised: y!, deviation: y!, ...given, ...back}, {want})[0]!,
        // Each of these functions runs in a tidy of its own, so offset and sharpness get their gradients in one run only
        // because they are one tensor.
        parameters: () => (density ? parameterGradient({...given, density}, {})[0]! : zerosLike(parameters!))
      }
    }
  }
})

const inputGradient = defineKernel<Flow, Wanted>({
  name: 'LayerFormInputGradient',
  inputs: flows,
  shapes: ({y}) => [y],
  onArrays: (inputs, [to], {want}, shapes) =>
    layerInputGradientOnArrays(inputs.y, inputs.parameters, wantedOf(want, inputs), to!, shapeOf(shapes.y)),
  onDevice: (backend, inputs, [to], {want}) =>
    layerInputGradientOnDevice(backend, inputs.y, inputs.parameters, wantedOf(want, inputs), to!)
})

const parameterGradient = defineKernel<'y' | 'parameters' | 'density', object>({
  name: 'LayerFormParameterGradient',
  inputs: ['y', 'parameters', 'density'],
  shapes: ({parameters}) => [parameters],
  onArrays: ({y, parameters, density}, [to], _, shapes) =>
    layerParameterGradientOnArrays(y, parameters, density, to!, shapeOf(shapes.y)),
  onDevice: (backend, {y, parameters, density}, [to]) =>
    layerParameterGradientOnDevice(backend, y, parameters, density, to!)
})

/**
 * Density attention over each head's layers, y (n, heads, layers, features) read once (arXiv 2401.11143v4, Algorithm
 * 1): `density` exp(−((y − m − δ) / sqrt(v + ε))² / 2c), `standardised` (y − m) / sqrt(v + ε), both as y is, and
 * `deviation` sqrt(v + ε) (n, heads, 1, features), m and v the mean and biased variance over a head's layers.
 * `parameters` are those of `layerParameters`. Differentiable in both.
 */
export function layerForm<Want extends LayerOutput>(
  y: Tensor4D,
  parameters: Tensor3D,
  want: readonly Want[]
): Record<Want, Tensor> {
  return named(want, forward({y, parameters}, {want})) as Record<Want, Tensor>
}

/** Offsets δ and spreads c (heads, features) as the kernel takes them, δ and 1 / 2c: (2, heads, features). */
export function layerParameters(offset: Tensor2D, spread: Tensor2D): Tensor3D {
  return stack([offset, clipByValue(div(0.5, spread), -largest, largest)]) as Tensor as Tensor3D
}

/** The same from plain numbers, with 1 / 2c taken in float64; offset and spread of every head, (features) each. */
export function packLayerParameters(
  heads: readonly {readonly offset: Float32Array; readonly spread: Float32Array}[]
): Float32Array {
  const features = heads[0]!.offset.length
  const packed = new Float32Array(2 * heads.length * features)
  for (const [h, {offset, spread}] of heads.entries()) {
    packed.set(offset, h * features)
    packed.set(spread.map(sharpness), (heads.length + h) * features)
  }
  return packed
}

// Kept finite: in float32 a tiny c would give infinity, and infinity × 0 is no number. At c = 0 there is none in the
// published code either.
function sharpness(c: number): number {
  const exact = 1 / (2 * c)
  return c === 0 ? exact : Math.max(-largest, Math.min(exact, largest))
}

const largest = 3.4e38

const named = <Name extends string, T>(want: readonly Name[], items: readonly T[]) =>
  Object.fromEntries(want.map((name, i) => [name, items[i]!])) as Partial<Record<Name, T>>

const wantedOf = <T>(want: readonly LayerOutput[], inputs: Readonly<Record<Flow, T>>) =>
  Object.fromEntries(want.map((name) => [name, inputs[name]])) as Partial<Record<LayerOutput, T>>
