import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import type {TensorInfo} from '@tensorflow/tfjs-core'
import {ReaderError} from '@/lib/core/errors'
import {shapeText, sizeOf} from '../shape'
import {largestTensor} from '../webgpu'

// TensorFlow.js's own way to run a program knows one output, no directives and no uniforms of ours, so ours are
// submitted beside it, on its device and on its buffers.

/** A storage buffer as a program sees it. */
export interface Binding {
  readonly name: string
  /** What it is an array of. */
  readonly element: 'f32' | 'vec4<f32>' | 'mat4x4<f32>' | 'u32'
  readonly writes?: boolean
}

/** A compute program in WGSL. */
export interface Program {
  /** Tells the program from every other: its name and whatever shaped its code. */
  readonly key: string
  readonly workgroup: number
  readonly bindings: readonly Binding[]
  /** Read in the code as `u.name`. */
  readonly uniforms?: readonly string[]
  /** The same for floats, after the whole numbers. */
  readonly floats?: readonly string[]
  readonly subgroups?: boolean
  /**
   * Declares `fn run(group: u32, lane: u32)`: the workgroup's number and the invocation's within it. There may be more
   * workgroups than were asked for. `lane_` is the same as `lane`, for functions below; `missing()` is NaN.
   */
  code(): string
}

export interface Pass {
  readonly program: Program
  /** In the order of the program's bindings. */
  readonly buffers: readonly TensorInfo[]
  readonly uniforms?: Readonly<Record<string, number>>
  readonly workgroups: number
}

/** Room on the device. Throws ReaderError when it is more than the device takes: the device would not say so. */
export function allocate(
  backend: WebGPUBackend,
  shape: readonly number[],
  dtype: 'float32' | 'int32' = 'float32'
): TensorInfo {
  const bytes = sizeOf(shape) * 4
  const largest = largestTensor(backend.device)
  if (bytes > largest)
    throw new ReaderError(
      'Too large for this GPU',
      `a tensor ${shapeText(shape)} needs ${bytes} bytes; this GPU takes ${largest} at most`
    )
  const info = backend.makeTensorInfo([...shape], dtype)
  backend.uploadToGPU(info.dataId)
  return info
}

/** Runs passes one after the other, in one submission behind all that TensorFlow.js has recorded so far. */
export function dispatch(backend: WebGPUBackend, passes: readonly Pass[]): void {
  const {device, queue} = backend
  for (const {buffers} of passes) for (const {dataId} of buffers) backend.uploadToGPU(dataId)
  backend.ensureCommandEncoderReady()
  backend.endComputePassEncoder()
  backend.submitQueue()
  const encoder = device.createCommandEncoder()
  const uniforms = passes.map((pass) => encodePass(backend, encoder, pass))
  queue.submit([encoder.finish()])
  // What the queue is given next it runs next, so the pool may hand these out again at once.
  for (const buffer of uniforms) if (buffer) backend.bufferManager.releaseBuffer(buffer)
}

function encodePass(backend: WebGPUBackend, encoder: GPUCommandEncoder, pass: Pass): GPUBuffer | null {
  const {device} = backend
  const pipeline = pipelineOf(device, pass.program)
  const uniform = uniformBuffer(backend, pass)
  const buffers = pass.buffers.map(({dataId}) => backend.tensorMap.get(dataId).resource as GPUBuffer)
  if (uniform) buffers.push(uniform)
  const [x, y] = spread(pass.workgroups, device.limits.maxComputeWorkgroupsPerDimension)
  const compute = encoder.beginComputePass()
  compute.setPipeline(pipeline)
  compute.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({binding, resource: {buffer}}))
    })
  )
  compute.dispatchWorkgroups(x, y)
  compute.end()
  return uniform
}

/** Workgroups over two dimensions, since one holds 65,535 at most. */
export function spread(workgroups: number, most: number): [x: number, y: number] {
  const y = Math.ceil(workgroups / most)
  return [Math.ceil(workgroups / y), y]
}

function uniformBuffer(backend: WebGPUBackend, {program, uniforms = {}}: Pass): GPUBuffer | null {
  const {uniforms: whole = [], floats = []} = program
  const words = whole.length + floats.length
  if (words === 0) return null
  const view = new DataView(new ArrayBuffer(Math.ceil(words / 4) * 16))
  const given = (name: string) => {
    const value = uniforms[name]
    if (value === undefined) throw new RangeError(`${program.key}: no value for the uniform ${name}`)
    return value
  }
  for (const [i, name] of whole.entries()) view.setUint32(4 * i, given(name), true)
  for (const [i, name] of floats.entries()) view.setFloat32(4 * (whole.length + i), given(name), true)
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST
  const buffer = backend.bufferManager.acquireBuffer(view.byteLength, usage)
  backend.queue.writeBuffer(buffer, 0, view.buffer)
  return buffer
}

const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>()

function pipelineOf(device: GPUDevice, program: Program): GPUComputePipeline {
  const own = pipelines.get(device) ?? new Map<string, GPUComputePipeline>()
  pipelines.set(device, own)
  const known = own.get(program.key)
  if (known) return known
  const module = device.createShaderModule({label: program.key, code: sourceOf(program)})
  const made = device.createComputePipeline({label: program.key, layout: 'auto', compute: {module, entryPoint: 'main'}})
  own.set(program.key, made)
  return made
}

/** The program whole, with its declarations. */
export function sourceOf({workgroup, bindings, uniforms = [], floats = [], subgroups = false, code}: Program): string {
  const members = [...uniforms.map((name) => `${name}: u32`), ...floats.map((name) => `${name}: f32`)]
  return `
${subgroups ? 'enable subgroups;' : ''}
${bindings.map(declare).join('\n')}
${members.length ? `struct Uniforms { ${members.join(', ')} }\n@group(0) @binding(${bindings.length}) var<uniform> u: Uniforms;` : ''}
var<private> lane_: u32;
var<private> nan_: u32;
// No constant expression may be NaN.
fn missing() -> f32 { return bitcast<f32>(nan_); }
fn isMissing(v: f32) -> bool { return (bitcast<u32>(v) & 0x7fffffffu) > 0x7f800000u; }
${code()}
@compute @workgroup_size(${workgroup})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32
) {
  lane_ = lane;
  nan_ = 0x7fc00000u;
  run(group.x + group.y * groups.x, lane);
}
`
}

const declare = ({name, element, writes = false}: Binding, at: number) =>
  `@group(0) @binding(${at}) var<storage, ${writes ? 'read_write' : 'read'}> ${name}: array<${element}>;`
