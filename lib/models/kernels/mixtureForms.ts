import type {BlockFormName} from '../blockForm'
import {epsilon} from './mixtureParameters'

/**
 * WGSL of each form, on four values at once; d is x − m, `inverse` 1 / sqrt(v + ε), `first` where the head's parameters
 * begin. `score` is taken first and its extreme found, then `height` makes a Gaussian of it and of the `Curve` that all
 * items of the segment share: weights are heights over their sum, which is at least `curve.least`.
 */
export interface FormCode {
  readonly functions: (gaussians: number) => string
  /** What the least of over the segment is needed, given the score `s`; null when none is. */
  readonly extreme: string | null
}

const curve = `
struct Curve { near: vec4<f32>, steep: f32, lift: vec4<f32>, least: vec4<f32>, known: bool }`

const logEpsilon = Math.log(epsilon).toFixed(7)

/**
 * The K Gaussians are one quadratic in z (Gaussian-Adaptive-Attention, GaussianBlock). It is counted from the item
 * nearest to its peak, so that nothing under- or overflows before the sum; the published clamp of that sum still bites
 * where it would.
 */
const product: FormCode = {
  extreme: 's',
  functions: () => `${curve}
fn score(v: vec4<f32>, d: vec4<f32>, inverse: vec4<f32>, first: u32) -> vec4<f32> {
  return abs((d - parameters[first]) * inverse);
}
fn prepare(near: vec4<f32>, inverse: vec4<f32>, first: u32) -> Curve {
  let steep = parameters[first + 1u];
  let top = parameters[first + 3u] - parameters[first + 2u] * inverse * inverse - steep * near * near;
  let above = top - ${logEpsilon};
  return Curve(near, steep, min(above, vec4<f32>(0.)), exp(min(-above, vec4<f32>(0.))), allKnown(first, 4u));
}
fn height(s: vec4<f32>, curve: Curve) -> vec4<f32> {
  return exp(curve.steep * ((curve.near - s) * (curve.near + s)) + curve.lift);
}`
}

/** K Gaussians added with heights (Gaussian-Adaptive-Attention of January 2024). */
const additive: FormCode = {
  extreme: null,
  functions: (gaussians) => `${curve}
fn score(v: vec4<f32>, d: vec4<f32>, inverse: vec4<f32>, first: u32) -> vec4<f32> {
  var sum = vec4<f32>(0.);
  for (var k = first; k < first + ${3 * gaussians}u; k += 3u) {
    let z = (d - parameters[k]) * inverse;
    sum += parameters[k + 2u] * exp(-parameters[k + 1u] * (z * z));
  }
  return sum;
}
fn prepare(near: vec4<f32>, inverse: vec4<f32>, first: u32) -> Curve {
  return Curve(near, 0., vec4<f32>(0.), vec4<f32>(${epsilon}), allKnown(first, ${3 * gaussians}u));
}
fn height(s: vec4<f32>, curve: Curve) -> vec4<f32> { return s; }`
}

/**
 * Log space with clamps (clustering-anchored-jepa): every z in −10…10, then a softmax. Items without a number, and
 * padding, count e to the minus 10⁹: a chunk of nothing else shares equally.
 */
const clamped: FormCode = {
  extreme: '-s',
  functions: (gaussians) => `${curve}
fn score(v: vec4<f32>, d: vec4<f32>, inverse: vec4<f32>, first: u32) -> vec4<f32> {
  var log = vec4<f32>(0.);
  var none = isPadding(v);
  for (var k = first; k < first + ${3 * gaussians}u; k += 3u) {
    let z = (d - parameters[k]) * inverse;
    none = none | areMissing(z);
    let clipped = clamp(z, vec4<f32>(-10.), vec4<f32>(10.));
    log -= parameters[k + 1u] * (clipped * clipped) + parameters[k + 2u];
  }
  return select(log, vec4<f32>(-1e9), none | areMissing(log));
}
fn prepare(near: vec4<f32>, inverse: vec4<f32>, first: u32) -> Curve {
  return Curve(near, 0., vec4<f32>(0.), vec4<f32>(0.), true);
}
fn height(s: vec4<f32>, curve: Curve) -> vec4<f32> { return exp(s + curve.near); }`
}

export const formCodes: Readonly<Record<BlockFormName, FormCode>> = {product, additive, clamped}
