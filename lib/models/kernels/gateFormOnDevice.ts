import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import type {TensorInfo} from '@tensorflow/tfjs-core'
import {backendInForce} from '../backend'
import {type DevicePath, type DevicePathName, devicePath, reductions} from './devicePath'
import {allocate, dispatch, type Pass, type Program} from './dispatch'
import {type GateAttributes, type GateShape, gateShape, leastVariance} from './gateFormOnArrays'

type Infos<Name extends string> = Readonly<Record<Name, TensorInfo>>

/** The gate on the device: a pass that projects, and one that takes the statistics and the curves. */
export function gateFormOnDevice(
  backend: WebGPUBackend,
  {x, projection, components, mask}: Infos<'x' | 'projection' | 'components' | 'mask'>,
  {gate, standardised, deviation}: Infos<'gate' | 'standardised' | 'deviation'>,
  attributes: GateAttributes,
  wanted: DevicePathName | undefined
): void {
  const {guard, masked, channelsFirst} = attributes
  const shape = gateShape(x.shape, attributes)
  const {n, positions, channels} = shape
  const path = devicePath(backendInForce().gpu!, wanted)
  const projected = allocate(backend, [n, positions])
  const buffers = [x, projection, projected]
  // Of a short row most lanes would idle.
  const own = wanted === undefined && channels <= path.lanes ? devicePath(backendInForce().gpu!, 'thread') : path
  dispatch(backend, [
    channelsFirst ? projectFirst(shape, buffers) : projectLast(shape, own, buffers),
    {
      program: curves(path, masked, components.shape[0]!),
      buffers: [projected, components, ...(masked ? [mask] : []), gate, standardised, deviation],
      uniforms: {samples: n, positions, guard},
      workgroups: Math.ceil((n * path.lanes) / path.workgroup)
    }
  ])
  backend.disposeData(projected.dataId)
}

// The bias and whatever all positions share cancel, so they are taken away first and cost no digits.

function projectLast({n, positions, channels}: GateShape, path: DevicePath, buffers: readonly TensorInfo[]): Pass {
  const packed = channels % 4 === 0
  const element = packed ? 'vec4<f32>' : 'f32'
  const {lanes, workgroup} = path
  const program: Program = {
    key: `gate projection ${element} ${path.name} ${lanes}`,
    workgroup,
    subgroups: path.name === 'subgroups',
    bindings: [
      {name: 'x', element},
      {name: 'projection', element},
      {name: 'projected', element: 'f32', writes: true}
    ],
    uniforms: ['rows', 'positions', 'width'],
    code: () => `
${reductions(path)}
fn run(group: u32, lane: u32) {
  let index = (group * ${workgroup}u + lane) / ${lanes}u;
  let own = lane % ${lanes}u;
  let row = min(index, u.rows - 1u);
  let first = row / u.positions * u.positions * u.width;
  var sum = ${element}(0.);
  for (var c = own; c < u.width; c += ${lanes}u) {
    sum += (x[row * u.width + c] - x[first + c]) * projection[c];
  }
  let all = total(${packed ? 'sum' : 'vec4<f32>(sum, 0., 0., 0.)'});
  if (own == 0u && index == row) { projected[row] = all.x; }
}`
  }
  const rows = n * positions
  const uniforms = {rows, positions, width: packed ? channels / 4 : channels}
  return {program, buffers, uniforms, workgroups: Math.ceil((rows * lanes) / workgroup)}
}

function projectFirst({n, positions, channels}: GateShape, buffers: readonly TensorInfo[]): Pass {
  const packed = positions % 4 === 0
  const element = packed ? 'vec4<f32>' : 'f32'
  const workgroup = 64
  const program: Program = {
    key: `gate projection, channels first ${element}`,
    workgroup,
    bindings: [
      {name: 'x', element},
      {name: 'projection', element: 'f32'},
      {name: 'projected', element, writes: true}
    ],
    uniforms: ['threads', 'width', 'channels'],
    code: () => `
fn run(group: u32, lane: u32) {
  let index = group * ${workgroup}u + lane;
  if (index >= u.threads) { return; }
  let start = index / u.width * u.channels * u.width;
  var sum = ${element}(0.);
  for (var c = 0u; c < u.channels; c++) {
    let row = start + c * u.width;
    sum += (x[row + index % u.width] - ${element}(x[row]${packed ? '.x' : ''})) * projection[c];
  }
  projected[index] = sum;
}`
  }
  const width = packed ? positions / 4 : positions
  return {
    program,
    buffers,
    uniforms: {threads: n * width, width, channels},
    workgroups: Math.ceil((n * width) / workgroup)
  }
}

// The lanes of a segment share the positions of one sample.
function curves(path: DevicePath, masked: boolean, gaussians: number): Program {
  const {lanes, workgroup} = path
  const each = (body: string) => `
  for (var at = own; at < u.positions; at += ${lanes}u) {
    let p = projected[start + at];
    ${body}
  }`
  const counts = masked ? 'mask[start + at] != 0.' : 'true'
  return {
    key: `gate curves ${path.name} ${lanes} ${masked} ${gaussians}`,
    workgroup,
    subgroups: path.name === 'subgroups',
    bindings: [
      {name: 'projected', element: 'f32'},
      {name: 'components', element: 'f32'},
      ...(masked ? [{name: 'mask', element: 'f32'} as const] : []),
      {name: 'gate', element: 'f32', writes: true},
      {name: 'standardised', element: 'f32', writes: true},
      {name: 'deviation', element: 'f32', writes: true}
    ],
    uniforms: ['samples', 'positions'],
    floats: ['guard'],
    code: () => `
${reductions(path)}
fn sumOf(v: f32) -> f32 { return total(vec4<f32>(v, 0., 0., 0.)).x; }
fn run(group: u32, lane: u32) {
  let index = (group * ${workgroup}u + lane) / ${lanes}u;
  let own = lane % ${lanes}u;
  let sample = min(index, u.samples - 1u);
  let start = sample * u.positions;
  var sum = 0.;
  var count = 0.;
  ${each(`if (${counts}) { sum += p; count += 1.; }`)}
  let many = max(sumOf(count), 1.);
  let mean = sumOf(sum) / many;
  var squares = 0.;
  ${each(`if (${counts}) { squares += (p - mean) * (p - mean); }`)}
  let variance = sumOf(squares) / many;
  let scale = select(sqrt(max(variance, ${leastVariance})), missing(), isMissing(variance));
  if (index != sample) { return; }
  if (own == 0u) { deviation[sample] = scale; }
  ${each(`let off = p - mean;
    var height = 0.;
    for (var k = 0u; k < ${3 * gaussians}u; k += 3u) {
      let z = (off - components[k]) / (scale * components[k + 1u] + u.guard);
      let exponent = -0.5 * z * z;
      // WGSL leaves exp of NaN open.
      height += select(exp(exponent), missing(), isMissing(exponent)) * components[k + 2u];
    }
    gate[start + at] = height;
    standardised[start + at] = off / scale;`)}
}`
  }
}
