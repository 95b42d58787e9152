import {random} from '@/lib/core/random'
import type {PyramidParts} from './deformableTensors'
import {sizeOf} from './shape'

/** Of the twin that never learned. */
const seed = 1

/**
 * The same pyramid before training, from a fixed seed, as its code initialises it (LeapLabTHU/DAT, whose own reset does
 * nothing): weights and biases of convolutions and linear layers uniform within 1 / √(inputs of each output), norms 1
 * and 0, tables of positions normal with deviation 0.01 (of neighbourhoods 0.02), layer scales 10⁻⁵, our input adaptors
 * 0 and our offset ranges 2. Tensors are drawn in the order of their names.
 */
export function untrainedParts(parts: PyramidParts): PyramidParts {
  const values = new Map<string, Float32Array>()
  const draws = random(seed)
  for (const key of [...parts.values.keys()].sort()) {
    const shape = parts.shapes.get(key)!
    const fill = (of: () => number) => values.set(key, Float32Array.from({length: sizeOf(shape)}, of))
    const narrow = (deviation: number) => fill(() => Math.max(-2, Math.min(2, deviation * draws.normal())))
    if (key.endsWith('relative_position_index')) values.set(key, parts.values.get(key)!)
    else if (/(relative_position_bias_table|\.rpe_table)$/.test(key)) narrow(0.01)
    else if (key.endsWith('.rpb')) narrow(0.02)
    else if (key.endsWith('.input_adaptor')) fill(() => 0)
    else if (key.endsWith('.offset_range')) fill(() => 2)
    else if (/\.layer_scales\.\d+\.weight$/.test(key)) fill(() => 1e-5)
    else if (/\.norm\.(weight|bias)$/.test(key)) fill(() => (key.endsWith('weight') ? 1 : 0))
    else {
      const weight = parts.shapes.get(key.replace(/\.bias$/, '.weight')) ?? shape
      const bound = 1 / Math.sqrt(Math.max(1, sizeOf(weight.slice(1))))
      fill(() => bound * (2 * draws.next() - 1))
    }
  }
  return {...parts, values}
}
