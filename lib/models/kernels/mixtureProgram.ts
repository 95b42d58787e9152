import type {BlockFormName} from '../blockForm'
import {columnReductions, type DevicePath, reductions} from './devicePath'
import type {Binding, Program} from './dispatch'
import {formCode} from './mixtureForms'
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
  /** A product with no high peak. */
  readonly moderate: boolean
  readonly shape: MixtureShape
  readonly writes: readonly MixtureBuffer[]
  readonly padded: boolean
  readonly path: DevicePath
  /** Whether four numbers at a time can be read: items on the last axis, else columns. */
  readonly packed: boolean
  /** Registers for the items of one lane; 0 when the chunk is too long, and is read again for each step. */
  readonly held: number
  /** Whether a lane's vectors lie four in a row, and are read and written together. */
  readonly blocked: boolean
  /** Nothing is averaged: each segment stands for itself. */
  readonly single: boolean
}

/** Whether a segment's items lie in a row, four to a vector: else a vector holds one item of each of four columns. */
export const inRow = (shape: MixtureShape): boolean => innerOf(shape) === 1

/** Vectors that one lane reads of the longest chunk. */
export const vectorsPerLane = ({last, ...shape}: MixtureShape, lanes: number): number =>
  Math.ceil(last / (inRow({last, ...shape}) ? 4 * lanes : lanes))

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
  const {form, gaussians, moderate, shape, writes, padded, path, packed, held, blocked, single} = plan
  const {chunk, last, heads, items, owned} = shape
  const element = packed ? 'vec4<f32>' : 'f32'
  const row = inRow(shape)
  const cutting = [
    heads,
    chunk,
    last,
    items === owned,
    row,
    path.name,
    path.lanes,
    packed,
    held,
    blocked,
    single,
    shape.after === 1
  ]
  const key = [form, gaussians, moderate, writes, padded, cutting]
  return {
    key: `mixture ${key}`,
    workgroup: path.workgroup,
    subgroups: path.name === 'subgroups',
    bindings: [
      {name: 'x', element: blocked ? 'mat4x4<f32>' : element},
      {name: 'parameters', element: form === 'product' ? 'vec4<f32>' : 'f32'},
      ...writes.map((name): Binding => ({name, element: elementOf(name, plan, element), writes: true}))
    ],
    uniforms,
    floats: ['padding'],
    code: () => [row ? reductions(path) : columnReductions(path), ...helpers(plan), main(plan)].join('\n')
  }
}

function helpers(plan: MixturePlan): string[] {
  const {form, gaussians, moderate, shape, writes, padded, packed, blocked} = plan
  return [
    `fn areMissing(v: vec4<f32>) -> vec4<bool> {
  return (bitcast<vec4<u32>>(v) & vec4<u32>(0x7fffffffu)) > vec4<u32>(0x7f800000u);
}
fn isPadding(v: vec4<f32>) -> vec4<bool> { return ${padded ? 'v == vec4<f32>(u.padding)' : 'vec4<bool>(false)'}; }
fn kept(v: vec4<f32>) -> vec4<f32> { return ${padded ? 'select(v, vec4<f32>(0.), isPadding(v))' : 'v'}; }
fn fetch(at: u32) -> vec4<f32> { return ${blocked ? 'x[at >> 2u][at & 3u]' : packed ? 'x[at]' : 'vec4<f32>(x[at], x[at + 1u], x[at + 2u], x[at + 3u])'}; }`,
    formCode(form, gaussians, moderate).functions(inRow(shape) ? 'f32' : 'vec4<f32>'),
    ...writes.filter((name) => elementOf(name, plan, 'vec4<f32>') === 'vec4<f32>').map((name) => writer(name, packed))
  ]
}

