import {tensor3d, tensor4d, tidy} from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import {expect, it} from 'vitest'
import {random} from '@/lib/core/random'
import {type BackendName, onBackend} from '@/lib/models/backend'
import {attend} from '@/lib/models/kernels/attend'
import {readBack} from '@/lib/models/readBack'
import {type Bench, kernelCases} from './onEveryBackend'
import {worstError} from './worstError'

interface Shape {
  readonly n: number
  readonly queries: number
  readonly keys: number
  readonly heads: number
  readonly own: number
  /** How many biases take turns; 0 for none. */
  readonly biases: number
}

type Name = 'q' | 'k' | 'v' | 'bias'
type Case = Shape & Readonly<Record<Name, Float32Array>>

/** Dot-product attention held to float64. */
export function attendCases(backend: BackendName, bench: Bench = {}): void {
  const {poison, runs = 30} = bench
  kernelCases('attention', backend, bench, () => {
    it('weighs and sees by the formula for any shape, with biases that take turns and without', async () => {
      const size = (max: number) => fc.integer({min: 1, max})
      const shapes = fc.record({
        n: size(4),
        queries: size(20),
        keys: size(40),
        heads: size(4),
        own: size(9),
        biases: fc.constantFrom(0, 1, 2, 4)
      })
      await fc.assert(
        fc.asyncProperty(shapes, (shape) => check(caseOf(shape))),
        {numRuns: runs, seed: 8}
      )
    })

    it('stays a number where scores are far beyond what exp can take', async () => {
      const given = caseOf({n: 1, queries: 2, keys: 3, heads: 1, own: 4, biases: 1})
      // Of scores as large as these, dot products would lose the digits that tell.
      given.q.fill(0)
      given.bias.set([900, -900, 899, -1e4, -1e4, -1e4])
      await check(given)
    })

    it('is no number for queries that hold one, and for no other', async () => {
      const given = caseOf({n: 2, queries: 3, keys: 4, heads: 2, own: 4, biases: 0})
      given.q[8 + 1] = Number.NaN
      const {seen, weights} = await run(given)
      expect([...seen].map(Number.isNaN)).toEqual([...Array(48).keys()].map((i) => i >= 8 && i < 12))
      expect([...weights].map(Number.isNaN)).toEqual([...Array(48).keys()].map((i) => i >= 4 && i < 8))
    })
  })

  async function check(given: Case): Promise<void> {
    const wanted = oracle(given)
    for (const round of poison ? [0, 1] : [0]) {
      if (round) poison?.()
      const result = await run(given)
      for (const name of ['seen', 'weights'] as const)
        expect(worstError(result[name], wanted[name]), name).toBeLessThan(1e-5)
    }
  }
}

const run = ({n, queries, keys, heads, own, biases, q, k, v, bias}: Case) =>
  onBackend(() =>
    readBack(
      tidy(() =>
        attend(
          {
            q: tensor3d(q, [n, queries, heads * own]),
            k: tensor3d(k, [n, keys, heads * own]),
            v: tensor3d(v, [n, keys, heads * own]),
            bias: biases ? tensor4d(bias, [biases, queries, keys, heads]) : null
          },
          heads
        )
      )
    )
  )

function oracle({n, queries, keys, heads, own, biases, q, k, v, bias}: Case) {
  const channels = heads * own
  const seen = new Float64Array(n * queries * channels)
  const weights: number[] = []
  for (let sample = 0; sample < n; sample++)
    for (let head = 0; head < heads; head++)
      for (let query = 0; query < queries; query++) {
        const of = (values: Float32Array, many: number, row: number, c: number) =>
          values[(sample * many + row) * channels + head * own + c]!
        const scores = Array.from({length: keys}, (_, key) => {
          let dot = 0
          for (let c = 0; c < own; c++) dot += of(q, queries, query, c) * of(k, keys, key, c)
          const added = biases ? bias[(((sample % biases) * queries + query) * keys + key) * heads + head]! : 0
          return dot / Math.sqrt(own) + added
        })
        const most = Math.max(...scores)
        const parts = scores.map((score) => Math.exp(score - most))
        const sum = parts.reduce((a, b) => a + b)
        for (const [key, part] of parts.entries()) {
          weights.push(part / sum)
          for (let c = 0; c < own; c++)
            seen[(sample * queries + query) * channels + head * own + c]! += (part / sum) * of(v, keys, key, c)
        }
      }
  return {seen, weights}
}

function caseOf(shape: Shape): Case {
  const {n, queries, keys, heads, own, biases} = shape
  const draws = random(n + 5 * queries + 55 * keys + heads)
  const numbers = (length: number) => Float32Array.from({length}, () => draws.normal())
  return {
    ...shape,
    q: numbers(n * queries * heads * own),
    k: numbers(n * keys * heads * own),
    v: numbers(n * keys * heads * own),
    bias: numbers(biases * queries * keys * heads)
  }
}
