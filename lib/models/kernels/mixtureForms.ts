import type {BlockFormName} from '../blockForm'
import {epsilon} from './mixtureParameters'

/**
 * One form in WGSL, on four values at once. A head's parameters stand in `p0`, `p1`…; v is the value, d is x − m, and
 * `inverse` 1 / sqrt(v + ε). A score is taken first and its least found (`near`), then a height is made of it; weights
 * are heights over their sum, which is at least `floor`. What belongs to a whole segment is a `one`: a number on the
 * last axis, four numbers where a vector holds four segments.
 */
export interface FormCode {
  /** Functions that score calls. */
  functions(one: string): string
  score(d: string, v: string): string
  /** Expression of the score whose least is needed over the segment; null when none is. */
  readonly extreme: ((score: string) => string) | null
  /** Statements once `near` is known, which declare `floor`. */
  shared(one: string): string
  height(score: string): string
  /** Whether what is no number makes all weights of its segment none. */
  readonly spoils: boolean
}

const logEpsilon = Math.log(epsilon).toFixed(7)

/**
 * The K Gaussians are one quadratic in z (Gaussian-Adaptive-Attention, GaussianBlock). It is counted from the item
 * nearest to its peak, so that nothing under- or overflows before the sum; the published clamp of that sum still bites
 * where it would.
 */
const product: FormCode = {
  functions: () => '',
  score: (d) => `(${d} - p0) * (${d} - p0)`,
  extreme: (score) => score,
  shared: () => `
    let steep = p1 * (inverse * inverse);
    let floor = exp(steep * near + p2 * (inverse * inverse) - p3 + ${logEpsilon});`,
  height: (score) => `exp((near - ${score}) * steep)`,
  spoils: true
}

/**
 * The same where no peak is high: exponentials then stay in range when counted from ε itself, and nobody has to look
 * for the nearest item first. In powers of two, whose exponent is one fused square.
 */
const moderateProduct: FormCode = {
  ...product,
  functions: (one) => `
fn bell(d: vec4<f32>, slope: ${one}, shift: ${one}, lift: ${one}) -> vec4<f32> {
  let z = fma(d, vec4<f32>(slope), vec4<f32>(shift));
  return exp2(lift - z * z);
}`,
  score: (d) => d,
  extreme: null,
  shared: (one) => `
    let slope = sqrt(${Math.LOG2E} * p1) * inverse;
    let shift = -p0 * slope;
    let lift = ${Math.LOG2E} * (p3 - p2 * (inverse * inverse) - (${logEpsilon}));
    let floor = ${one}(1.);`,
  height: (score) => `bell(${score}, slope, shift, lift)`
}

const parameterList = (gaussians: number, type = '') =>
  Array.from({length: 3 * gaussians}, (_, i) => `p${i}${type}`).join(', ')

/** K Gaussians added with heights (Gaussian-Adaptive-Attention of January 2024). */
const additive = (gaussians: number): FormCode => ({
  functions: (one) => `
fn added(d: vec4<f32>, inverse: ${one}, ${parameterList(gaussians, ': f32')}) -> vec4<f32> {
  var sum = vec4<f32>(0.);
  var z: vec4<f32>;
  ${Array.from({length: gaussians}, (_, k) => `z = (d - p${3 * k}) * inverse; sum += p${3 * k + 2} * exp(-p${3 * k + 1} * (z * z));`).join('\n  ')}
  return sum;
}`,
  score: (d) => `added(${d}, inverse, ${parameterList(gaussians)})`,
  extreme: null,
  shared: (one) => `let floor = ${one}(${epsilon});`,
  height: (score) => score,
  spoils: true
})

/**
 * Log space with clamps (clustering-anchored-jepa): every z in −10…10, then a softmax. Items without a number, and
 * padding, count e to the minus 10⁹: a chunk of nothing else shares equally.
 */
const clamped = (gaussians: number): FormCode => ({
  functions: (one) => `
fn logOf(d: vec4<f32>, v: vec4<f32>, inverse: ${one}, ${parameterList(gaussians, ': f32')}) -> vec4<f32> {
  var log = vec4<f32>(0.);
  var none = isPadding(v);
  var z: vec4<f32>;
  ${Array.from(
    {length: gaussians},
    (_, k) => `z = (d - p${3 * k}) * inverse;
  none = none | areMissing(z);
  z = clamp(z, vec4<f32>(-10.), vec4<f32>(10.));
  log -= p${3 * k + 1} * (z * z) + p${3 * k + 2};`
  ).join('\n  ')}
  return select(log, vec4<f32>(-1e9), none | areMissing(log));
}`,
  score: (d, v) => `logOf(${d}, ${v}, inverse, ${parameterList(gaussians)})`,
  extreme: (score) => `-${score}`,
  shared: (one) => `let floor = ${one}(0.);`,
  height: (score) => `exp(${score} + near)`,
  spoils: false
})

export const formCode = (form: BlockFormName, gaussians: number, moderate: boolean): FormCode =>
  form === 'product'
    ? moderate
      ? moderateProduct
      : product
    : form === 'additive'
      ? additive(gaussians)
      : clamped(gaussians)
