import {
  abs,
  add,
  cast,
  clipByValue,
  div,
  exp,
  greater,
  less,
  maximum,
  mul,
  notEqual,
  onesLike,
  reshape,
  square,
  sub,
  type Tensor,
  where,
  zerosLike
} from '@tensorflow/tfjs-core'
import {chunksOf, type Remainder} from '../blockAxes'
import type {BlockFormName} from '../blockForm'
import {joinAlong, part, sumAlong} from '../reduceAlong'
import {sizeOf} from '../shape'
import {epsilon} from './mixtureParameters'

export interface MixtureGiven {
  readonly x: Tensor
  /** (heads, numbers) */
  readonly parameters: Tensor
  /** What the kernel gave for them, each along the axis only as long as what heads own. */
  readonly weights: Tensor
  readonly standardised: Tensor
  readonly deviation: Tensor
  /** What flows to output and weights. */
  readonly toOutput: Tensor | undefined
  readonly toWeights: Tensor | undefined
}

export interface MixtureCut {
  readonly form: BlockFormName
  readonly axis: number
  readonly heads: number
  readonly remainder?: Remainder | undefined
  readonly padding?: number | null | undefined
}

/**
 * What flows back to x and to the parameters, by the chain rule in TensorFlow.js's ordinary operations. Items that no
 * head owns get none. Call inside tidy.
 */
export function mixtureGradient(
  given: MixtureGiven,
  cut: MixtureCut
): {readonly x: Tensor; readonly parameters: Tensor} {
  const {x, parameters} = given
  const {axis, heads, remainder, padding = null, form} = cut
  const {shape} = x
  const items = shape[axis]!
  const inSteps = (t: Tensor) =>
    reshape(t, [sizeOf(shape.slice(0, axis)), t.shape[axis]!, sizeOf(shape.slice(axis + 1))])
  const chunks = chunksOf(items, heads, remainder)
  const results = chunks.map(([start, stop], head) => {
    const own = (t: Tensor) => part(inSteps(t), 1, start, stop - start)
    const values = own(x)
    const row = part(parameters, 0, head, 1)
    return ofHead(form, {
      x: values,
      kept: padding === null ? onesLike(values) : cast(notEqual(values, padding), 'float32'),
      weights: own(given.weights),
      standardised: own(given.standardised),
      deviation: part(inSteps(given.deviation), 1, head, 1),
      toOutput: given.toOutput ? own(given.toOutput) : zerosLike(values),
      toWeights: given.toWeights ? own(given.toWeights) : zerosLike(values),
      numbers: Array.from({length: row.shape[1]!}, (_, i) => reshape(part(row, 1, i, 1), [1, 1, 1]))
    })
  })
  const rest = items - chunks.at(-1)![1]
  const unowned = rest > 0 ? [zerosLike(part(inSteps(x), 1, items - rest, rest))] : []
  return {
    x: reshape(joinAlong([...results.map(({toX}) => toX), ...unowned], 1), shape),
    parameters: joinAlong(
      results.map(({toNumbers}) => reshape(joinAlong(toNumbers, 1), [1, toNumbers.length])),
      0
    )
  }
}

interface Head {
  readonly x: Tensor
  /** 0 for padding, 1 for all else. */
  readonly kept: Tensor
  readonly weights: Tensor
  readonly standardised: Tensor
  readonly deviation: Tensor
  readonly toOutput: Tensor
  readonly toWeights: Tensor
  readonly numbers: readonly Tensor[]
}

function ofHead(form: BlockFormName, head: Head) {
  const {x, kept, weights, standardised, toOutput, toWeights} = head
  const items = x.shape[1]!
  const toShare = add(toWeights, mul(mul(toOutput, x), kept))
  // Where the published clamp bites, weights do not sum to one, and items do not compete.
  const idle = cast(greater(sumAlong(weights, 1), 1 - 1e-4), 'float32')
  const excess = sub(toShare, mul(idle, sumAlong(mul(toShare, weights), 1)))
  const {toOffsets, toDeviation, toNumbers} = chain[form](head, excess)
  // Padding counts as zero in mean and variance, so it gets nothing through them.
  const masked = where(greater(kept, 0), standardised, zerosLike(standardised))
  const throughMean = div(sumAlong(toOffsets, 1), -items)
  const throughVariance = div(mul(toDeviation, masked), items - 1)
  const direct = mul(toOutput, add(mul(weights, kept), sub(1, kept)))
  return {toX: add(add(direct, toOffsets), mul(kept, add(throughMean, throughVariance))), toNumbers}
}

