import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend, type Tensor2D, tensor2d} from '@tensorflow/tfjs-core'
import type {Grid} from '@/lib/core/grid'
import {type BackendInForce, backendInForce} from './backend'
import {type Colouring, colouredMap, type MapSpans} from './kernels/reducedMap'

/** How a map is put on a screen. Colours are four bytes, red the lowest. */
export interface MapPicture {
  /** The cells under each pixel; a line of pixels without cells stays paper. */
  readonly spans: MapSpans
  readonly low: number
  readonly high: number
  /** (256) */
  readonly colours: Uint32Array
  /** Strokes over what is not a number: their colour, and how wide and how far apart they are, in pixels. */
  readonly hatch: {readonly ink: number; readonly stroke: number; readonly period: number}
}

/** A canvas that the device draws on by itself: reduced, coloured and shown where the map lies, nothing is read back. */
export interface MapCanvas {
  /** The map that is drawn from now on. It is kept here too, since a device may be lost. */
  hold(map: Grid): void
  /** Throws when nothing is held, without WebGPU in force, and when the device refuses. */
  draw(picture: MapPicture): Promise<void>
  dispose(): void
}

const format = 'rgba8unorm'
/** A colour that no scale has: nearly nothing of blue. */
const notANumber = 0x01000000

/** Takes over a canvas that no other context has been asked of. */
export function mapCanvas(canvas: OffscreenCanvas): MapCanvas {
  let held: Grid | null = null
  let lying: {readonly at: BackendInForce; readonly tensor: Tensor2D} | null = null
  const letGo = () => {
    // Tensors of a device that is gone went with it.
    if (lying?.at === backendInForce()) lying.tensor.dispose()
    lying = null
  }
  const onDevice = (map: Grid): Tensor2D => {
    const at = backendInForce()
    if (lying?.at !== at) lying = {at, tensor: tensor2d(map.values, [map.rows, map.cols])}
    return lying.tensor
  }
  return {
    hold: (map) => {
      letGo()
      held = map
    },
    draw: async (picture) => {
      const {gpu} = backendInForce()
      if (held === null || gpu === null)
        throw new RangeError(`map canvas: found ${gpu ? 'no map' : 'no WebGPU'}; needed both to draw`)
      const {rows, cols} = picture.spans
      canvas.width = cols.starts.length
      canvas.height = rows.starts.length
      gpu.device.pushErrorScope('validation')
      show(canvas, gpu.device, onDevice(held), picture)
      const error = await gpu.device.popErrorScope()
      if (error) throw new Error(`map canvas: ${error.message}`)
    },
    dispose: () => {
      letGo()
      held = null
    }
  }
}

function show(canvas: OffscreenCanvas, device: GPUDevice, map: Tensor2D, {spans, hatch, ...scale}: MapPicture): void {
  const context = canvas.getContext('webgpu')
  if (!context) throw new Error('map canvas: this browser gives no WebGPU canvas')
  context.configure({device, format, alphaMode: 'premultiplied'})
  const colouring: Colouring = {...scale, missing: notANumber, outside: 0}
  const coloured = colouredMap(map, spans, colouring)
  const gpu = backend() as WebGPUBackend
  gpu.uploadToGPU(coloured.dataId)
  gpu.ensureCommandEncoderReady()
  gpu.endComputePassEncoder()
  gpu.submitQueue()
  const {pipeline, look} = presenterOf(device)
  device.queue.writeBuffer(look, 0, Uint32Array.of(canvas.width, hatch.ink, hatch.stroke, hatch.period))
  const pixels = gpu.tensorMap.get(coloured.dataId).resource as GPUBuffer
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginRenderPass({
    colorAttachments: [{view: context.getCurrentTexture().createView(), loadOp: 'clear', storeOp: 'store'}]
  })
  pass.setPipeline(pipeline)
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        {binding: 0, resource: {buffer: pixels}},
        {binding: 1, resource: {buffer: look}}
      ]
    })
  )
  pass.draw(3)
  pass.end()
  device.queue.submit([encoder.finish()])
  // The queue has the picture; what comes later into this buffer comes after it.
  coloured.dispose()
}

interface Presenter {
  readonly pipeline: GPURenderPipeline
  readonly look: GPUBuffer
}

const presenters = new WeakMap<GPUDevice, Presenter>()

function presenterOf(device: GPUDevice): Presenter {
  const known = presenters.get(device)
  if (known) return known
  const module = device.createShaderModule({code: shader})
  const made = {
    pipeline: device.createRenderPipeline({
      layout: 'auto',
      vertex: {module},
      fragment: {module, targets: [{format}]}
    }),
    look: device.createBuffer({size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST})
  }
  presenters.set(device, made)
  return made
}

// One triangle that covers the canvas; every pixel takes its own colour from the buffer.
const shader = `
struct Look {width: u32, ink: u32, stroke: u32, period: u32}
@group(0) @binding(0) var<storage, read> pixels: array<u32>;
@group(0) @binding(1) var<uniform> look: Look;

@vertex fn corner(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(f32(i % 2u) * 4.0 - 1.0, f32(i / 2u) * 4.0 - 1.0, 0.0, 1.0);
}

@fragment fn pixel(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let place = vec2u(at.xy);
  var colour = pixels[place.y * look.width + place.x];
  if (colour == ${notANumber}u) {
    colour = select(0u, look.ink, (place.x + place.y) % look.period < look.stroke);
  }
  return unpack4x8unorm(colour);
}`
