import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import type {Tensor, Tensor1D, Tensor3D, Tensor4D, TensorInfo} from '@tensorflow/tfjs-core'
import {dispatch, type Program} from './dispatch'
import {defineKernel} from './kernel'

interface Attributes {
  readonly stride: number
  /** Zeros around the map, above and below, left and right. */
  readonly padding: readonly [down: number, across: number]
}

interface Shape {
  readonly n: number
  readonly rows: number
  readonly cols: number
  readonly channels: number
  /** Of the kernel. */
  readonly tall: number
  readonly wide: number
  /** Channels that have weights of their own; the next ones use the same again. */
  readonly own: number
  readonly rowsOut: number
  readonly colsOut: number
}

function shapeOf(
  [n = 0, rows = 0, cols = 0, channels = 0]: readonly number[],
  [tall = 0, wide = 0, own = 0]: readonly number[],
  {stride, padding: [down, across]}: Attributes
): Shape {
  const steps = (size: number, kernel: number, pad: number) => Math.floor((size + 2 * pad - kernel) / stride) + 1
  return {
    n,
    rows,
    cols,
    channels,
    tall,
    wide,
    own,
    rowsOut: steps(rows, tall, down),
    colsOut: steps(cols, wide, across)
  }
}

const kernel = defineKernel<'x' | 'weight' | 'bias', Attributes>({
  name: 'Depthwise',
  inputs: ['x', 'weight', 'bias'],
  shapes: ({x, weight}, attributes) => {
    const {n, rowsOut, colsOut, channels} = shapeOf(x, weight, attributes)
    return [[n, rowsOut, colsOut, channels]]
  },
  onArrays: ({x, weight, bias}, [y], attributes, shapes) =>
    depthwiseOnArrays(x, weight, bias, y!, shapeOf(shapes.x, shapes.weight, attributes), attributes),
  onDevice: (backend, {x, weight, bias}, [y], attributes) =>
    depthwiseOnDevice(backend, [x, weight, bias, y!], shapeOf(x.shape, weight.shape, attributes), attributes)
})

/**
 * Convolves each channel of x (n, rows, cols, channels) by itself with weight (tall, wide, own), own being channels or a
 * divisor of it: channel c takes weights c mod own, and adds bias (own). Zeros stand beyond the edge.
 */
export function depthwise(x: Tensor4D, weight: Tensor3D, bias: Tensor1D, attributes: Attributes): Tensor4D {
  const [y] = kernel({x, weight, bias}, attributes)
  return y as Tensor as Tensor4D
}

function depthwiseOnArrays(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  y: Float32Array,
  {n, rows, cols, channels, tall, wide, own, rowsOut, colsOut}: Shape,
  {stride, padding: [down, across]}: Attributes
): void {
  const sums = new Float64Array(channels)
  for (let at = 0; at < n * rowsOut * colsOut; at++) {
    const top = (Math.floor(at / colsOut) % rowsOut) * stride - down
    const left = (at % colsOut) * stride - across
    const sample = Math.floor(at / (colsOut * rowsOut))
    for (let c = 0; c < channels; c++) sums[c] = bias[c % own]!
    for (let i = 0; i < tall; i++)
      for (let j = 0; j < wide; j++) {
        const [row, col] = [top + i, left + j]
        if (row < 0 || row >= rows || col < 0 || col >= cols) continue
        const from = ((sample * rows + row) * cols + col) * channels
        const by = (i * wide + j) * own
        for (let c = 0; c < channels; c++) sums[c]! += x[from + c]! * weight[by + (c % own)]!
      }
    y.set(sums, at * channels)
  }
}

const workgroup = 64

function depthwiseOnDevice(
  backend: WebGPUBackend,
  buffers: readonly TensorInfo[],
  {n, rows, cols, channels, tall, wide, own, rowsOut, colsOut}: Shape,
  {stride, padding: [down, across]}: Attributes
): void {
  const packed = own % 4 === 0
  const element = packed ? 'vec4<f32>' : 'f32'
  const program: Program = {
    key: `depthwise ${element}`,
    workgroup,
    bindings: [
      {name: 'x', element},
      {name: 'weight', element},
      {name: 'bias', element},
      {name: 'y', element, writes: true}
    ],
    uniforms: [
      'threads',
      'rows',
      'cols',
      'width',
      'own',
      'tall',
      'wide',
      'rowsOut',
      'colsOut',
      'stride',
      'down',
      'across'
    ],
    code: () => `
fn run(group: u32, lane: u32) {
  let index = group * ${workgroup}u + lane;
  if (index >= u.threads) { return; }
  let c = index % u.width;
  let at = index / u.width;
  let top = i32(at / u.colsOut % u.rowsOut * u.stride) - i32(u.down);
  let left = i32(at % u.colsOut * u.stride) - i32(u.across);
  let sample = at / (u.colsOut * u.rowsOut);
  var sum = bias[c % u.own];
  for (var i = 0u; i < u.tall; i++) {
    let row = top + i32(i);
    if (row < 0 || row >= i32(u.rows)) { continue; }
    for (var j = 0u; j < u.wide; j++) {
      let col = left + i32(j);
      if (col < 0 || col >= i32(u.cols)) { continue; }
      sum += x[((sample * u.rows + u32(row)) * u.cols + u32(col)) * u.width + c] * weight[(i * u.wide + j) * u.own + c % u.own];
    }
  }
  y[index] = sum;
}`
  }
  const by = packed ? 4 : 1
  const threads = (n * rowsOut * colsOut * channels) / by
  if (threads === 0) return
  const sizes = {rows, cols, width: channels / by, own: own / by, tall, wide, rowsOut, colsOut, stride, down, across}
  dispatch(backend, [{program, buffers, uniforms: {threads, ...sizes}, workgroups: Math.ceil(threads / workgroup)}])
}
