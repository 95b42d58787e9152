import type {BlockFormName} from '../blockForm'
import {type DevicePath, reductions} from './devicePath'
import type {Binding, Program} from './dispatch'
import {formCodes} from './mixtureForms'
import {epsilon} from './mixtureParameters'
import {innerOf, type MixtureShape} from './mixtureShape'

/** What a pass may write. A second pass makes maps of the partial sums. */
export const mixtureBuffers = [
  'output',
  'weights',
  'standardised',
  'deviation',
  'partialWeights',
  'partialStandardised'
] as const

export type MixtureBuffer = (typeof mixtureBuffers)[number]

/** How one pass cuts the work; all of it is written into the code. */
export interface MixturePlan {
  readonly form: BlockFormName
  readonly gaussians: number
  readonly shape: MixtureShape
  readonly writes: readonly MixtureBuffer[]
  readonly padded: boolean
  readonly path: DevicePath
  /** Whether four numbers at a time can be read: items on the last axis, else columns. */
  readonly packed: boolean
  /** Registers for the items of one lane; 0 when the chunk is too long, and is read again for each step. */
  readonly held: number
}

/** Whether a segment's items lie in a row, so that several lanes share it: else each thread has columns of its own. */
export const inRow = (shape: MixtureShape): boolean => innerOf(shape) === 1

/** Vectors that one lane reads of the longest chunk. */
export const vectorsPerLane = ({last, ...shape}: MixtureShape, lanes: number): number =>
  inRow({last, ...shape}) ? Math.ceil(last / (4 * lanes)) : last

const uniforms = [
  ...['segments', 'columns', 'pieces', 'per', 'repeats', 'trips', 'before', 'outerColumns', 'after', 'innerColumns'],
  ...['items', 'owned']
] as const

export type MixtureUniforms = Readonly<Record<(typeof uniforms)[number] | 'padding', number>>

/**
 * Mixture attention on all heads: each lane reads its part of a segment once, where it can hold it, and writes each
 * result once. The four numbers of a vector are adjacent items on the last axis, and else the same item of four
 * adjacent columns, each a segment of its own.
 */
export function mixtureProgram(plan: MixturePlan): Program {
  const {form, gaussians, shape, writes, padded, path, packed, held} = plan
  const {chunk, last, heads} = shape
  const element = packed ? 'vec4<f32>' : 'f32'
  const row = inRow(shape)
  const key = [form, gaussians, heads, chunk, last, row, writes, padded, path.name, path.lanes, packed, held]
  return {
    key: `mixture ${key.join(' ')}`,
    workgroup: path.workgroup,
    subgroups: path.name === 'subgroups',
    bindings: [
      {name: 'x', element},
      {name: 'parameters', element: 'f32'},
      ...writes.map((name): Binding => ({name, element: name === 'deviation' && row ? 'f32' : element, writes: true}))
    ],
    uniforms,
    floats: ['padding'],
    code: () => [...helpers(plan), main(plan)].join('\n')
  }
}

function helpers({form, gaussians, shape, writes, padded, path, packed}: MixturePlan): string[] {
  const deviationInRow = inRow(shape)
  return [
    inRow(shape) ? reductions(path) : columnwise,
    `fn areMissing(v: vec4<f32>) -> vec4<bool> {
  return (bitcast<vec4<u32>>(v) & vec4<u32>(0x7fffffffu)) > vec4<u32>(0x7f800000u);
}
fn allKnown(first: u32, count: u32) -> bool {
  for (var k = first; k < first + count; k++) { if (isMissing(parameters[k])) { return false; } }
  return true;
}
fn isPadding(v: vec4<f32>) -> vec4<bool> { return ${padded ? 'v == vec4<f32>(u.padding)' : 'vec4<bool>(false)'}; }
fn kept(v: vec4<f32>) -> vec4<f32> { return ${padded ? 'select(v, vec4<f32>(0.), isPadding(v))' : 'v'}; }
fn fetch(at: u32) -> vec4<f32> { return ${packed ? 'x[at]' : 'vec4<f32>(x[at], x[at + 1u], x[at + 2u], x[at + 3u])'}; }`,
    formCodes[form].functions(gaussians),
    ...writes.map((name) => (name === 'deviation' && deviationInRow ? '' : writer(name, packed)))
  ]
}

