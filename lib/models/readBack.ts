import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend, dispose, type Tensor} from '@tensorflow/tfjs-core'
import {backendInForce} from './backend'
import {submit} from './webgpu'

/** Bytes on their way from a device at once. */
const pieceBytes = 2 ** 23

/** Copies named tensors off the backend and lets go of them, each as soon as it is read, whatever happens. */
export async function readBack<K extends string>(tensors: Record<K, Tensor>): Promise<Record<K, Float32Array>> {
  const read: [string, Float32Array][] = []
  try {
    for (const [name, tensor] of Object.entries<Tensor>(tensors)) {
      read.push([name, await numbersOf(tensor)])
      dispose(tensor)
    }
    return Object.fromEntries(read) as Record<K, Float32Array>
  } finally {
    dispose(tensors)
  }
}

function numbersOf(tensor: Tensor): Promise<Float32Array> {
  // The stock read holds a second buffer of the tensor's own size on the device meanwhile.
  const large = backendInForce().gpu !== null && tensor.size * 4 > pieceBytes
  return large ? inPieces(tensor) : tensor.data<'float32'>()
}

async function inPieces(tensor: Tensor): Promise<Float32Array> {
  const gpu = backend() as WebGPUBackend
  const {resource} = gpu.tensorMap.get(tensor.dataId)
  if (!(resource instanceof GPUBuffer)) return tensor.data<'float32'>()
  submit(gpu)
  const values = new Float32Array(tensor.size)
  const piece = gpu.bufferManager.acquireBuffer(pieceBytes, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ)
  try {
    for (let at = 0; at < values.length; at += pieceBytes / 4) {
      const part = values.subarray(at, at + pieceBytes / 4)
      const encoder = gpu.device.createCommandEncoder()
      encoder.copyBufferToBuffer(resource, at * 4, piece, 0, part.byteLength)
      gpu.queue.submit([encoder.finish()])
      await piece.mapAsync(GPUMapMode.READ, 0, part.byteLength)
      part.set(new Float32Array(piece.getMappedRange(0, part.byteLength)))
      piece.unmap()
    }
  } finally {
    gpu.bufferManager.releaseBuffer(piece)
  }
  return values
}
