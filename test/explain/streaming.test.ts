import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {random} from '@/lib/core/random'
import {type AccumulatorOptions, accumulator} from '@/lib/explain/accumulate'
import type {RunResult} from '@/lib/models/family'
import {axesOf, runOf} from './maps'

const axes = axesOf(4, 3, 2)
const cells = 12

interface Inputs {
  readonly count: number
  readonly observed: RunResult
  readonly untrained: Float32Array
  readonly labels: readonly (number | null)[]
}

/** Densities over many orders of magnitude, some not finite, with classes that are partly unknown. */
const inputs: fc.Arbitrary<Inputs> = fc.integer({min: 1, max: 90}).chain((count) => {
  const floats = (length: number, options: fc.Float32ArrayConstraints) =>
    fc.float32Array({minLength: length, maxLength: length, ...options})
  return fc
    .record({
      density: floats(count * cells, {min: 0, max: 1, noNaN: true}),
      untrained: floats(count * cells, {min: 0, max: 1, noNaN: true}),
      standardised: floats(count * cells, {min: -9, max: 9}),
      deviation: floats(count * 6, {min: 0, max: 100, noNaN: true}),
      bad: fc.array(fc.nat(count * cells - 1), {maxLength: 3}),
      labels: fc.array(fc.option(fc.nat(3)), {minLength: count, maxLength: count})
    })
    .map(({density, untrained, standardised, deviation, bad, labels}) => {
      for (const i of bad) density[i] = Number.NaN
      const logits = density.slice(0, count * 2)
      return {count, observed: {density, standardised, deviation, logits, details: null}, untrained, labels}
    })
})

/** The part of a run that belongs to inputs start..stop. */
function cut({count, observed, untrained, labels}: Inputs, start: number, stop: number) {
  const part = (values: Float32Array) => {
    const own = values.length / count
    return values.slice(start * own, stop * own)
  }
  const result: RunResult = {
    density: part(observed.density),
    standardised: part(observed.standardised),
    deviation: part(observed.deviation),
    logits: part(observed.logits!),
    details: null
  }
  return [result, {density: part(untrained)}, labels.slice(start, stop)] as const
}

function accumulated(given: Inputs, cuts: readonly number[], options: AccumulatorOptions = {}) {
  const sums = accumulator(axes, options)
  const edges = [...new Set([0, ...cuts.filter((cut) => cut < given.count), given.count])].sort((a, b) => a - b)
  for (let i = 1; i < edges.length; i++) sums.add(...cut(given, edges[i - 1]!, edges[i]!))
  return sums.read()
}

const every = (size: number) => Array.from({length: 90}, (_, i) => i * size)

/** Bits, since -0 and 0 are equal and NaN is not. */
const bits = (value: unknown): unknown =>
  JSON.stringify(value, (_, inner) =>
    ArrayBuffer.isView(inner) ? [...new Uint32Array(inner.buffer, inner.byteOffset, inner.byteLength / 4)] : inner
  )

describe('the same numbers to the last bit', () => {
  it('whatever the batch size', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const one = bits(accumulated(given, every(1)))
        for (const size of [3, 7, 64]) expect(bits(accumulated(given, every(size)))).toBe(one)
      }),
      {numRuns: 40}
    )
  })

  it('however the inputs are cut into files', () => {
    fc.assert(
      fc.property(inputs, fc.array(fc.nat(89)), (given, cuts) => {
        expect(bits(accumulated(given, cuts))).toBe(bits(accumulated(given, [])))
      }),
      {numRuns: 40}
    )
  })

  it('when memory runs out on the way, too', () => {
    fc.assert(
      fc.property(inputs, fc.nat(2000), fc.nat(400), (given, mapBudget, classBudget) => {
        const options = {mapBudget, classBudget}
        expect(bits(accumulated(given, every(7), options))).toBe(bits(accumulated(given, every(1), options)))
      }),
      {numRuns: 40}
    )
  })
})

