import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {
  engine,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  registerGradient,
  registerKernel,
  type Tensor,
  type TensorInfo
} from '@tensorflow/tfjs-core'
import {ReaderError} from '@/lib/core/errors'
import {shapeText, sizeOf} from '../shape'
import {allocate} from './dispatch'

/** A function of tensors that is ours on every backend. All tensors are float32, unless its outputs say otherwise. */
export interface Kernel<Input extends string, Attributes extends object> {
  readonly name: string
  readonly inputs: readonly Input[]
  /** Of the outputs; int32 holds any four bytes. */
  readonly dtype?: 'int32'
  /** The outputs' shapes. */
  shapes(inputs: Readonly<Record<Input, readonly number[]>>, attributes: Attributes): readonly (readonly number[])[]
  /** WASM and plain JavaScript: the numbers themselves, on WASM the heap's own. Outputs hold anything at first. */
  onArrays(
    inputs: Readonly<Record<Input, Float32Array>>,
    outputs: readonly Float32Array[],
    attributes: Attributes,
    shapes: Readonly<Record<Input, readonly number[]>>
  ): void
  /** WebGPU: fills the outputs. Must make no tensor that the engine tracks. */
  onDevice(
    backend: WebGPUBackend,
    inputs: Readonly<Record<Input, TensorInfo>>,
    outputs: readonly TensorInfo[],
    attributes: Attributes
  ): void
  readonly gradient?: {
    readonly save: readonly Input[]
    /**
     * What flows back to each input. Each function runs in its own tidy, so nothing that one of them makes is alive in
     * the next.
     */
    of(
      flowing: readonly Tensor[],
      saved: readonly Tensor[],
      attributes: Attributes
    ): Partial<Record<Input, () => Tensor>>
  }
}

/** Registers a kernel with TensorFlow.js for WebGPU, WASM and plain JavaScript, and gives the function that runs it. */
export function defineKernel<Input extends string, Attributes extends object>(
  kernel: Kernel<Input, Attributes>
): (inputs: Readonly<Record<Input, Tensor>>, attributes: Attributes) => Tensor[] {
  const {name, gradient} = kernel
  for (const backendName of ['webgpu', 'wasm', 'cpu'] as const) {
    const run = runners[backendName]
    registerKernel({
      kernelName: name,
      backendName,
      kernelFunc: ({inputs, attrs, backend}) => run(backend, kernel, inputs, attrs as unknown as Attributes)
    })
  }
  if (gradient)
    registerGradient({
      kernelName: name,
      inputsToSave: [...gradient.save],
      gradFunc: (flowing, saved, attrs) =>
        gradient.of([flowing].flat(), saved, attrs as unknown as Attributes) as Record<string, () => Tensor>
    })
  return (inputs, attributes) =>
    engine().runKernel(name, {...inputs}, attributes as NamedAttrMap) as unknown as Tensor[]
}

type Run = <Input extends string, Attributes extends object>(
  backend: object,
  kernel: Kernel<Input, Attributes>,
  inputs: NamedTensorInfoMap,
  attributes: Attributes
) => TensorInfo[]

const onWebGPU: Run = (backend, kernel, inputs, attributes) => {
  const device = backend as WebGPUBackend
  const given = each(kernel, (name) => inputs[name]!)
  const shapes = each(kernel, (name) => inputs[name]!.shape)
  const outputs = kernel.shapes(shapes, attributes).map((shape) => allocate(device, shape, kernel.dtype))
  kernel.onDevice(device, given, outputs, attributes)
  return outputs
}

/** As much of TensorFlow.js's WASM backend as is needed here. */
interface Heap {
  readonly dataIdMap: {get(id: object): {readonly memoryOffset: number}}
  makeOutput(shape: number[], dtype: 'float32' | 'int32'): TensorInfo
  typedArrayFromHeap(info: TensorInfo): Float32Array
}

const onWasm: Run = (backend, kernel, inputs, attributes) => {
  const heap = backend as Heap
  const shapes = each(kernel, (name) => inputs[name]!.shape)
  const outputs = kernel.shapes(shapes, attributes).map((shape) => room(heap, shape, kernel.dtype))
  // Only now: making room may move the heap, and views of the old one are empty.
  const given = each(kernel, (name) => heap.typedArrayFromHeap(inputs[name]!))
  kernel.onArrays(
    given,
    outputs.map((output) => heap.typedArrayFromHeap(output)),
    attributes,
    shapes
  )
  return outputs
}

function room(heap: Heap, shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): TensorInfo {
  const output = heap.makeOutput([...shape], dtype)
  // The backend does not look whether it was given any.
  if (heap.dataIdMap.get(output.dataId).memoryOffset === 0 && sizeOf(shape) > 0)
    throw new ReaderError('Too large for WASM', `a tensor ${shapeText(shape)} does not fit beside what WASM holds`)
  return output
}

/** As much of TensorFlow.js's plain backend as is needed here. */
interface Arrays {
  readonly data: {get(id: object): {readonly values: Float32Array}}
  makeTensorInfo(shape: number[], dtype: 'float32' | 'int32', values: Float32Array): TensorInfo
}

const onCpu: Run = (backend, kernel, inputs, attributes) => {
  const plain = backend as Arrays
  const shapes = each(kernel, (name) => inputs[name]!.shape)
  const given = each(kernel, (name) => plain.data.get(inputs[name]!.dataId).values)
  const {dtype = 'float32'} = kernel
  const Values = dtype === 'int32' ? Int32Array : Float32Array
  const outputs = kernel
    .shapes(shapes, attributes)
    .map((shape) => ({shape, values: new Values(sizeOf(shape)) as Float32Array}))
  kernel.onArrays(
    given,
    outputs.map(({values}) => values),
    attributes,
    shapes
  )
  return outputs.map(({shape, values}) => plain.makeTensorInfo([...shape], dtype, values))
}

const runners: Readonly<Record<'webgpu' | 'wasm' | 'cpu', Run>> = {webgpu: onWebGPU, wasm: onWasm, cpu: onCpu}

const each = <Input extends string, T>({inputs}: {readonly inputs: readonly Input[]}, of: (name: Input) => T) =>
  Object.fromEntries(inputs.map((name) => [name, of(name)])) as Record<Input, T>