// A thread's four columns have nothing to do with each other.
const columnwise = `
fn total(v: vec4<f32>) -> vec4<f32> { return v; }
fn least(v: vec4<f32>) -> vec4<f32> { return v; }`

const writer = (name: MixtureBuffer, packed: boolean) => {
  const store = (sign: string) =>
    packed
      ? `if (mask.x) { ${name}[at] ${sign} v; }`
      : [0, 1, 2, 3].map((i) => `if (mask[${i}]) { ${name}[at + ${i}u] ${sign} v[${i}]; }`).join(' ')
  return `
fn put_${name}(at: u32, v: vec4<f32>, mask: vec4<bool>) { ${store('=')} }
fn add_${name}(at: u32, v: vec4<f32>, mask: vec4<bool>) { ${store('+=')} }`
}

function main(plan: MixturePlan): string {
  const {form, gaussians, shape, writes, path, packed, held} = plan
  const {heads, chunk, last} = shape
  const row = inRow(shape)
  const {lanes} = path
  const {extreme} = formCodes[form]
  const wants = (name: MixtureBuffer) => writes.includes(name)
  const whole = isWhole(plan)
  const masked = (value: string, other = '0.') => (whole ? value : `select(vec4<f32>(${other}), ${value}, ok)`)
  const each = (body: string) => `
    for (var r = 0u; r < ${held ? `${held}u` : 'u.trips'}; r++) {
      let at = ${row ? `r * ${lanes}u + own` : 'r'};
      ${whole ? '' : `let ok = ${within(row, packed)};`}
      let v = ${held ? 'values[r]' : 'fetch(base + at * step)'};
      ${body}
    }`
  const mask = [...(row || packed ? [] : ['columnsOk']), 'vec4<bool>(on)', ...(whole ? [] : ['ok'])].join(' & ')
  const put = (name: MixtureBuffer, at: string, value: string) =>
    wants(name) ? `put_${name}(${at}, ${value}, ${mask});` : ''
  const maps = (['partialWeights', 'partialStandardised'] as const).filter(wants)
  // A long chunk's partial sums are added up where they lie, since its lane alone touches them.
  const gather = (name: MixtureBuffer, value: string) => {
    if (!wants(name)) return ''
    if (held) return `sums_${name}[r] += select(vec4<f32>(0.), ${value}, vec4<bool>(on));`
    const call = (verb: string) => `${verb}_${name}(partial + at * partialStep, ${value}, ${mask});`
    return `if (turn == 0u) { ${call('put')} } else { ${call('add')} }`
  }
  const unit = packed ? 4 : 1
  return `
fn run(group: u32, lane: u32) {
  let index = (group * ${path.workgroup}u + lane) / ${lanes}u;
  let own = lane % ${lanes}u;
  let live = index < u.segments;
  let segment = min(index, u.segments - 1u);
  // What lies side by side is worked on side by side.
  let column = ${row ? `segment / ${heads}u % u.columns` : 'segment % u.columns'};
  let head = ${row ? `segment % ${heads}u` : `segment / u.columns % ${heads}u`};
  let fours = (u.innerColumns + 3u) / 4u;
  let wide = column / fours;
  let across = column % fours * 4u;
  let rest = segment / ${heads}u / u.columns;
  let piece = rest % u.pieces;
  let n = rest / u.pieces;
  let start = head * ${chunk}u;
  let count = select(${chunk}u, ${last}u, head == ${heads - 1}u);
  let first = head * ${form === 'product' ? 4 : 3 * gaussians}u;
  let inner = u.after * u.innerColumns;
  let step = ${row ? `${4 / unit}u` : `inner / ${unit}u`};
  let partialStep = ${row ? `${4 / unit}u` : `u.innerColumns / ${unit}u`};
  ${row || packed ? '' : 'let columnsOk = (across + vec4<u32>(0u, 1u, 2u, 3u)) < vec4<u32>(u.innerColumns);'}
  let partial = ((((n * u.pieces + piece) * u.outerColumns + wide) * u.owned + start) * u.innerColumns + across) / ${unit}u;
  ${held ? maps.map((name) => `var sums_${name}: array<vec4<f32>, ${held}>;`).join('\n  ') : ''}
  for (var turn = 0u; turn < u.per; turn++) {
    let repeat = piece * u.per + turn;
    let on = live && repeat < u.repeats;
    let which = min(repeat, u.repeats - 1u);
    let outer = (n * u.before + which / u.after) * u.outerColumns + wide;
    let inside = (which % u.after) * u.innerColumns + across;
    let base = ((outer * u.items + start) * inner + inside) / ${unit}u;
    let ownBase = ((outer * u.owned + start) * inner + inside) / ${unit}u;
    ${
      held
        ? `var values: array<vec4<f32>, ${held}>;
    for (var r = 0u; r < ${held}u; r++) { values[r] = fetch(base + ${row ? `(r * ${lanes}u + own)` : 'r'} * step); }`
        : ''
    }
    // About the first item, so that a large mean costs no digits.
    let lead = ${held && !row ? 'values[0]' : 'fetch(base)'};
    let origin = kept(${row ? 'lead.xxxx' : 'lead'});
    var sum = vec4<f32>(0.);
    ${each(`sum += ${masked('kept(v) - origin')};`)}
    let mean = total(sum) / f32(count);
    var squares = vec4<f32>(0.);
    ${each(`let d = ${masked('kept(v) - origin - mean')}; squares += d * d;`)}
    // Unbiased, so not a number for a chunk of one.
    let variance = total(squares) / f32(max(count, 2u) - 1u);
    let known = vec4<bool>(count > 1u) & !areMissing(variance);
    let scale = select(vec4<f32>(missing()), sqrt(variance + ${epsilon}), known);
    let inverse = 1. / scale;
    ${
      row
        ? wants('deviation')
          ? `if (on && own == 0u) { deviation[outer * ${heads}u + head] = scale.x; }`
          : ''
        : `{ let ok = vec4<bool>(true); ${put('deviation', `((outer * ${heads}u + head) * inner + inside) / ${unit}u`, 'scale')} }`
    }
    ${held ? `var scores: array<vec4<f32>, ${held}>;` : ''}
    var near = vec4<f32>(3e38);
    ${
      extreme === null
        ? ''
        : each(`let s = score(v, v - origin - mean, inverse, first);
      ${held ? 'scores[r] = s;' : ''}
      near = min(near, ${masked(extreme, '3e38')});`)
    }
    let curve = prepare(${extreme === null ? 'near' : 'least(near)'}, inverse, first);
    var heights = vec4<f32>(0.);
    ${each(`let s = ${held && extreme !== null ? 'scores[r]' : 'score(v, v - origin - mean, inverse, first)'};
      let g = ${masked('height(s, curve)')};
      ${held ? 'scores[r] = g;' : ''}
      heights += g;`)}
    let sumOfHeights = max(total(heights), curve.least);
    let share = ${form === 'clamped' ? '1. / sumOfHeights' : 'select(vec4<f32>(missing()), 1. / sumOfHeights, known & vec4<bool>(curve.known))'};
    ${each(`let g = ${held ? 'scores[r]' : 'height(score(v, v - origin - mean, inverse, first), curve)'};
      let w = g * share;
      let z = (v - origin - mean) * inverse;
      ${put('output', 'ownBase + at * step', 'select(v * w, v, isPadding(v))')}
      ${put('weights', 'ownBase + at * step', 'w')}
      ${put('standardised', 'ownBase + at * step', 'z')}
      ${gather('partialWeights', 'w')}
      ${gather('partialStandardised', 'z')}`)}
  }
  ${
    held && maps.length
      ? `let on = live;
  for (var r = 0u; r < ${held}u; r++) {
    let at = ${row ? `r * ${lanes}u + own` : 'r'};
    ${whole ? '' : `let ok = ${within(row, packed)};`}
    ${maps.map((name) => put(name, 'partial + at * partialStep', `sums_${name}[r]`)).join('\n    ')}
  }`
      : ''
  }
}`
}

/** Whether every lane always has whole vectors, so that none must be masked. */
function isWhole({shape, path, packed, held}: MixturePlan): boolean {
  const {chunk, last} = shape
  if (held === 0 || chunk !== last) return false
  return inRow(shape) ? packed && chunk % (4 * path.lanes) === 0 : true
}

const within = (row: boolean, packed: boolean) =>
  !row
    ? 'vec4<bool>(at < count)'
    : packed
      ? 'vec4<bool>(4u * at < count)'
      : '(4u * at + vec4<u32>(0u, 1u, 2u, 3u)) < vec4<u32>(count)'
