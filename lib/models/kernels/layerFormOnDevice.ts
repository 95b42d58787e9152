import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import type {TensorInfo} from '@tensorflow/tfjs-core'
import {piecesFor, sumColumns} from './columnSums'
import {allocate, type Binding, dispatch, type Pass, type Program} from './dispatch'
import {type LayerOutput, type LayerShape, layerEpsilon} from './layerFormOnArrays'

type Infos = Readonly<Partial<Record<LayerOutput, TensorInfo>>>

const workgroup = 64
/** Layers of one head that a thread holds; of more it reads each again, which the cache has by then. */
const mostHeld = 16

const shapeOf = ({shape: [n = 0, heads = 0, layers = 0, features = 0]}: TensorInfo): LayerShape => ({
  n,
  heads,
  layers,
  features
})

/** Which outputs are there, in a fixed order. */
const present = (infos: Infos): LayerOutput[] =>
  (['density', 'standardised', 'deviation'] as const).filter((name) => infos[name])

// Every column is a thread's own, so that no path but this one is needed; four side by side where they can be read at
// once.

/** The layer form on the device: y is read once and each output written once. */
export function layerFormOnDevice(
  backend: WebGPUBackend,
  y: TensorInfo,
  parameters: TensorInfo,
  to: Infos,
  shape: LayerShape
): void {
  const outputs = present(to)
  const code = (each: EachLayer) => `
    let offset = parameters[gaussian];
    let sharpness = parameters[u.heads * u.width + gaussian];
    ${to.deviation ? 'deviation[index] = scale;' : ''}
    ${each(
      (layer) => `
      let at = start + ${layer} * u.width;
      ${to.standardised ? 'standardised[at] = a * inverse;' : ''}
      ${to.density ? 'density[at] = height((a - offset) * inverse, sharpness);' : ''}`
    )}`
  const {columns, ...pass} = columnwise('forward', shape, outputs, true, code)
  dispatch(backend, [
    {...pass, buffers: [y, parameters, ...outputs.map((name) => to[name]!)], workgroups: Math.ceil(columns / workgroup)}
  ])
}

/** What flows back to y, from what flows back through the outputs. */
export function layerInputGradientOnDevice(
  backend: WebGPUBackend,
  y: TensorInfo,
  parameters: TensorInfo,
  flowing: Infos,
  to: TensorInfo
): void {
  const shape = shapeOf(y)
  const inputs = present(flowing)
  const flow = (name: LayerOutput, at: string) => (flowing[name] ? `${name}[${at}]` : 'T(0.)')
  const code = (each: EachLayer) => `
    let offset = parameters[gaussian];
    let sharpness = parameters[u.heads * u.width + gaussian];
    var shared_ = T(0.);
    var byScale = ${flow('deviation', 'index')} * scale;
    ${ownOf(shape)}
    ${each(
      (layer, own) => `
      let at = start + ${layer} * u.width;
      let z = (a - offset) * inverse;
      let byZ = ${flow('density', 'at')} * slope(height(z, sharpness), z, sharpness);
      let byStandardised = ${flow('standardised', 'at')};
      // Kept until the sums are there, since what flows is read once.
      ${own} = byZ + byStandardised;
      shared_ += byZ + byStandardised;
      byScale -= byZ * z + byStandardised * a * inverse;`
    )}
    // The deviation moves with every layer, and the mean takes from each what they share.
    let share = shared_ / f32(u.layers);
    let stretch = byScale * inverse / f32(u.layers);
    ${each(
      (layer, own) => `
      result[start + ${layer} * u.width] = (${own} - share + stretch * a) * inverse;`
    )}`
  const {columns, ...pass} = columnwise('input gradient', shape, [...inputs, 'result'], false, code)
  dispatch(backend, [
    {
      ...pass,
      buffers: [y, parameters, ...inputs.map((name) => flowing[name]!), to],
      workgroups: Math.ceil(columns / workgroup)
    }
  ])
}

/** What flows back to δ and 1 / 2c, (2, heads, features), in one run; the samples are shared out among threads. */
export function layerParameterGradientOnDevice(
  backend: WebGPUBackend,
  y: TensorInfo,
  parameters: TensorInfo,
  density: TensorInfo,
  to: TensorInfo
): void {
  const shape = shapeOf(y)
  const {n, heads, features} = shape
  const columns = heads * kindOf(shape).width
  const per = Math.ceil(n / Math.min(n, piecesFor(n * shape.layers * 16, columns)))
  const pieces = Math.ceil(n / per)
  const pass = (result: TensorInfo): Pass => ({
    program: parameterProgram(shape),
    buffers: [y, parameters, density, result],
    uniforms: {...sizes(shape), columns: columns * pieces, n, per},
    workgroups: Math.ceil((columns * pieces) / workgroup)
  })
  if (pieces === 1) {
    dispatch(backend, [pass(to)])
    return
  }
  const partial = allocate(backend, [pieces, 2, heads, features])
  sumColumns(backend, partial, to, {outer: 1, rows: pieces, inner: 2 * heads * features}, 1, [pass(partial)])
  backend.disposeData(partial.dataId)
}

