import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'

type BufferManager = WebGPUBackend['bufferManager']

/** Free bytes that survive a change of sizes: the small buffers that every run needs again. */
export const idleBytes = 2 ** 24
/** From here on a buffer counts: an upload fills a fresh one instead of a used one by way of a second. */
const large = 2 ** 20

/**
 * Where TensorFlow.js takes its buffers from, in place of its own manager, which keeps each buffer it ever made, by
 * exact size: inputs of 200 lengths would leave 200 of everything behind. Here a size that is not at hand sends the
 * free buffers of other sizes away first, so that a run never holds more than itself and `idleBytes`; runs of one size
 * find all their buffers again. `recording` tells whether commands wait that may still use a free buffer.
 */
export class DevicePool {
  /** By size and usage; the first has waited longest. */
  readonly freeBuffers = new Map<string, GPUBuffer[]>()
  readonly usedBuffers = new Set<GPUBuffer>()
  numBytesUsed = 0
  numBytesAllocated = 0
  private over = false

  constructor(
    private readonly device: GPUDevice,
    private readonly recording: () => boolean
  ) {}

  acquireBuffer(size: number, usage: GPUBufferUsageFlags, mappedAtCreation = false, reuse = true): GPUBuffer {
    const filled = mappedAtCreation && size >= large
    const buffer = (reuse && !filled && this.taken(keyOf(size, usage))) || this.made(size, usage, mappedAtCreation)
    this.usedBuffers.add(buffer)
    this.numBytesUsed += size
    return buffer
  }

  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    // Tensors that outlive a lost device are let go of after it.
    if (this.over) return
    if (!this.usedBuffers.delete(buffer)) throw new Error('device pool: a buffer came back that was not given out')
    this.numBytesUsed -= buffer.size
    if (reuse) this.keep(buffer)
    else this.destroyed(buffer)
  }

  /**
   * Sends free buffers away until at most `keep` bytes of them are left: large ones first, and among them those that
   * waited longest.
   */
  drain(keep = 0): void {
    if (this.recording()) return
    this.sendAway(keep, large)
    this.sendAway(keep, 0)
  }

  getNumUsedBuffers(): number {
    return this.usedBuffers.size
  }

  getNumFreeBuffers(): number {
    return [...this.freeBuffers.values()].reduce((sum, {length}) => sum + length, 0)
  }

  dispose(): void {
    this.over = true
    for (const buffer of [...this.usedBuffers, ...[...this.freeBuffers.values()].flat()]) buffer.destroy()
    this.usedBuffers.clear()
    this.freeBuffers.clear()
    this.numBytesUsed = 0
    this.numBytesAllocated = 0
  }

  private keep(buffer: GPUBuffer): void {
    const key = keyOf(buffer.size, buffer.usage)
    const free = this.freeBuffers.get(key) ?? []
    free.push(buffer)
    // Last again: this size is in use.
    this.freeBuffers.delete(key)
    this.freeBuffers.set(key, free)
  }

  private sendAway(keep: number, least: number): void {
    for (const [key, buffers] of this.freeBuffers) {
      if (buffers[0]!.size < least) continue
      while (buffers.length > 0 && this.numBytesAllocated - this.numBytesUsed > keep) this.destroyed(buffers.pop()!)
      if (buffers.length > 0) return
      this.freeBuffers.delete(key)
    }
  }

  private taken(key: string): GPUBuffer | undefined {
    const free = this.freeBuffers.get(key)
    const buffer = free?.pop()
    if (free?.length === 0) this.freeBuffers.delete(key)
    return buffer
  }

  private made(size: number, usage: GPUBufferUsageFlags, mappedAtCreation: boolean): GPUBuffer {
    this.makeRoom(keyOf(size, usage))
    // Throws where there is no memory for it, or no device any more.
    const buffer = this.device.createBuffer({size, usage, mappedAtCreation})
    this.numBytesAllocated += size
    return buffer
  }

  // A used buffer of the same size makes room alone: then this is a run like the last, which will ask for the rest.
  private makeRoom(key: string): void {
    if (this.recording()) return
    const twin = this.taken(key)
    if (twin) this.destroyed(twin)
    else this.drain(idleBytes)
  }

  private destroyed(buffer: GPUBuffer): void {
    this.numBytesAllocated -= buffer.size
    buffer.destroy()
  }
}

const keyOf = (size: number, usage: number) => `${size} ${usage}`

/** Puts a pool behind a backend that has not run anything yet. */
export function poolBehind(backend: WebGPUBackend): DevicePool {
  const pool = new DevicePool(backend.device, () => Reflect.get(backend, 'commandEncoder') !== null)
  backend.bufferManager = pool as unknown as BufferManager
  return pool
}