describe('the variance', () => {
  it('is that of two passes over the inputs, also where the mean is large beside it', () => {
    const one = axesOf(1, 1)
    fc.assert(
      fc.property(fc.array(fc.nat(1000), {minLength: 2, maxLength: 60}), (steps) => {
        const values = steps.map((step) => Math.fround(4096 + step / 2048))
        const sums = accumulator(one)
        for (const value of values) sums.add(runOf([[value]], one), null)
        const mean = values.reduce((a, b) => a + b, 0) / values.length
        const wanted = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1)
        expect(Math.abs(sums.read()!.variance![0]! - wanted)).toBeLessThanOrEqual(1e-9 * wanted + 1e-18)
      })
    )
  })

  it('is absent with one input', () => {
    const sums = accumulator(axesOf(1, 2))
    sums.add(runOf([[1, 2]], axesOf(1, 2)), null)
    expect(sums.read()!.variance).toBeNull()
  })
})

describe('classes', () => {
  const two = axesOf(1, 2)
  const maps = [
    [1, 2],
    [3, 4],
    [5, 9],
    [7, Number.NaN]
  ]

  it('have means over the inputs that count and came with a class', () => {
    const sums = accumulator(two)
    sums.add(runOf(maps, two), null, [2, null, 2, 0])
    expect(sums.read()!.classes).toEqual([
      {label: 2, count: 2, rowMeans: Float64Array.of(4.25), density: Float64Array.of(3, 5.5)}
    ])
  })

  it('are told in ascending order, and none without labels', () => {
    const sums = accumulator(two)
    sums.add(runOf(maps.slice(0, 3), two), null, [5, 0, 1])
    expect(sums.read()!.classes.map(({label}) => label)).toEqual([0, 1, 5])
    const without = accumulator(two)
    without.add(runOf(maps.slice(0, 3), two), null)
    expect(without.read()!.classes).toEqual([])
  })

  it('keep their row means when their maps would take too much memory', () => {
    const sums = accumulator(two, {classBudget: 2 * 2 * 8})
    sums.add(runOf(maps.slice(0, 3), two), null, [0, 1, 0])
    expect(sums.read()!.classes.every(({density}) => density !== null)).toBe(true)
    sums.add(runOf([[2, 2]], two), null, [2])
    expect(sums.read()!.classes).toEqual([
      {label: 0, count: 2, rowMeans: Float64Array.of(4.25), density: null},
      {label: 1, count: 1, rowMeans: Float64Array.of(3.5), density: null},
      {label: 2, count: 1, rowMeans: Float64Array.of(2), density: null}
    ])
  })
})

it('5,000 inputs of 24 × 1,024 hold no more than the map budget and 8 MB', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const held = () => {
    collect()
    return process.memoryUsage().arrayBuffers
  }
  const wide = axesOf(24, 1024, 8)
  const {next} = random(1)
  // Extremes that stand out, as real maps have them, over cells that hardly move.
  const slice = 50
  const density = Float32Array.from({length: slice * 24 * 1024}, (_, i) => {
    const cell = i % (24 * 1024)
    return cell === 0 ? 0.01 * next() : cell === 1 ? 1 - 0.01 * next() : 0.4 + 0.2 * next()
  })
  const run: RunResult = {
    density,
    standardised: new Float32Array(0),
    deviation: new Float32Array(slice * 8 * 1024),
    logits: null,
    details: null
  }
  const mapBudget = 32 * 2 ** 20
  const before = held()
  const sums = accumulator(wide, {mapBudget})
  let most = 0
  for (let i = 0; i < 5000; i += slice) {
    sums.add(
      run,
      {density},
      Array.from({length: slice}, (_, j) => j % 4)
    )
    if (i % 500 === 0) most = Math.max(most, held() - before)
  }
  most = Math.max(most, held() - before)
  expect(sums.seen).toBe(5000)
  expect(most).toBeLessThan(mapBudget + 8e6)
  // The extremes are still there for every input: intervals can be given.
  const {cells} = sums.read()!
  expect([...cells!.indices]).toEqual(expect.arrayContaining([0, 1]))
  expect(cells!.maps).toHaveLength(5000)
}, 30_000)
