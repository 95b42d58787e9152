import {
  add,
  div,
  exp,
  maximum,
  mul,
  neg,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor3D,
  tensor
} from '@tensorflow/tfjs-core'
import {barrierFreeSum} from './barrierFreeSum'
import type {Gaussians, MixtureCase} from './cases'
import type {Contender, Given} from './contender'
import {type Quadratic, quadraticOf} from './quadratic'
import {tensorContender} from './tensorContender'

// All heads at once, which spares these graphs the slicing and joining that the published code does head by head.
// A row is (heads, items of one head).

type Sum = (x: Tensor) => Tensor
type Form = (gaussians: Gaussians, sumOf: Sum) => {readonly given: Tensor[]; readonly weighted: (x: Tensor3D) => Tensor}

const epsilon = 1e-8
const stockSum: Sum = (x) => sum(x, -1, true)

/** The published formula with stock functions, a Gaussian at a time. */
export const stockLiteral = (given: Given) => composed(given, literal, stockSum)
/** The quadratic form with stock functions: one exp per element. */
export const stockQuadratic = (given: Given) => composed(given, quadratic, stockSum)
/** The published formula, its sums without barriers (WebGPU only). */
export const barrierFreeLiteral = (given: Given) => composed(given, literal, barrierFreeSum)
/** The quadratic form, its sums without barriers (WebGPU only). */
export const barrierFreeQuadratic = (given: Given) => composed(given, quadratic, barrierFreeSum)

function composed({case: its, x}: Given, form: Form, sumOf: Sum): Contender {
  const {shape, gaussians} = its as MixtureCase
  const items = shape[3] / gaussians.heads
  const input = tensor(x, [x.length / shape[3], gaussians.heads, items]) as Tensor3D
  const {given, weighted} = form(gaussians, sumOf)
  return tensorContender([input, ...given], () => ({output: reshape(weighted(input), [...shape])}))
}

const literal: Form = ({heads, components, offset, spread}, sumOf) => {
  const perHead = (values: Float32Array, k: number) =>
    tensor(
      Float32Array.from({length: heads}, (_, h) => values[h * components + k]!),
      [heads, 1]
    )
  const each = Array.from({length: components}, (_, k) => ({
    offset: perHead(offset, k),
    twiceSquare: perHead(
      spread.map((c) => 2 * c * c),
      k
    ),
    root: perHead(
      spread.map((c) => Math.sqrt(2 * Math.PI * c * c)),
      k
    )
  }))
  const weighted = (x: Tensor3D) => {
    const {mean, variance} = moments(x, sumOf)
    const deviation = sqrt(variance)
    const densities = each.map((own) => {
      const z = div(sub(x, add(mean, own.offset)), deviation)
      return div(exp(div(neg(square(z)), own.twiceSquare)), own.root)
    })
    const weights = densities.reduce((a, b) => mul(a, b))
    return mul(x, div(weights, maximum(sumOf(weights), epsilon)))
  }
  return {given: each.flatMap((own) => Object.values(own)), weighted}
}

const quadratic: Form = (gaussians, sumOf) => {
  const perHead = (of: (head: Quadratic) => number) =>
    tensor(Float32Array.from(quadraticOf(gaussians), of), [gaussians.heads, 1])
  const [a, b, c, logPeak] = [
    perHead((head) => head.square),
    perHead((head) => head.linear),
    perHead((head) => head.constant),
    perHead((head) => head.logPeak)
  ]
  const weighted = (x: Tensor3D) => {
    const {mean, variance} = moments(x, sumOf)
    const d = sub(x, mean)
    const inverse = div(1, variance)
    const parabola = mul(sub(mul(inverse, b), mul(mul(inverse, a), d)), d)
    const weights = exp(add(parabola, sub(logPeak, mul(inverse, c))))
    return mul(x, div(weights, maximum(sumOf(weights), epsilon)))
  }
  return {given: [a, b, c, logPeak], weighted}
}

function moments(x: Tensor3D, sumOf: Sum): {readonly mean: Tensor; readonly variance: Tensor} {
  const items = x.shape[2]
  const mean = div(sumOf(x), items)
  return {mean, variance: add(div(sumOf(square(sub(x, mean))), items - 1), epsilon)}
}
