import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend, env} from '@tensorflow/tfjs-core'
import {forwardCases} from '../models/forward.cases'

// Broken kernels throw nothing, and the pool may hand them a buffer that still holds the right answer: fill the pool
// with NaN between two runs of the same input, and keep small tensors from being computed on the processor.
forwardCases('webgpu', {setUp: () => env().set('WEBGPU_CPU_FORWARD', false), poison: poisonPool})

function poisonPool(): void {
  const {bufferManager, queue} = backend() as WebGPUBackend
  const free = (bufferManager as unknown as {readonly freeBuffers: ReadonlyMap<string, readonly GPUBuffer[]>})
    .freeBuffers
  let poisoned = 0
  for (const buffer of [...free.values()].flat()) {
    const {STORAGE, COPY_DST} = GPUBufferUsage
    if ((buffer.usage & (STORAGE | COPY_DST)) !== (STORAGE | COPY_DST)) continue
    queue.writeBuffer(buffer, 0, new Float32Array(buffer.size / 4).fill(Number.NaN))
    poisoned++
  }
  if (poisoned === 0) throw new Error('the pool held no buffer to poison')
}