const writer = (name: MixtureBuffer, packed: boolean) => {
  const store = (sign: string) =>
    packed
      ? `if (mask.x) { ${name}[at] ${sign} v; }`
      : [0, 1, 2, 3].map((i) => `if (mask[${i}]) { ${name}[at + ${i}u] ${sign} v[${i}]; }`).join(' ')
  const whole = packed ? `${name}[at] = v;` : [0, 1, 2, 3].map((i) => `${name}[at + ${i}u] = v[${i}];`).join(' ')
  return `
fn set_${name}(at: u32, v: vec4<f32>) { ${whole} }
fn put_${name}(at: u32, v: vec4<f32>, mask: vec4<bool>) { ${store('=')} }
fn add_${name}(at: u32, v: vec4<f32>, mask: vec4<bool>) { ${store('+=')} }`
}

function elementOf(
  name: MixtureBuffer,
  {shape, blocked}: MixturePlan,
  element: Binding['element']
): Binding['element'] {
  if (name === 'deviation' && inRow(shape)) return 'f32'
  return name === 'output' && blocked ? 'mat4x4<f32>' : element
}

/** How the code speaks of one vector of a lane. */
interface Vector {
  /** Its number among the segment's vectors. */
  readonly at: string
  readonly value: string
  /** From the first item, then from the mean. */
  readonly apart: string
  readonly fromMean: string
  /** Where its score, then its height, is kept; null when it is worked out again. */
  readonly kept: string | null
  readonly sums: (name: MixtureBuffer) => string
  /** Which of its four numbers are the segment's; null when all are. */
  readonly ok: string | null
}

/** Vectors that a loop takes at once: turning round costs a software adapter as much as a vector. */
const together = 4

/** Code for every vector of a lane: one after the other where they are held in registers of their own, else in a loop. */
function forEach(plan: MixturePlan, body: (vector: Vector) => string): string {
  const {shape, packed, path, held, blocked} = plan
  const row = inRow(shape)
  const place = (r: string) => (path.lanes > 1 ? `(${r} * ${path.lanes}u + own)` : r)
  const placeHeld = (r: number) => (blocked ? `(4u * ${place(`${r >> 2}u`)} + ${r & 3}u)` : place(`${r}u`))
  if (!held) {
    // A lane alone may stop where its segment ends; lanes that share one must go on together.
    const alone = path.lanes === 1 && (packed || !row)
    const vector: Vector = {
      at: 'at',
      value: 'v',
      apart: '(kept(v) - origin)',
      fromMean: '(v - origin - mean)',
      kept: null,
      sums: (name) => name,
      ok: alone ? null : within(row, packed, 'at')
    }
    const step = (r: string) => `
      {
        let at = ${place(r)};
        let v = fetch(base + at * step);
        ${body(vector)}
      }`
    const end = alone ? over('count', row ? 4 : 1) : 'u.trips'
    return `
    {
      var r = 0u;
      for (; r + ${together - 1}u < ${end}; r += ${together}u) {${Array.from({length: together}, (_, i) => step(`(r + ${i}u)`)).join('')} }
      for (; r < ${end}; r++) {${step('r')} }
    }`
  }
  const least = Math.floor(Math.min(shape.chunk, shape.last) / (row ? 4 * path.lanes : path.lanes))
  const vectorOf = (r: number): Vector => ({
    at: placeHeld(r),
    value: `v${r}`,
    apart: plan.padded ? `(kept(v${r}) - origin)` : `d${r}`,
    fromMean: `d${r}`,
    kept: `s${r}`,
    sums: (name) => `${name}${r}`,
    ok: r < least ? null : within(row, packed, placeHeld(r))
  })
  return Array.from({length: held}, (_, r) => `{ ${body(vectorOf(r))} }`).join('\n    ')
}

/** Which numbers of a vector are still items of the segment. */
const within = (row: boolean, packed: boolean, at: string) =>
  !row
    ? `vec4<bool>(${at} < count)`
    : packed
      ? `vec4<bool>(4u * ${at} < count)`
      : `((4u * ${at} + vec4<u32>(0u, 1u, 2u, 3u)) < vec4<u32>(count))`

const masked = (value: string, ok: string | null, other = '0.') =>
  ok === null ? value : `select(vec4<f32>(${other}), ${value}, ${ok})`

type Each = (body: (vector: Vector) => string) => string

