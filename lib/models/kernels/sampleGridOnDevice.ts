import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import type {TensorInfo} from '@tensorflow/tfjs-core'
import {dispatch, type Program} from './dispatch'
import type {MapShape} from './sampleGridOnArrays'

const workgroup = 64

/** Uniforms that every pass shares; `width` and `own` count elements, which may be four channels each. */
const names = ['threads', 'single', 'rows', 'cols', 'width', 'own', 'groups', 'points'] as const

function uniformsOf({maps, n, rows, cols, channels, groups, points}: MapShape, threads: number, packed: boolean) {
  const by = packed ? 4 : 1
  const [width, own] = [channels / by, channels / groups / by]
  return {threads, single: Number(maps === 1 && n > 1), rows, cols, width, own, groups, points}
}

const isPacked = ({channels, groups}: MapShape) => (channels / groups) % 4 === 0

// A point may lie anywhere, or nowhere; beyond a cell outside the map it reads zeros wherever it is.
const place = `
fn placeOf(at: u32) -> vec2<f32> {
  let last = vec2<f32>(f32(u.rows) - 1., f32(u.cols) - 1.);
  let given = vec2<f32>(points[at], points[at + 1u]);
  return clamp((given + 1.) * 0.5 * last, vec2<f32>(-2.), last + 2.);
}
fn isNowhere(at: u32) -> bool { return isMissing(points[at]) || isMissing(points[at + 1u]); }`

const tap = (element: string) => `
fn tap(sample: u32, cell: vec2<f32>, c: u32) -> ${element} {
  let inside = cell.x >= 0. && cell.y >= 0. && cell.x < f32(u.rows) && cell.y < f32(u.cols);
  if (!inside) { return ${element}(0.); }
  let map = select(sample, 0u, u.single == 1u) * u.rows * u.cols;
  return x[(map + u32(cell.x) * u.cols + u32(cell.y)) * u.width + c];
}`

/** Bilinear reading on the device, a thread for each channel of each point, or for four. */
export function sampleOnDevice(
  backend: WebGPUBackend,
  x: TensorInfo,
  points: TensorInfo,
  y: TensorInfo,
  shape: MapShape
): void {
  const packed = isPacked(shape)
  const element = packed ? 'vec4<f32>' : 'f32'
  const program: Program = {
    key: `sample a grid ${element}`,
    workgroup,
    bindings: [
      {name: 'x', element},
      {name: 'points', element: 'f32'},
      {name: 'y', element, writes: true}
    ],
    uniforms: names,
    code: () => `${place}${tap(element)}
fn run(group: u32, lane: u32) {
  let index = group * ${workgroup}u + lane;
  if (index >= u.threads) { return; }
  let c = index % u.width;
  let point = index / u.width % u.points;
  let sample = index / (u.width * u.points);
  let at = ((sample * u.groups + c / u.own) * u.points + point) * 2u;
  if (isNowhere(at)) { y[index] = ${element}(missing()); return; }
  let place = placeOf(at);
  let corner = floor(place);
  let part = place - corner;
  let above = mix(tap(sample, corner, c), tap(sample, corner + vec2<f32>(0., 1.), c), part.y);
  let below = mix(tap(sample, corner + vec2<f32>(1., 0.), c), tap(sample, corner + 1., c), part.y);
  y[index] = mix(above, below, part.x);
}`
  }
  const threads = (shape.n * shape.points * shape.channels) / (packed ? 4 : 1)
  run(backend, program, [x, points, y], uniformsOf(shape, threads, packed))
}

