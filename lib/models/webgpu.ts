import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {registerBackend, removeBackend, setBackend} from '@tensorflow/tfjs-core'
import {type DeviceMemory, meterDevice} from './deviceMemory'
import {poolBehind} from './devicePool'
import {stockWebGPU} from './stock/stock'

/** What a kernel asks of the device before it chooses its path. */
export interface DeviceTraits {
  readonly device: GPUDevice
  /** It runs on the processor, where a barrier costs more than the sums it saves. */
  readonly software: boolean
  /** How many invocations a subgroup may hold; null where shaders may not use them, or the browser hides the sizes. */
  readonly subgroups: {readonly min: number; readonly max: number} | null
  readonly limits: GPUSupportedLimits
  readonly memory: DeviceMemory
  /** Hands every waiting command to the device, and sends buffers that nothing uses away down to `keep` bytes. */
  settle(keep?: number): void
}

/**
 * What must be asked for, or the device gets the lowest common limits (128 MiB buffers) whatever the adapter can do.
 */
const limits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
  'maxTextureDimension2D'
] as const

/** What is worth having: sums without barriers, time on the device's own clock, and TensorFlow.js's canvas format. */
const features = ['subgroups', 'timestamp-query', 'bgra8unorm-storage'] as const

/** A device of our own behind TensorFlow.js's WebGPU backend, which is then in force. Throws when it cannot be had. */
export async function startWebGPU(adapter: GPUAdapter, software: boolean): Promise<DeviceTraits> {
  const {WebGPUBackend} = await stockWebGPU()
  const device = await requestDevice(adapter)
  try {
    const memory = meterDevice(device)
    const backend = new WebGPUBackend(device, adapter.info)
    const pool = poolBehind(backend)
    removeBackend('webgpu')
    registerBackend('webgpu', () => backend, 3)
    // False is an answer here: the stock backend fails without throwing, and every later operation would throw.
    if (!(await setBackend('webgpu'))) throw new Error('TensorFlow.js could not start on it')
    return {
      device,
      software,
      subgroups: subgroupsOf(device, adapter),
      limits: device.limits,
      memory,
      settle(keep) {
        submit(backend)
        pool.drain(keep)
      }
    }
  } catch (error) {
    device.destroy()
    throw error
  }
}

/** Hands the commands that a backend has recorded so far to the device. */
export function submit(backend: WebGPUBackend): void {
  backend.ensureCommandEncoderReady()
  backend.endComputePassEncoder()
  backend.submitQueue()
}

// A driver may refuse what its adapter has just offered; the models run with neither, only slower and smaller.
async function requestDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const offered = features.filter((feature) => adapter.features.has(feature))
  const requiredLimits = Object.fromEntries(
    limits.flatMap((limit) => (typeof adapter.limits[limit] === 'number' ? [[limit, adapter.limits[limit]]] : []))
  )
  const wishes: readonly GPUDeviceDescriptor[] = [{requiredFeatures: offered, requiredLimits}, {requiredLimits}, {}]
  let refused: unknown
  for (const wish of wishes) {
    try {
      return await adapter.requestDevice(wish)
    } catch (error) {
      refused ??= error
    }
  }
  throw refused
}

// Some browsers have the feature and hide the sizes, without which a kernel cannot know its lanes.
function subgroupsOf(device: GPUDevice, {info}: GPUAdapter): DeviceTraits['subgroups'] {
  const {subgroupMinSize: min = 0, subgroupMaxSize: max = 0} = info ?? {}
  return device.features.has('subgroups') && min > 0 && max >= min ? {min, max} : null
}

/** The largest tensor the device takes, in bytes. Beyond it an allocation does not throw: it computes garbage. */
export const largestTensor = ({limits}: GPUDevice): number =>
  Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
