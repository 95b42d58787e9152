import {tensor1d, tensor2d, tensor3d, tidy} from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import {expect, it} from 'vitest'
import {random} from '@/lib/core/random'
import {type BackendName, onBackend} from '@/lib/models/backend'
import {gateForm} from '@/lib/models/kernels/gateForm'
import {readBack} from '@/lib/models/readBack'
import {type Bench, kernelCases} from './onEveryBackend'
import {worstError} from './worstError'

interface Shape {
  readonly n: number
  readonly positions: number
  readonly channels: number
  readonly gaussians: number
  readonly channelsFirst: boolean
  readonly masked: boolean
}

interface Case extends Shape {
  readonly values: Float32Array
  readonly projection: Float32Array
  readonly components: Float32Array
  readonly mask: Float32Array | null
}

const guard = 1e-3
const outputs = ['gate', 'standardised', 'deviation'] as const

/** The gate held to float64: 1e-5 of the peak. */
export function gateFormCases(backend: BackendName, bench: Bench = {}): void {
  const {poison, path, runs = 30} = bench
  kernelCases('a density gate', backend, bench, () => {
    it('gives the published numbers for any shape, either way round, with padding and without', async () => {
      const size = (max: number) => fc.integer({min: 1, max})
      const shapes = fc.record({
        n: size(4),
        positions: size(70),
        channels: size(40),
        gaussians: size(5),
        channelsFirst: fc.boolean(),
        masked: fc.boolean()
      })
      await fc.assert(
        fc.asyncProperty(shapes, (shape) => check(caseOf(shape))),
        {numRuns: runs, seed: 31}
      )
    })

    it.each([true, false])(
      'gives them for more than one turn of every lane (channels first: %s)',
      async (channelsFirst) => {
        const shape = {n: 2, positions: 1000, channels: 516, gaussians: 4, channelsFirst, masked: !channelsFirst}
        await check(caseOf(shape))
      }
    )

    it('counts one position where all are padding, and keeps the least variance', async () => {
      const given = caseOf({n: 2, positions: 5, channels: 3, gaussians: 2, channelsFirst: false, masked: true})
      given.mask!.fill(0)
      given.values.fill(4, 0, 15)
      await check(given)
    })

    it('is no number for a whole input that holds one, and for no other', async () => {
      const given = caseOf({n: 3, positions: 9, channels: 4, gaussians: 2, channelsFirst: true, masked: false})
      given.values[4 * 9 + 12] = Number.NaN
      const {gate, deviation} = await run(given)
      expect([...gate].map(Number.isNaN)).toEqual([...Array(27).keys()].map((i) => i >= 9 && i < 18))
      expect([...deviation].map(Number.isNaN)).toEqual([false, true, false])
    })
  })

  async function check(given: Case): Promise<void> {
    const wanted = oracle(given)
    for (const round of poison ? [0, 1] : [0]) {
      if (round) poison?.()
      const result = await run(given)
      for (const name of outputs) expect(worstError(result[name], wanted[name]), name).toBeLessThan(1e-5)
    }
  }

  const run = ({values, projection, components, mask, ...shape}: Case) =>
    onBackend(() =>
      readBack(
        tidy(() => {
          const {n, positions, channels, gaussians, channelsFirst} = shape
          const x = tensor3d(values, channelsFirst ? [n, channels, positions] : [n, positions, channels])
          const given = {
            x,
            projection: tensor1d(projection),
            components: tensor2d(components, [gaussians, 3]),
            mask: mask && tensor2d(mask, [n, positions])
          }
          return gateForm(given, {channelsFirst, guard, path})
        })
      )
    )
}

/** By the published formula word for word, in float64. */
function oracle({n, positions, channels, channelsFirst, values, projection, components, mask}: Case) {
  const gate: number[] = []
  const standardised: number[] = []
  const deviation: number[] = []
  for (let sample = 0; sample < n; sample++) {
    const p = Array.from({length: positions}, (_, at) =>
      projection.reduce((sum, w, c) => {
        const place = channelsFirst
          ? (sample * channels + c) * positions + at
          : (sample * positions + at) * channels + c
        return sum + w * values[place]!
      }, 0)
    )
    const counted = p.filter((_, at) => !mask || mask[sample * positions + at])
    const many = Math.max(1, counted.length)
    const mean = counted.length ? counted.reduce((sum, value) => sum + value, 0) / many : p[0]!
    const variance = counted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / many
    const scale = Math.sqrt(Math.max(variance, 1e-6))
    deviation.push(scale)
    for (const value of p) {
      standardised.push((value - mean) / scale)
      let sum = 0
      for (let k = 0; k < components.length; k += 3) {
        const z = (value - mean - components[k]!) / (scale * components[k + 1]! + guard)
        sum += components[k + 2]! * Math.exp((-z * z) / 2)
      }
      gate.push(sum)
    }
  }
  return {gate, standardised, deviation}
}

function caseOf(shape: Shape): Case {
  const {n, positions, channels, gaussians, masked} = shape
  const draws = random(n + 7 * positions + 77 * channels)
  const numbers = (length: number, of: () => number) => Float32Array.from({length}, of)
  return {
    ...shape,
    values: numbers(n * positions * channels, () => 1 + draws.normal()),
    projection: numbers(channels, () => draws.normal() / Math.sqrt(channels)),
    components: Float32Array.from(
      Array.from({length: gaussians}, () => [0.4 * draws.normal(), 0.3 + draws.next(), 0.5 + draws.next()]).flat()
    ),
    mask: masked ? numbers(n * positions, () => Number(draws.next() > 0.3)) : null
  }
}