function parameterProgram(shape: LayerShape): Program {
  const {key, element} = kindOf(shape)
  return {
    key: `layer form parameter gradient ${key}`,
    workgroup,
    bindings: [
      ...(['y', 'parameters', 'density'] as const).map((name): Binding => ({name, element})),
      {name: 'result', element, writes: true}
    ],
    uniforms: [...names, 'n', 'per'],
    code: () => `
${functions(element)}
fn run(group: u32, lane: u32) {
  let index = group * ${workgroup}u + lane;
  if (index >= u.columns) { return; }
  let each = u.heads * u.width;
  let gaussian = index % each;
  let piece = index / each;
  let offset = parameters[gaussian];
  let sharpness = parameters[each + gaussian];
  var byOffset = T(0.);
  var bySharpness = T(0.);
  for (var sample = piece * u.per; sample < min((piece + 1u) * u.per, u.n); sample++) {
    let start = (sample * u.heads + gaussian / u.width) * u.layers * u.width + gaussian % u.width;
    ${statistics(kindOf(shape))}
    ${eachLayer(kindOf(shape))(
      (layer) => `
      let z = (a - offset) * inverse;
      let flowing = density[start + ${layer} * u.width];
      let g = height(z, sharpness);
      byOffset -= flowing * slope(g, z, sharpness) * inverse;
      bySharpness -= flowing * g * z * z;`
    )}
  }
  result[piece * 2u * each + gaussian] = byOffset;
  result[(piece * 2u + 1u) * each + gaussian] = bySharpness;
}`
  }
}

const names = ['columns', 'heads', 'layers', 'width'] as const

/** Four features at a time where they divide; how many layers stay in registers. */
function kindOf({layers, features}: LayerShape) {
  const packed = features % 4 === 0
  const held = layers <= mostHeld
  const element = packed ? ('vec4<f32>' as const) : ('f32' as const)
  return {element, held, layers, width: packed ? features / 4 : features, key: `${element} ${held ? layers : 'any'}`}
}

const sizes = (shape: LayerShape) => ({heads: shape.heads, layers: shape.layers, width: kindOf(shape).width})

/** A pass with a thread for each column, which has its statistics, without its buffers. */
function columnwise(
  name: string,
  shape: LayerShape,
  others: readonly string[],
  write: boolean,
  body: (each: EachLayer) => string
): Omit<Pass, 'buffers' | 'workgroups'> & {readonly columns: number} {
  const {key, element, width} = kindOf(shape)
  const columns = shape.n * shape.heads * width
  const program: Program = {
    key: `layer form ${name} ${key} ${others}`,
    workgroup,
    bindings: [
      {name: 'y', element},
      {name: 'parameters', element},
      ...others.map((each): Binding => ({name: each, element, writes: write || each === 'result'}))
    ],
    uniforms: names,
    code: () => `
${functions(element)}
fn run(group: u32, lane: u32) {
  let index = group * ${workgroup}u + lane;
  if (index >= u.columns) { return; }
  let row = index / u.width;
  let gaussian = index % (u.heads * u.width);
  let start = row * u.layers * u.width + index % u.width;
  ${statistics(kindOf(shape))}
  ${body(eachLayer(kindOf(shape)))}
}`
  }
  return {program, columns, uniforms: {...sizes(shape), columns}}
}

const functions = (element: 'vec4<f32>' | 'f32') => {
  const [whole, truth] = element === 'f32' ? ['u32', 'bool'] : ['vec4<u32>', 'vec4<bool>']
  return `
alias T = ${element};
fn areMissing(v: T) -> ${truth} { return (bitcast<${whole}>(v) & ${whole}(0x7fffffffu)) > ${whole}(0x7f800000u); }
// WGSL leaves exp of NaN open.
fn height(z: T, q: T) -> T {
  let exponent = -(z * z * q);
  return select(exp(exponent), T(missing()), areMissing(exponent));
}
// Where the curve has vanished, so has its slope, however steep the fall was.
fn slope(g: T, z: T, q: T) -> T {
  return select(-2. * g * q * z, T(0.), g == T(0.));
}
fn deviationOf(s: u32, start: u32, first: T, mean: T) -> T { return y[start + s * u.width] - first - mean; }`
}

type Kind = ReturnType<typeof kindOf>

/** Code for every layer of a column, given its number and a name of its own; `a` is its y − m. */
type EachLayer = (body: (layer: string, own: string) => string) => string

// One after the other rather than in a loop, where they are few: registers have no numbers to loop over.
const eachLayer =
  ({held, layers}: Kind): EachLayer =>
  (body) =>
    held
      ? Array.from({length: layers}, (_, s) => `{ let a = a${s}; ${body(`${s}u`, `own${s}`)} }`).join('\n    ')
      : `for (var s = 0u; s < u.layers; s++) { let a = deviationOf(s, start, first, mean); ${body('s', 'result[start + s * u.width]')} }`

/** Registers under the layers' own names, where they are few. */
function ownOf(shape: LayerShape): string {
  const {held, layers} = kindOf(shape)
  return held ? Array.from({length: layers}, (_, s) => `var own${s} = T(0.);`).join(' ') : ''
}

// About the first layer, so that a large mean costs no digits.
const statistics = (kind: Kind) => `
  let first = y[start];
  ${kind.held ? heldStatistics(kind.layers) : readStatistics}
  let variance = squares / f32(u.layers);
  let scale = select(sqrt(variance + ${layerEpsilon}), T(missing()), areMissing(variance));
  let inverse = 1. / scale;`

function heldStatistics(layers: number): string {
  const each = (of: (s: number) => string, between = '\n  ') =>
    Array.from({length: layers}, (_, s) => of(s)).join(between)
  return `
  ${each((s) => `let v${s} = y[start + ${s}u * u.width] - first;`)}
  let mean = (${each((s) => `v${s}`, ' + ')}) / f32(u.layers);
  ${each((s) => `let a${s} = v${s} - mean;`)}
  let squares = ${each((s) => `a${s} * a${s}`, ' + ')};`
}

const readStatistics = `
  var sum = T(0.);
  for (var s = 0u; s < u.layers; s++) { sum += y[start + s * u.width] - first; }
  let mean = sum / f32(u.layers);
  var squares = T(0.);
  for (var s = 0u; s < u.layers; s++) {
    let a = deviationOf(s, start, first, mean);
    squares += a * a;
  }`
