import {grads, type Tensor, type Tensor3D, type Tensor4D, tensor, tensor3d, tensor4d, tidy} from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import {expect, it} from 'vitest'
import {random} from '@/lib/core/random'
import {type BackendName, onBackend} from '@/lib/models/backend'
import {type LayerOutput, layerForm, packLayerParameters} from '@/lib/models/kernels/layerForm'
import type {LayerShape} from '@/lib/models/kernels/layerFormOnArrays'
import {readBack} from '@/lib/models/readBack'
import {type LayerCase, layerOracle, slopeOf} from './layerOracle'
import {type Bench, kernelCases} from './onEveryBackend'
import {worstError} from './worstError'

const outputs = ['density', 'standardised', 'deviation'] as const

interface Case extends LayerCase {
  readonly values: Float32Array
  readonly offset: Float32Array
  readonly spread: Float32Array
}

/** The layer form and its gradients held to float64: 1e-5 of the peak for outputs, 1e-4 for gradients. */
export function layerFormCases(backend: BackendName, bench: Bench = {}): void {
  const {poison, runs = 30} = bench
  kernelCases('density attention over layers', backend, bench, () => {
    const shapes = (n: number, layers: number, features: number) =>
      fc.record({
        n: fc.integer({min: 1, max: n}),
        heads: fc.integer({min: 1, max: 3}),
        layers: fc.integer({min: 1, max: layers}),
        features: fc.integer({min: 1, max: features})
      })

    it('gives the published numbers for any shape', async () => {
      await fc.assert(fc.asyncProperty(shapes(5, 20, 40), checkForward), {numRuns: runs, seed: 11})
    })

    it('passes back what finite differences say, through each output, for any shape', async () => {
      await fc.assert(fc.asyncProperty(shapes(3, 5, 6), checkGradients), {numRuns: Math.ceil(runs / 3), seed: 12})
    })

    it('passes it back through more layers than a thread holds, and from more samples than it adds up', async () => {
      await checkGradients({n: 1, heads: 1, layers: 19, features: 4})
      await checkGradients({n: 40, heads: 1, layers: 2, features: 1})
    })

    it('writes only what is asked for', async () => {
      const given = caseOf({n: 2, heads: 2, layers: 3, features: 8})
      const {density} = layerOracle(given)
      const result = await run(given, ['density'])
      expect(Object.keys(result)).toEqual(['density'])
      expect(worstError(result.density, density)).toBeLessThan(1e-5)
    })

    it('keeps its digits on a large mean, and its numbers at the ends of the spreads', async () => {
      const given = caseOf({n: 2, heads: 1, layers: 3, features: 12})
      const far = {...given, values: given.values.map((value) => Math.fround(value * 8) / 8 + 100_000)}
      for (const [i, c] of [1e-38, -1e-38, -0.5, 1e30, 1e-10].entries()) far.spread[i] = c
      const wanted = layerOracle(far)
      const result = await run(far, outputs)
      expect(worstError(result.standardised, wanted.standardised)).toBeLessThan(1e-5)
      for (const [i, value] of result.density.entries()) {
        const want = wanted.density[i]!
        if (want > 3e38) expect(value).toBe(Number.POSITIVE_INFINITY)
        else expect(Math.abs(value - want)).toBeLessThan(1e-5 * Math.max(1, want))
      }
      expect(result.density.some((value) => value === Number.POSITIVE_INFINITY)).toBe(true)
    })

    it('is no number where one layer of a head is none, nor at spread 0 in the middle', async () => {
      const given = caseOf({n: 2, heads: 2, layers: 3, features: 5})
      given.values[3] = Number.NaN
      // The middle of three equal steps lies on the mean: 0 / 0 in the published code, too.
      given.spread[9] = 0
      given.offset[9] = 0
      for (const n of [0, 1]) for (const s of [0, 1, 2]) given.values[((n * 2 + 1) * 3 + s) * 5 + 4] = s
      const wanted = layerOracle(given)
      const result = await run(given, outputs)
      for (const name of outputs) expect(worstError(result[name], wanted[name]), name).toBeLessThan(1e-5)
      expect([...result.density].filter(Number.isNaN)).toHaveLength(5)
    })
  })

  async function checkForward(shape: LayerShape): Promise<void> {
    const given = caseOf(shape)
    const wanted = layerOracle(given)
    for (const round of poison ? [0, 1] : [0]) {
      if (round) poison?.()
      const result = await run(given, outputs)
      for (const name of outputs) expect(worstError(result[name], wanted[name]), name).toBeLessThan(1e-5)
    }
  }

  async function checkGradients(shape: LayerShape): Promise<void> {
    const given = caseOf(shape)
    for (const output of outputs) {
      const flowing = numbers(layerOracle(given)[output].length, 99)
      const loss = (changed: Partial<LayerCase>) =>
        layerOracle({...given, ...changed})[output].reduce((sum, value, i) => sum + value * flowing[i]!, 0)
      const sharpness = given.spread.map((c) => 1 / (2 * c))
      const byInput = slopeOf((values) => loss({values}), given.values)
      const byOffset = slopeOf((offset) => loss({offset}), given.offset)
      const bySharpness = slopeOf((q) => loss({spread: q.map((value) => 1 / (2 * value))}), sharpness)
      for (const round of poison ? [0, 1] : [0]) {
        if (round) poison?.()
        const back = await gradients(given, output, flowing)
        const count = given.offset.length
        // A gradient that is nothing but rounding has no peak of its own.
        const error = (actual: Float32Array, wanted: Float64Array) => worstError(actual, wanted, 0.1)
        expect(error(back.y, byInput), `${output} by input`).toBeLessThan(1e-4)
        expect(error(back.parameters.subarray(0, count), byOffset), `${output} by offset`).toBeLessThan(1e-4)
        expect(error(back.parameters.subarray(count), bySharpness), `${output} by sharpness`).toBeLessThan(1e-4)
      }
    }
  }
}

