import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend, tensor1d} from '@tensorflow/tfjs-core'
import type {Contender, Given} from './contender'

const code = /* wgsl */ `
@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4<f32>>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < arrayLength(&x)) { y[id.x] = x[id.x]; }
}`

/** As fast as a kernel can read its input once and write as much once: four floats per thread. The limit for ours. */
export async function copyKernel({x}: Given): Promise<Contender> {
  const {device, tensorMap, uploadToGPU} = bound(backend() as WebGPUBackend)
  const input = tensor1d(x)
  uploadToGPU(input.dataId)
  const from = tensorMap.get(input.dataId).resource as GPUBuffer
  const to = device.createBuffer({size: x.byteLength, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC})
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: {module: device.createShaderModule({code})}
  })
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [from, to].map((buffer, binding) => ({binding, resource: {buffer}}))
  })
  return {
    given: x.byteLength,
    run: async () => {
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      pass.dispatchWorkgroups(Math.ceil(x.length / 4 / 256))
      pass.end()
      device.queue.submit([encoder.finish()])
      await device.queue.onSubmittedWorkDone()
    },
    results: async () => ({copy: await read(device, to)}),
    clear: () => {},
    close: () => {
      to.destroy()
      input.dispose()
    }
  }
}

const bound = (own: WebGPUBackend) => ({
  device: own.device,
  tensorMap: own.tensorMap,
  uploadToGPU: (id: object) => own.uploadToGPU(id)
})

async function read(device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> {
  const staging = device.createBuffer({size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST})
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(GPUMapMode.READ)
  const values = new Float32Array(staging.getMappedRange().slice(0))
  staging.destroy()
  return values
}