function main(plan: MixturePlan): string {
  const {form, gaussians, moderate, shape, writes, path, packed, held, blocked} = plan
  const {heads} = shape
  const row = inRow(shape)
  const code = formCode(form, gaussians, moderate)
  const wants = (name: MixtureBuffer) => writes.includes(name)
  const maps = (['partialWeights', 'partialStandardised'] as const).filter(wants)
  const each: Each = (body) => forEach(plan, body)
  const blocks = (body: (block: string, vectors: readonly number[]) => string) =>
    Array.from({length: held / 4}, (_, b) =>
      body(
        `${b * path.lanes}u + own`,
        [0, 1, 2, 3].map((i) => 4 * b + i)
      )
    ).join('\n    ')
  // To be written only where `on` holds.
  const mask = (ok: string | null) =>
    [...(row || packed ? [] : ['columnsOk']), ...(ok === null ? [] : [ok])].join(' & ')
  const put = (name: MixtureBuffer, at: string, value: string, ok: string | null) => {
    if (!wants(name)) return ''
    return mask(ok) === '' ? `set_${name}(${at}, ${value});` : `put_${name}(${at}, ${value}, ${mask(ok)});`
  }
  // A long chunk's partial sums are added up where they lie, since its lane alone touches them.
  const gather = (name: MixtureBuffer, value: string, {at, ok, sums, kept}: Vector) => {
    if (!wants(name)) return ''
    if (kept) return `${sums(name)} += ${value};`
    const call = (verb: string) =>
      `${verb}_${name}(partial + ${at} * partialStep, ${value}, ${mask(ok) || 'vec4<bool>(true)'});`
    return `if (turn == 0u) { ${call('put')} } else { ${call('add')} }`
  }
  const putOutput = ({at, ok}: Vector, value: string) => put('output', `ownBase + ${at} * step`, value, ok)
  const registers = (name: string) => Array.from({length: held}, (_, r) => `var ${name}${r}: vec4<f32>;`).join(' ')
  const score = ({value, fromMean}: Vector) => code.score(fromMean, value)
  const one = row ? 'f32' : 'vec4<f32>'
  const x = row ? '.x' : ''
  // With nothing but the output to write, x × height takes the place of both, and fewer registers are held at once. A
  // long chunk's is written and multiplied in its place, which spares a look at x and an exponential.
  const early = !plan.padded && !wants('weights') && !wants('partialWeights')
  const inPlace = early && !held && packed && wants('output') && !wants('standardised') && !maps.length
  const unit = packed ? 4 : 1
  const parameters = form === 'product' ? 4 : 3 * gaussians
  const {extreme} = code
  const body = `
    let base = ${over('((outer * u.items + start) * inner + inside)', unit)};
    let ownBase = ${shape.owned === shape.items ? 'base' : over('((outer * u.owned + start) * inner + inside)', unit)};
    ${
      held
        ? `${registers('v')}
    ${blocked ? blocks((block, vectors) => `{ let m = x[(base >> 2u) + ${block}]; ${vectors.map((r, i) => `v${r} = m[${i}];`).join(' ')} }`) : each(({at, value}) => `${value} = fetch(base + ${at} * step);`)}`
        : ''
    }
    // About the first item, so that a large mean costs no digits.
    let lead = ${firstItem(plan)};
    let origin = kept(${row ? 'lead.xxxx' : 'lead'})${x};
    ${held ? registers('d') : ''}
    ${held ? heldMoments(plan, each, x) : longMoments(each, x)}
    // Unbiased, so not a number for a chunk of one.
    let variance = apart / f32(max(count, 2u) - 1u);
    let known = ${row ? 'count > 1u && !isMissing(variance)' : 'vec4<bool>(count > 1u) & !areMissing(variance)'};
    let scale = select(${one}(missing()), sqrt(variance + ${epsilon}), known);
    let inverse = 1. / scale;
    ${
      row
        ? wants('deviation')
          ? `if (on && own == 0u) { deviation[outer * ${heads}u + head] = scale; }`
          : ''
        : `if (${path.lanes > 1 ? 'on && own == 0u' : 'on'}) { ${put('deviation', `((outer * ${heads}u + head) * inner + inside) / ${unit}u`, 'scale', null)} }`
    }
    ${held ? registers('s') : ''}
    ${
      extreme === null
        ? ''
        : `var nearest = vec4<f32>(3e38);
    ${each((vector) => `let s = ${score(vector)}; ${vector.kept ? `${vector.kept} = s;` : ''} nearest = min(nearest, ${masked(extreme('s'), vector.ok, '3e38')});`)}
    let near = least(nearest)${x};`
    }
    ${code.shared(one)}
    var heights = vec4<f32>(0.);
    ${each((vector) => {
      const scored = vector.kept && extreme !== null ? vector.kept : score(vector)
      const item = early ? `${vector.value} * g` : 'g'
      const keep = vector.kept ? `${vector.kept} = ${item};` : inPlace ? `if (on) { ${putOutput(vector, item)} }` : ''
      return `let s = ${scored}; let g = ${masked(code.height('s'), vector.ok)}; ${keep} heights += g;`
    })}
    let all = max(total(heights)${x}, floor);
    let share = ${code.spoils ? `select(${one}(missing()), 1. / all, known & ${row ? 'parametersKnown' : 'vec4<bool>(parametersKnown)'})` : '1. / all'};
    if (on) {
    ${each((vector) => {
      const {at, value, ok} = vector
      if (inPlace) return putOutput(vector, `output[ownBase + ${at} * step] * share`)
      const z = wants('standardised') || wants('partialStandardised')
      const item =
        early && held ? 'w' : plan.padded ? `select(${value} * w, ${value}, isPadding(${value}))` : `${value} * w`
      return `${vector.kept ? '' : `let s = ${score(vector)};`}
      let w = ${vector.kept ?? code.height('s')} * share;
      ${z ? `let z = ${vector.fromMean} * inverse;` : ''}
      ${blocked ? `${vector.kept} = ${item};` : put('output', `ownBase + ${at} * step`, item, ok)}
      ${put('weights', `ownBase + ${at} * step`, 'w', ok)}
      ${put('standardised', `ownBase + ${at} * step`, 'z', ok)}
      ${gather('partialWeights', 'w', vector)}
      ${gather('partialStandardised', 'z', vector)}`
    })}
    ${blocked ? blocks((block, vectors) => `output[(ownBase >> 2u) + ${block}] = mat4x4<f32>(${vectors.map((r) => `s${r}`)});`) : ''}
    }`
  return `
fn run(group: u32, lane: u32) {
  let index = ${over(`(group * ${path.workgroup}u + lane)`, path.lanes)};
  let own = lane & ${path.lanes - 1}u;
  let live = index < u.segments;
  let segment = min(index, u.segments - 1u);
  ${cut(plan)}
  let start = head * ${shape.chunk}u;
  let count = ${shape.chunk === shape.last ? `${shape.chunk}u` : `select(${shape.chunk}u, ${shape.last}u, head == ${heads - 1}u)`};
  let first = head * ${parameters}u;
  ${Array.from({length: parameters}, (_, i) => `let p${i} = ${form === 'product' ? `parameters[head][${i}]` : `parameters[first + ${i}u]`};`).join(' ')}
  let parametersKnown = !isMissing(${Array.from({length: parameters}, (_, i) => `p${i}`).join(' + ')});
  let inner = ${row ? '1u' : 'u.after * u.innerColumns'};
  let step = ${row ? `${4 / unit}u` : over('inner', unit)};
  let partialStep = ${row ? `${4 / unit}u` : over('u.innerColumns', unit)};
  ${row || packed ? '' : 'let columnsOk = (across + vec4<u32>(0u, 1u, 2u, 3u)) < vec4<u32>(u.innerColumns);'}
  ${maps.length ? `let partial = ((((n * u.pieces + piece) * u.outerColumns + wide) * u.owned + start) * u.innerColumns + across) / ${unit}u;` : ''}
  ${maps.map((name) => registers(name)).join('\n  ')}
  ${repeats(plan, body)}
  ${
    held && maps.length
      ? `if (!live) { return; }
  ${each(({at, sums, ok}) => maps.map((name) => put(name, `partial + ${at} * partialStep`, sums(name), ok)).join(' '))}`
      : ''
  }
}`
}

