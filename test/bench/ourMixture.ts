import {reshape, type Tensor, tensor} from '@tensorflow/tfjs-core'
import {componentHead} from '@/lib/models/headParameters'
import type {DevicePathName} from '@/lib/models/kernels/devicePath'
import {type MixtureOutput, mixture} from '@/lib/models/kernels/mixture'
import {isModerate, packParameters} from '@/lib/models/kernels/mixtureParameters'
import {readBack} from '@/lib/models/readBack'
import type {MixtureCase} from './cases'
import type {Contender, Given} from './contender'
import {tensorContender} from './tensorContender'

interface Wish {
  /** Of (layers, time, features). */
  readonly axis: 0 | 1 | 2
  /** Also the mean of the weights over time, in the same pass. */
  readonly importance?: boolean
  readonly path?: DevicePathName
}

/** Our kernel on the backend in force; the results are named after the axis. */
export function ourMixture({case: its, x}: Given, {axis, importance = false, path}: Wish): Contender {
  const {shape, gaussians} = its as MixtureCase
  const {heads, components, offset, spread} = gaussians
  const input = tensor(x, shape.slice(1))
  const own = (values: Float32Array, head: number) => values.subarray(head * components, (head + 1) * components)
  const packed = packParameters(
    'product',
    Array.from({length: heads}, (_, head) =>
      componentHead({head, blockLayer: 0, offset: own(offset, head), spread: own(spread, head)})
    )
  )
  const parameters = tensor(packed, [heads, 4])
  const want: readonly MixtureOutput[] = importance ? ['output', 'map'] : ['output']
  const work = () => {
    const {output, map} = mixture(input, parameters, {
      form: 'product',
      axis,
      heads,
      want,
      column: null,
      moderate: isModerate('product', packed),
      ...(path ? {path} : {})
    }) as Record<'output' | 'map', Tensor>
    const name = (['overLayers', 'overTime', 'output'] as const)[axis]
    return {[name]: output, ...(importance ? {importance: reshape(map, [shape[1], shape[3]])} : {})}
  }
  return tensorContender([input, parameters], work, readBack)
}
