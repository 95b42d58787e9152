import type {Tensor, Tensor1D, Tensor2D, Tensor3D} from '@tensorflow/tfjs-core'
import type {DevicePathName} from './devicePath'
import {type GateAttributes, gateFormOnArrays, gateShape} from './gateFormOnArrays'
import {gateFormOnDevice} from './gateFormOnDevice'
import {defineKernel} from './kernel'

export interface GateOptions {
  /** Whether x is (n, channels, positions), else (n, positions, channels). */
  readonly channelsFirst: boolean
  /** Added to σ times the deviation before anything is divided by it. */
  readonly guard: number
  readonly path?: DevicePathName | undefined
}

export interface GateTensors {
  readonly x: Tensor3D
  /** (channels) */
  readonly projection: Tensor1D
  /** δ, σ and height of each Gaussian (K, 3). */
  readonly components: Tensor2D
  /** (n, positions): 0 leaves a position out of the statistics. Null where all count. */
  readonly mask: Tensor2D | null
}

export type GateForm = {
  /** Sum of the K curves (n, positions). */
  gate: Tensor
  /** (p − m) / sqrt(v) of the projected channel p (n, positions). */
  standardised: Tensor
  /** sqrt(v), v at least 10⁻⁶ (n, 1). */
  deviation: Tensor
}

const kernel = defineKernel<
  'x' | 'projection' | 'components' | 'mask',
  GateAttributes & {readonly path?: DevicePathName | undefined}
>({
  name: 'GateForm',
  inputs: ['x', 'projection', 'components', 'mask'],
  shapes: ({x}, attributes) => {
    const {n, positions} = gateShape(x, attributes)
    return [
      [n, positions],
      [n, positions],
      [n, 1]
    ]
  },
  onArrays: (inputs, [gate, standardised, deviation], attributes, shapes) =>
    gateFormOnArrays(
      inputs,
      {gate: gate!, standardised: standardised!, deviation: deviation!},
      gateShape(shapes.x, attributes),
      attributes
    ),
  onDevice: (backend, inputs, [gate, standardised, deviation], {path, ...attributes}) =>
    gateFormOnDevice(
      backend,
      inputs,
      {gate: gate!, standardised: standardised!, deviation: deviation!},
      attributes,
      path
    )
})

/**
 * A density gate (Density-Adaptive-JEPA, GAttnGateG): one channel is projected from x, standardised over the positions
 * with the biased variance, and given the sum of K curves of height exp(−((p − m − δ) / (σ sqrt(v) + guard))² / 2).
 */
export function gateForm({x, projection, components, mask}: GateTensors, options: GateOptions): GateForm {
  // Every input is there on every call; one that is not meant is not read.
  const inputs = {x, projection, components, mask: mask ?? projection}
  const [gate, standardised, deviation] = kernel(inputs, {...options, masked: mask !== null})
  return {gate: gate!, standardised: standardised!, deviation: deviation!}
}
