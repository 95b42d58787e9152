import {registerBackend, removeBackend, setBackend} from '@tensorflow/tfjs-core'

/**
 * What must be asked for, or the device gets the lowest common limits (128 MiB buffers) whatever the adapter can do.
 */
const limits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup'
] as const

/** A device of our own behind TensorFlow.js's WebGPU backend, which is then in force. Throws when it cannot be had. */
export async function startWebGPU(adapter: GPUAdapter): Promise<GPUDevice> {
  const {WebGPUBackend} = await import('@tensorflow/tfjs-backend-webgpu')
  const device = await adapter.requestDevice({
    requiredLimits: Object.fromEntries(limits.map((limit) => [limit, adapter.limits[limit]]))
  })
  removeBackend('webgpu')
  registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3)
  // False is an answer here: the stock backend fails without throwing, and every later operation would throw.
  if (!(await setBackend('webgpu'))) throw new Error('TensorFlow.js could not start on it')
  return device
}

/** The largest tensor the device takes, in bytes. Beyond it an allocation does not throw: it computes garbage. */
export const largestTensor = ({limits}: GPUDevice): number =>
  Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize)
