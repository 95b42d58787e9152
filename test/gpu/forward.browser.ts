import {env} from '@tensorflow/tfjs-core'
import {forwardCases} from '../models/forward.cases'
import {poisonPool} from './poisonPool'

// Broken kernels throw nothing, and the pool may hand them a buffer that still holds the right answer: fill the pool
// with NaN between two runs of the same input, and keep small tensors from being computed on the processor.
forwardCases('webgpu', {setUp: () => env().set('WEBGPU_CPU_FORWARD', false), poison: poisonPool})
