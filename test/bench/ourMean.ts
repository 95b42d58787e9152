import {tensor3d} from '@tensorflow/tfjs-core'
import {meanOverTime} from '@/lib/models/kernels/meanOverTime'
import {readBack} from '@/lib/models/readBack'
import type {MixtureCase} from './cases'
import type {Contender, Given} from './contender'
import {tensorContender} from './tensorContender'

/** Our mean over time on the backend in force. */
export function ourMean({case: its, x}: Given): Contender {
  const [, layers, time, features] = (its as MixtureCase).shape
  const input = tensor3d(x, [layers, time, features])
  return tensorContender([input], () => ({mean: meanOverTime(input)}), readBack)
}
