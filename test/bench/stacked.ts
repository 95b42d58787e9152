// The stock graph takes more operations than the app carries.
import {quantile} from '@/lib/core/statistics'
import '../gpu/wholeBackends'
import {engine, randomNormal, randomUniform, type Tensor2D, type Tensor3D, tidy} from '@tensorflow/tfjs-core'
import {type BackendName, openBackend} from '@/lib/models/backend'
import {type LinearTensors, type StackInput, type StackTensors, stackForward} from '@/lib/models/stackedForward'
import {composedHops, composedStack} from './composedStack'

export interface StackedSize {
  readonly inputs: number
  readonly hops: number
  readonly regions: number
  /** Of a region, of the state and of the latent states. */
  readonly width: number
  readonly answers: number
}

export interface StackedTimes extends StackedSize {
  readonly backend: BackendName
  /** Medians, ms. */
  readonly ours: number
  readonly stock: number
  /** Largest difference of their logits. */
  readonly apart: number
}

/** A forward pass of stacked latent attention as the app runs it and as one graph of stock functions, in turn. */
export async function measureStacked(backend: BackendName, size: StackedSize, rounds: number): Promise<StackedTimes> {
  await openBackend(backend)
  // Everything below is let go of at its end.
  engine().startScope()
  const [stack, input] = [randomStack(size), randomInput(size)]
  const hops = composedHops(stack)
  const contenders = {
    ours: () => stackForward(stack, input).logits!,
    stock: () => composedStack(stack, hops, input)
  }
  const took: Record<keyof typeof contenders, number[]> = {ours: [], stock: []}
  const last: Record<keyof typeof contenders, Float32Array> = {ours: new Float32Array(), stock: new Float32Array()}
  // The first round compiles.
  for (let round = 0; round <= rounds; round++)
    for (const name of ['ours', 'stock'] as const) {
      const began = performance.now()
      const logits: Tensor2D = tidy(contenders[name])
      last[name] = (await logits.data()) as Float32Array
      if (round > 0) took[name].push(performance.now() - began)
      logits.dispose()
    }
  engine().endScope()
  return {
    ...size,
    backend,
    ours: quantile(took.ours, 0.5),
    stock: quantile(took.stock, 0.5),
    apart: last.ours.reduce((most, value, i) => Math.max(most, Math.abs(value - last.stock[i]!)), 0)
  }
}

/** As PyTorch's `Linear` begins: uniform within ±1 / √inputs. */
function randomLinear(inputs: number, outputs: number, seed: number): LinearTensors {
  const bound = 1 / Math.sqrt(inputs)
  return {
    weight: randomUniform([inputs, outputs], -bound, bound, 'float32', seed) as Tensor2D,
    bias: randomUniform([outputs], -bound, bound, 'float32', seed + 1)
  }
}

function randomStack({hops, width, answers}: StackedSize): StackTensors {
  let seed = 1
  const linear = (outputs: number) => {
    seed += 2
    return randomLinear(width, outputs, seed)
  }
  const [state, latent] = [linear(answers), linear(answers)]
  return {
    form: 'paper',
    latent: true,
    streams: [
      {
        name: 'regions',
        projection: null,
        hops: Array.from({length: hops}, (_, hop) => ({
          look: linear(width),
          ask: linear(width),
          carry: hop === 0 ? null : linear(width),
          point: linear(1)
        }))
      }
    ],
    answer: {weights: [state.weight, latent.weight], bias: state.bias}
  }
}

const randomInput = ({inputs, regions, width}: StackedSize): StackInput => ({
  items: [randomNormal([inputs, regions, width], 0, 1, 'float32', 101) as Tensor3D],
  question: randomNormal([inputs, width], 0, 1, 'float32', 102) as Tensor2D
})