/** Mean, and the sum of the squares about it, of what lies in registers: one sum after the other. */
const heldMoments = ({padded}: MixturePlan, each: Each, x: string): string => `
    var sum = vec4<f32>(0.);
    ${each(({value, apart, fromMean, ok}) => `${fromMean} = ${value} - origin; sum += ${masked(apart, ok)};`)}
    let mean = total(sum)${x} / f32(count);
    var squares = vec4<f32>(0.);
    ${each(({apart, fromMean, ok}) => `${fromMean} -= mean; let d = ${masked(padded ? `(${apart} - mean)` : fromMean, ok)}; squares = fma(d, d, squares);`)}
    let apart = total(squares)${x};`

/**
 * The same of a chunk that is read again for each step: both sums at once, about the first item. Rounding may take
 * what is left of equal items below zero.
 */
const longMoments = (each: Each, x: string): string => {
  const none = x ? '0.' : 'vec4<f32>(0.)'
  return `
    var sum = vec4<f32>(0.);
    var squares = vec4<f32>(0.);
    ${each(({apart, ok}) => `let d = ${masked(apart, ok)}; sum += d; squares = fma(d, d, squares);`)}
    let whole = total(sum)${x};
    let mean = whole / f32(count);
    let left = total(squares)${x} - whole * mean;
    let apart = select(left, ${none}, left < ${none});`
}

