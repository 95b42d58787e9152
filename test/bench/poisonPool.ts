import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'

/** Fills every buffer that TensorFlow.js would hand out again with NaN, without a copy of it on our side. */
export function poisonPool({bufferManager, queue}: WebGPUBackend): void {
  const {freeBuffers} = bufferManager as unknown as {
    readonly freeBuffers: ReadonlyMap<string, readonly GPUBuffer[]>
  }
  const piece = new Float32Array(1 << 20).fill(Number.NaN)
  const needed = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
  for (const buffer of [...freeBuffers.values()].flat()) {
    if ((buffer.usage & needed) !== needed) continue
    for (let at = 0; at < buffer.size; at += piece.byteLength) {
      queue.writeBuffer(buffer, at, piece, 0, Math.min(piece.byteLength, buffer.size - at) / 4)
    }
  }
}