/** Its gradient to the map, gathered: a thread for each number of the map asks all points what they read of it. */
export function scatterOnDevice(
  backend: WebGPUBackend,
  flowing: TensorInfo,
  points: TensorInfo,
  x: TensorInfo,
  shape: MapShape
): void {
  const packed = isPacked(shape)
  const element = packed ? 'vec4<f32>' : 'f32'
  const program: Program = {
    key: `sample a grid, to the map ${element}`,
    workgroup,
    bindings: [
      {name: 'flowing', element},
      {name: 'points', element: 'f32'},
      {name: 'x', element, writes: true}
    ],
    uniforms: [...names, 'n'],
    code: () => `${place}
fn run(group: u32, lane: u32) {
  let index = group * ${workgroup}u + lane;
  if (index >= u.threads) { return; }
  let c = index % u.width;
  let cell = vec2<f32>(f32(index / u.width / u.cols % u.rows), f32(index / u.width % u.cols));
  let own = index / (u.width * u.cols * u.rows);
  let first = select(own, 0u, u.single == 1u);
  let stop = select(own + 1u, u.n, u.single == 1u);
  var sum = ${element}(0.);
  for (var sample = first; sample < stop; sample++) {
    for (var point = 0u; point < u.points; point++) {
      let at = ((sample * u.groups + c / u.own) * u.points + point) * 2u;
      if (isNowhere(at)) { continue; }
      // How much of the cell a point reads falls from one to nothing on the way to the next cell.
      let near = max(vec2<f32>(0.), 1. - abs(placeOf(at) - cell));
      let weight = near.x * near.y;
      if (weight > 0.) { sum += weight * flowing[(sample * u.points + point) * u.width + c]; }
    }
  }
  x[index] = sum;
}`
  }
  const threads = (shape.maps * shape.rows * shape.cols * shape.channels) / (packed ? 4 : 1)
  run(backend, program, [flowing, points, x], {...uniformsOf(shape, threads, packed), n: shape.n})
}

/** Its gradient to the points, a thread for each point. */
export function pointGradientOnDevice(
  backend: WebGPUBackend,
  flowing: TensorInfo,
  points: TensorInfo,
  x: TensorInfo,
  back: TensorInfo,
  shape: MapShape
): void {
  const packed = isPacked(shape)
  const element = packed ? 'vec4<f32>' : 'f32'
  const total = packed ? 'dot(v, vec4<f32>(1.))' : 'v'
  const program: Program = {
    key: `sample a grid, to the points ${element}`,
    workgroup,
    bindings: [
      {name: 'flowing', element},
      {name: 'points', element: 'f32'},
      {name: 'x', element},
      {name: 'back', element: 'f32', writes: true}
    ],
    uniforms: names,
    code: () => `${place}${tap(element)}
fn total(v: ${element}) -> f32 { return ${total}; }
fn run(group: u32, lane: u32) {
  let index = group * ${workgroup}u + lane;
  if (index >= u.threads) { return; }
  let point = index % u.points;
  let channel = index / u.points % u.groups * u.own;
  let sample = index / (u.points * u.groups);
  let at = index * 2u;
  if (isNowhere(at)) { back[at] = 0.; back[at + 1u] = 0.; return; }
  let place = placeOf(at);
  let corner = floor(place);
  let part = place - corner;
  var down = 0.;
  var across = 0.;
  for (var c = channel; c < channel + u.own; c++) {
    let flow = flowing[(sample * u.points + point) * u.width + c];
    let upperLeft = total(flow * tap(sample, corner, c));
    let upperRight = total(flow * tap(sample, corner + vec2<f32>(0., 1.), c));
    let lowerLeft = total(flow * tap(sample, corner + vec2<f32>(1., 0.), c));
    let lowerRight = total(flow * tap(sample, corner + 1., c));
    down += mix(lowerLeft - upperLeft, lowerRight - upperRight, part.y);
    across += mix(upperRight - upperLeft, lowerRight - lowerLeft, part.x);
  }
  back[at] = down * (f32(u.rows) - 1.) * 0.5;
  back[at + 1u] = across * (f32(u.cols) - 1.) * 0.5;
}`
  }
  const threads = shape.n * shape.groups * shape.points
  run(backend, program, [flowing, points, x, back], uniformsOf(shape, threads, packed))
}

function run(
  backend: WebGPUBackend,
  program: Program,
  buffers: readonly TensorInfo[],
  uniforms: Readonly<Record<string, number>> & {readonly threads: number}
): void {
  if (uniforms.threads === 0) return
  dispatch(backend, [{program, buffers, uniforms, workgroups: Math.ceil(uniforms.threads / workgroup)}])
}