interface Chain {
  /** To x − m. */
  readonly toOffsets: Tensor
  /** To sqrt(v + ε). */
  readonly toDeviation: Tensor
  /** (1, 1, 1) each */
  readonly toNumbers: readonly Tensor[]
}

const product = ({weights, standardised, deviation, numbers}: Head, excess: Tensor): Chain => {
  const [peak, half, discord] = numbers as [Tensor, Tensor, Tensor]
  const toLog = mul(weights, excess)
  const z = sub(standardised, div(peak, deviation))
  const toZ = mul(mul(toLog, z), mul(half, -2))
  const discordOver = div(discord, mul(deviation, square(deviation)))
  return {
    toOffsets: div(toZ, deviation),
    toDeviation: add(div(sumAlong(mul(toZ, z), 1), mul(deviation, -1)), mul(sumAlong(toLog, 1), mul(discordOver, 2))),
    toNumbers: [
      overAll(div(toZ, mul(deviation, -1))),
      overAll(mul(toLog, mul(square(z), -1))),
      overAll(div(toLog, mul(square(deviation), -1))),
      overAll(toLog)
    ]
  }
}

/** One Gaussian of a sum, of densities or of their logarithms. */
interface Term {
  readonly z: Tensor
  readonly toZ: Tensor
  /** To the precision and to the third number, item by item. */
  readonly toPrecision: Tensor
  readonly toThird: Tensor
}

function sumOfTerms({deviation}: Head, terms: readonly Term[]): Chain {
  const plus = (of: (term: Term) => Tensor) => terms.map(of).reduce((sum, term) => add(sum, term))
  return {
    toOffsets: div(
      plus(({toZ}) => toZ),
      deviation
    ),
    toDeviation: div(
      sumAlong(
        plus(({toZ, z}) => mul(toZ, z)),
        1
      ),
      mul(deviation, -1)
    ),
    toNumbers: terms.flatMap(({toZ, toPrecision, toThird}) => [
      overAll(div(toZ, mul(deviation, -1))),
      overAll(toPrecision),
      overAll(toThird)
    ])
  }
}

const additive = (head: Head, excess: Tensor): Chain => {
  const each = gaussiansOf(head).map(({z, precision, third}) => ({
    z,
    precision,
    third,
    bell: exp(mul(square(z), mul(precision, -1)))
  }))
  const heights = each.map(({bell, third}) => mul(bell, third)).reduce((sum, term) => add(sum, term))
  const toHeights = div(excess, maximum(sumAlong(heights, 1), epsilon))
  return sumOfTerms(
    head,
    each.map(({z, precision, third, bell}) => {
      const toBell = mul(mul(toHeights, third), bell)
      return {
        z,
        toZ: mul(mul(toBell, z), mul(precision, -2)),
        toPrecision: mul(toBell, mul(square(z), -1)),
        toThird: mul(toHeights, bell)
      }
    })
  )
}

const clamped = (head: Head, excess: Tensor): Chain => {
  // A padding's logarithm is a constant.
  const toLog = mul(mul(head.weights, excess), head.kept)
  return sumOfTerms(
    head,
    gaussiansOf(head).map(({z, precision}) => {
      const inside = cast(less(abs(z), 10), 'float32')
      return {
        z,
        toZ: mul(mul(mul(toLog, z), mul(precision, -2)), inside),
        toPrecision: mul(toLog, mul(square(clipByValue(z, -10, 10)), -1)),
        toThird: mul(toLog, -1)
      }
    })
  )
}

const gaussiansOf = ({standardised, deviation, numbers}: Head) =>
  Array.from({length: numbers.length / 3}, (_, k) => ({
    z: sub(standardised, div(numbers[3 * k]!, deviation)),
    precision: numbers[3 * k + 1]!,
    third: numbers[3 * k + 2]!
  }))

const overAll = (t: Tensor): Tensor => reshape(sumAlong(reshape(t, [1, -1, 1]), 1), [1, 1, 1])

const chain: Readonly<Record<BlockFormName, (head: Head, excess: Tensor) => Chain>> = {product, clamped, additive}