const run = <Want extends LayerOutput>(given: Case, want: readonly Want[]): Promise<Record<Want, Float32Array>> =>
  onBackend(() => readBack(tidy(() => layerForm(...tensorsOf(given), want))))

const gradients = (given: Case, output: LayerOutput, flowing: Float32Array) =>
  onBackend(() =>
    readBack(
      tidy(() => {
        const back = grads((y, parameters) => layerForm(y as Tensor4D, parameters as Tensor3D, outputs)[output])
        const shape = output === 'deviation' ? {...given.shape, layers: 1} : given.shape
        const [y, parameters] = back(tensorsOf(given), tensor(flowing, fourOf(shape))) as [Tensor, Tensor]
        return {y, parameters}
      })
    )
  )

const fourOf = ({n, heads, layers, features}: LayerShape): [number, number, number, number] => [
  n,
  heads,
  layers,
  features
]

function tensorsOf({shape, values, offset, spread}: Case): [Tensor4D, Tensor3D] {
  const {heads, features} = shape
  const own = (all: Float32Array, h: number) => all.subarray(h * features, (h + 1) * features)
  const packed = packLayerParameters(
    Array.from({length: heads}, (_, h) => ({offset: own(offset, h), spread: own(spread, h)}))
  )
  return [tensor4d(values, fourOf(shape)), tensor3d(packed, [2, heads, features])]
}

function caseOf(shape: LayerShape): Case {
  const {n, heads, layers, features} = shape
  const draws = random(n + 10 * heads + 100 * layers + 1000 * features)
  const gaussians = heads * features
  return {
    shape,
    values: numbers(n * heads * layers * features, n + layers + features),
    offset: Float32Array.from({length: gaussians}, () => 0.3 * draws.normal()),
    spread: Float32Array.from({length: gaussians}, () => 0.5 + 2 * draws.next())
  }
}

function numbers(length: number, seed: number): Float32Array {
  const draws = random(seed)
  return Float32Array.from({length}, () => draws.normal())
}
