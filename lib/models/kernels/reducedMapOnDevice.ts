import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import type {TensorInfo} from '@tensorflow/tfjs-core'
import {backendInForce} from '../backend'
import {type DevicePath, type DevicePathName, devicePath, reductions} from './devicePath'
import {type Binding, dispatch, type Pass, type Program} from './dispatch'
import {type Colouring, scaleOf} from './reducedMapOnArrays'

type Spanned = Readonly<Record<'map' | 'rows' | 'cols', TensorInfo>>

/** Least, greatest and mean of the cells under each pixel, in one pass. */
export function reducedMapOnDevice(
  backend: WebGPUBackend,
  {map, rows, cols}: Spanned,
  outputs: readonly TensorInfo[],
  wanted: DevicePathName | undefined
): void {
  const bindings = ['least_', 'greatest_', 'mean_'].map((name): Binding => ({name, element: 'f32', writes: true}))
  const write = `
    least_[pixel] = select(low, missing(), unknown);
    greatest_[pixel] = select(high, missing(), unknown);
    mean_[pixel] = select(mean, missing(), unknown);`
  const path = pathFor(map, rows, cols, wanted)
  dispatch(backend, [passOver({map, rows, cols}, 'reduced', path, bindings, [], [], write, outputs, {})])
}

/** The colour of the mean cell under each pixel. */
export function colouredMapOnDevice(
  backend: WebGPUBackend,
  {map, rows, cols, colours}: Spanned & {readonly colours: TensorInfo},
  to: TensorInfo,
  {missing, outside, ...range}: Omit<Colouring, 'colours'>,
  wanted: DevicePathName | undefined
): void {
  const bindings: readonly Binding[] = [
    {name: 'colours', element: 'u32'},
    {name: 'pixels', element: 'u32', writes: true}
  ]
  const write = `
    let step = clamp(select((mean - u.low) * u.factor + u.offset, 0., unknown), 0., 255.);
    pixels[pixel] = select(select(colours[u32(step + 0.5)], u.missing, unknown), u.outside, cells == 0u);`
  const path = pathFor(map, rows, cols, wanted)
  const uniforms = {missing, outside, ...scaleOf(range)}
  const whole = ['missing', 'outside']
  const floats = ['low', 'factor', 'offset']
  const spanned = {map, rows, cols}
  dispatch(backend, [passOver(spanned, 'coloured', path, bindings, whole, floats, write, [colours, to], uniforms)])
}

function passOver(
  {map, rows, cols}: Spanned,
  name: string,
  path: DevicePath,
  bindings: readonly Binding[],
  whole: readonly string[],
  floats: readonly string[],
  write: string,
  buffers: readonly TensorInfo[],
  uniforms: Readonly<Record<string, number>>
): Pass {
  const [height, width] = [rows.shape[1]!, cols.shape[1]!]
  const {lanes, workgroup} = path
  const program: Program = {
    key: `${name} map ${path.name} ${lanes}`,
    workgroup,
    subgroups: path.name === 'subgroups',
    bindings: [
      {name: 'map', element: 'f32'},
      {name: 'rows', element: 'f32'},
      {name: 'cols', element: 'f32'},
      ...bindings
    ],
    uniforms: ['height', 'width', 'line', ...whole],
    floats,
    code: () => `
${reductions(path)}
fn run(group: u32, lane: u32) {
  let index = (group * ${workgroup}u + lane) / ${lanes}u;
  let own = lane % ${lanes}u;
  let pixel = min(index, u.height * u.width - 1u);
  let x = pixel % u.width;
  let y = pixel / u.width;
  let left = u32(cols[x]);
  let right = max(left, u32(cols[u.width + x]));
  let top = u32(rows[y]);
  let bottom = max(top, u32(rows[u.height + y]));
  let cells = (right - left) * (bottom - top);
  var lowest = 3.4e38;
  var highest = -3.4e38;
  var sum = 0.;
  var holes = 0.;
  ${lanes === 1 ? alone : together(lanes)}
  let low = least(vec4<f32>(lowest)).x;
  let high = -least(vec4<f32>(-highest)).x;
  let mean = total(vec4<f32>(sum, 0., 0., 0.)).x / f32(max(cells, 1u));
  let unknown = total(vec4<f32>(holes, 0., 0., 0.)).x > 0. || cells == 0u;
  if (own == 0u && index == pixel) {${write}
  }
}
fn isFinite(v: f32) -> bool { return (bitcast<u32>(v) & 0x7f800000u) != 0x7f800000u; }`
  }
  return {
    program,
    buffers: [map, rows, cols, ...buffers],
    uniforms: {height, width, line: map.shape[1]!, ...uniforms},
    workgroups: Math.ceil((height * width * lanes) / workgroup)
  }
}

const take = (sum: string) => `
      let finite = isFinite(value);
      holes += select(1., 0., finite);
      lowest = select(lowest, min(lowest, value), finite);
      highest = select(highest, max(highest, value), finite);
      ${sum} += select(0., value, finite);`

// Row by row: short sums of short sums round less.
const alone = `
  for (var row = top; row < bottom; row++) {
    var part = 0.;
    for (var col = left; col < right; col++) {
      let value = map[row * u.line + col];${take('part')}
    }
    sum += part;
  }`

const together = (lanes: number) => `
  for (var cell = own; cell < cells; cell += ${lanes}u) {
    let value = map[(top + cell / (right - left)) * u.line + left + cell % (right - left)];${take('sum')}
  }`

/** Cells under one pixel from which on several lanes share them. */
const many = 256

function pathFor(map: TensorInfo, rows: TensorInfo, cols: TensorInfo, wanted: DevicePathName | undefined): DevicePath {
  const [height, width] = [rows.shape[1]!, cols.shape[1]!]
  const [mapRows = 0, mapCols = 0] = map.shape
  const few = mapRows * mapCols < many * height * width
  return devicePath(backendInForce().gpu!, wanted ?? (few ? 'thread' : undefined))
}