/** The segment's first item, or those of four: from a register where a lane has it. */
function firstItem({shape, path, held}: MixturePlan): string {
  if (!held) return 'fetch(base)'
  if (path.lanes === 1) return 'v0'
  if (path.name !== 'subgroups') return 'fetch(base)'
  return inRow(shape) ? 'vec4<f32>(subgroupBroadcastFirst(v0.x))' : 'subgroupBroadcastFirst(v0)'
}

/** Which head, which columns and which of the segments behind one cell of a map: no division that is not needed. */
function cut(plan: MixturePlan): string {
  const {shape, single} = plan
  const {heads} = shape
  const row = inRow(shape)
  const inOrder = row
    ? `let after_ = ${over('segment', heads)}; let head = segment - after_ * ${heads}u;`
    : `let line = segment / u.columns; let column = segment - line * u.columns;
  let after_ = ${over('line', heads)}; let head = line - after_ * ${heads}u;`
  if (single) return `${inOrder} let outer = after_; let inside = ${row ? '0u' : '4u * column'}; let across = inside;`
  return `${inOrder}
  ${row ? 'let column = after_ % u.columns; let rest = after_ / u.columns;' : 'let rest = after_;'}
  let fours = (u.innerColumns + 3u) / 4u;
  let wide = column / fours;
  let across = column % fours * 4u;
  let piece = rest % u.pieces;
  let n = rest / u.pieces;`
}

/** The body for each segment behind one cell of a map. A lane alone may leave where there is nothing for it to do. */
const repeats = ({single, shape, path}: MixturePlan, body: string) =>
  single
    ? `${path.lanes === 1 ? 'if (!live) { return; } let on = true;' : 'let on = live;'} let turn = 0u;${body}`
    : `for (var turn = 0u; turn < u.per; turn++) {
    let repeat = piece * u.per + turn;
    let on = live && repeat < u.repeats;
    let which = min(repeat, u.repeats - 1u);
    let outer = (n * u.before + ${shape.after === 1 ? 'which' : 'which / u.after'}) * u.outerColumns + wide;
    let inside = ${shape.after === 1 ? 'across' : '(which % u.after) * u.innerColumns + across'};${body}
  }`

// Software adapters divide number by number, which costs as much as a vector's exponentials.
const over = (value: string, divisor: number) =>
  Number.isInteger(Math.log2(divisor)) ? `(${value} >> ${Math.log2(divisor)}u)` : `(${value} / ${divisor}u)`
