import type {DeviceTraits} from '../webgpu'

/** How the invocations of a device work together on one segment. */
export type DevicePathName = 'subgroups' | 'shared' | 'thread'

export interface DevicePath {
  readonly name: DevicePathName
  /** Invocations that share one segment: a subgroup, a workgroup, or one alone. */
  readonly lanes: number
  /** Invocations of one workgroup. */
  readonly workgroup: number
}

/** On the shared path a workgroup works on one segment, and its tree of sums has as many leaves. */
const sharing = 64
const threads = 64
const packed = 256

/**
 * The path a device takes: subgroups where their size is known and one, workgroup memory on other hardware, and a
 * thread alone on a software adapter, which pays for each barrier. `wanted` takes another path than the device would;
 * throws RangeError where the device cannot.
 */
export function devicePath(traits: DeviceTraits, wanted?: DevicePathName): DevicePath {
  const size = subgroupSize(traits)
  const name = wanted ?? (size !== null ? 'subgroups' : traits.software ? 'thread' : 'shared')
  if (name === 'thread') return {name, lanes: 1, workgroup: threads}
  if (name === 'shared') return {name, lanes: sharing, workgroup: sharing}
  if (size === null) throw new RangeError('the subgroup path was asked for; this device has no subgroups of one size')
  return {name, lanes: size, workgroup: Math.max(size, packed)}
}

// Where the size may vary between pipelines, a segment's lanes cannot be counted out beforehand: shared memory can.
function subgroupSize({subgroups}: DeviceTraits): number | null {
  return subgroups && subgroups.min === subgroups.max ? subgroups.min : null
}

/**
 * WGSL for sums over the lanes of one segment: `total(v)` adds up vectors and their four numbers, `least(v)` finds the
 * least, both in every number of the answer. Call them in uniform control flow only.
 */
export function reductions({name, lanes}: DevicePath): string {
  if (name === 'subgroups')
    return reduceBy('subgroupAdd(v.x + v.y + v.z + v.w)', 'subgroupMin(min(min(v.x, v.y), min(v.z, v.w)))')
  if (name === 'thread') return reduceBy('v.x + v.y + v.z + v.w', 'min(min(v.x, v.y), min(v.z, v.w))')
  return `
    var<workgroup> shared_: array<f32, ${lanes}>;
    fn total(v: vec4<f32>) -> vec4<f32> {
      ${tree(lanes, 'v.x + v.y + v.z + v.w', (a, b) => `${a} + ${b}`)}
    }
    fn least(v: vec4<f32>) -> vec4<f32> {
      ${tree(lanes, 'min(min(v.x, v.y), min(v.z, v.w))', (a, b) => `min(${a}, ${b})`)}
    }`
}

/** The same where the four numbers of a vector are of four segments: each is summed over the lanes by itself. */
export function columnReductions({name}: DevicePath): string {
  const each = (reduce: string) => (name === 'subgroups' ? `${reduce}(v)` : 'v')
  return `
  fn total(v: vec4<f32>) -> vec4<f32> { return ${each('subgroupAdd')}; }
  fn least(v: vec4<f32>) -> vec4<f32> { return ${each('subgroupMin')}; }`
}

const reduceBy = (sum: string, minimum: string) => `
  fn total(v: vec4<f32>) -> vec4<f32> { return vec4<f32>(${sum}); }
  fn least(v: vec4<f32>) -> vec4<f32> { return vec4<f32>(${minimum}); }`

const tree = (lanes: number, own: string, pair: (a: string, b: string) => string) => `
      shared_[lane_] = ${own};
      workgroupBarrier();
      for (var half = ${lanes / 2}u; half > 0u; half = half / 2u) {
        if (lane_ < half) { shared_[lane_] = ${pair('shared_[lane_]', 'shared_[lane_ + half]')}; }
        workgroupBarrier();
      }
      let result = shared_[0];
      workgroupBarrier();
      return vec4<f32>(result);`
