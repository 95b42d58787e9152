import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend, type TensorInfo, tensor1d} from '@tensorflow/tfjs-core'
import {allocate} from '@/lib/models/kernels/dispatch'
import type {Contender, Given} from './contender'

const code = /* wgsl */ `
@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4<f32>>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < arrayLength(&x)) { y[id.x] = x[id.x]; }
}`

/**
 * As fast as a kernel can read its input once and write as much once: four floats per thread. The limit for ours, and
 * like ours it takes its output from the backend's pool for each run, and gives it back after.
 */
export async function copyKernel({x}: Given): Promise<Contender> {
  const own = backend() as WebGPUBackend
  const {device} = own
  const input = tensor1d(x)
  own.uploadToGPU(input.dataId)
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: {module: device.createShaderModule({code})}
  })
  let output: TensorInfo | null = null
  const bufferOf = ({dataId}: TensorInfo) => own.tensorMap.get(dataId).resource as GPUBuffer
  const clear = () => {
    if (output) own.disposeData(output.dataId)
    output = null
  }
  return {
    given: x.byteLength,
    run: async () => {
      output = allocate(own, [x.length])
      const group = device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [input, output].map((tensor, binding) => ({binding, resource: {buffer: bufferOf(tensor)}}))
      })
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(Math.ceil(x.length / 4 / 256))
      pass.end()
      device.queue.submit([encoder.finish()])
      await device.queue.onSubmittedWorkDone()
    },
    results: async () => ({copy: await read(device, bufferOf(output!), x.byteLength)}),
    clear,
    close: () => {
      clear()
      input.dispose()
    }
  }
}

async function read(device: GPUDevice, buffer: GPUBuffer, size: number): Promise<Float32Array> {
  const staging = device.createBuffer({size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST})
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(GPUMapMode.READ)
  const values = new Float32Array(staging.getMappedRange().slice(0))
  staging.destroy()
  return values
}
