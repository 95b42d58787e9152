import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend} from '@tensorflow/tfjs-core'

/** Fills the free buffers of TensorFlow.js's pool with NaN, so that none hands out an earlier, correct answer. */
export function poisonPool(): void {
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
