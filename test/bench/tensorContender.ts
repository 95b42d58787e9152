import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend, dispose, getBackend, type Tensor, tidy} from '@tensorflow/tfjs-core'
import type {Contender, Results} from './contender'

/**
 * A contender whose work is TensorFlow.js functions; `given` are the tensors it goes on needing, `read` how its results
 * come off the backend.
 */
export function tensorContender(
  given: readonly Tensor[],
  work: () => Record<string, Tensor>,
  read: (tensors: Record<string, Tensor>) => Promise<Results> = readEach
): Contender {
  let last: Record<string, Tensor> = {}
  const clear = () => {
    dispose(last)
    last = {}
  }
  return {
    given: given.reduce((bytes, {size}) => bytes + size * 4, 0),
    run: async () => {
      last = tidy(work)
      await idle()
    },
    results: () => read(last),
    clear,
    close: () => {
      clear()
      dispose([...given])
    }
  }
}

async function readEach(tensors: Record<string, Tensor>): Promise<Results> {
  const read: Record<string, Float32Array> = {}
  for (const [name, tensor] of Object.entries(tensors)) read[name] = await tensor.data<'float32'>()
  return read
}

/** Resolves when the backend in force has done all it was told. WASM and plain JavaScript have, once they return. */
export async function idle(): Promise<void> {
  if (getBackend() !== 'webgpu') return
  const device = backend() as WebGPUBackend
  // There is no encoder to submit when nothing is on its way, and the pass within it must have ended.
  device.ensureCommandEncoderReady()
  device.endComputePassEncoder()
  device.submitQueue()
  await device.queue.onSubmittedWorkDone()
}
