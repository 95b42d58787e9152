import '@tensorflow/tfjs-core/dist/register_all_gradients'
import {
  add,
  grads,
  memory,
  mul,
  type Scalar,
  sum,
  type Tensor,
  type Tensor2D,
  tensor,
  tensor2d,
  tidy
} from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {type BackendName, onBackend, openBackend} from '@/lib/models/backend'
import type {BlockFormName} from '@/lib/models/blockForm'
import {additiveHead, type BlockHead, clampedHead, componentHead} from '@/lib/models/headParameters'
import type {DevicePathName} from '@/lib/models/kernels/devicePath'
import {type MixtureOutput, mixture, mixtureOutputs} from '@/lib/models/kernels/mixture'
import {isModerate, mixtureParameters, packParameters} from '@/lib/models/kernels/mixtureParameters'
import {readBack} from '@/lib/models/readBack'
import {mixtureOracle, type OracleCase} from './mixtureOracle'
import {worstError} from './worstError'

interface Bench {
  readonly wasmPaths?: string
  readonly path?: DevicePathName
  /** Spoils whatever a broken kernel could mistake for its own answer. */
  readonly poison?: () => void
  readonly setUp?: () => void
  readonly runs?: number
}

const forms: readonly BlockFormName[] = ['product', 'clamped', 'additive']

/** Mixture attention held to the published forms in float64: within 1e-5 of each output's peak. */
export function mixtureCases(backend: BackendName, bench: Bench = {}): void {
  const {wasmPaths, path, poison, setUp, runs = 40} = bench
  describe(`mixture attention on ${backend}${path ? ` by ${path}` : ''}`, () => {
    beforeAll(async () => {
      await openBackend(backend, wasmPaths === undefined ? {} : {wasmPaths})
      setUp?.()
    })
    let before = 0
    beforeEach(() => {
      before = memory().numTensors
    })
    afterEach(() => {
      expect(memory().numTensors - before, 'tensors left behind').toBe(0)
    })

    const check = (given: OracleCase, want?: readonly MixtureOutput[]) => expectOracle(given, path, poison, want)

    it('gives the published numbers for any shape, axis, heads, Gaussians, padding and remainder', async () => {
      await fc.assert(
        fc.asyncProperty(cases, (given) => check(given)),
        {numRuns: runs, seed: 20261121}
      )
    })

    const long: readonly [string, number[], number, number | null][] = [
      ['rows that fill every lane', [2, 3, 128], 2, 1],
      ['rows of no four', [2, 3, 61], 2, 1],
      ['rows too long to hold', [1, 2, 9001], 2, null],
      ['rows too long to hold, in fours', [2, 2, 8960], 2, 1],
      ['columns', [2, 5, 12, 36], 2, 3],
      ['columns under a map across an axis before them', [2, 3, 8, 8], 2, 1],
      ['columns of no four', [2, 5, 11, 37], 2, 3],
      ['columns that lanes share', [2, 3, 71, 12], 2, 3],
      ['columns of no four that lanes share', [2, 66, 7], 1, 2],
      ['columns too long to hold', [1, 3, 1201, 12], 2, 3],
      ['columns with axes between them and the map', [2, 24, 3, 20], 1, 3],
      ['means over very many', [1, 300, 2, 16], 3, 2]
    ]
    it.each(long)('gives them for %s', async (name, shape, axis, column) => {
      const other = name.length % 2 ? 'clamped' : 'additive'
      for (const form of ['product', other] as const)
        await check(caseOf({form, shape, axis, column, heads: 2, gaussians: 3, seed: 5}))
    })

    it.each([
      ['rows', [2, 3, 2560], 2],
      ['columns', [1, 389, 12], 1],
      ['columns of no four', [1, 389, 7], 1]
    ] as [string, number[], number][])('gives the output alone for %s too long to hold', async (_, shape, axis) => {
      for (const form of ['product', 'clamped'] as const)
        await check(caseOf({form, shape, axis, column: null, heads: 2, gaussians: 3, seed: 6}), ['output'])
    })

    it.each([
      ['output', ['output'], false],
      ['output and map', ['output', 'map'], true]
    ] as [string, MixtureOutput[], boolean][])('gives %s of rows of whole blocks', async (_, want, padded) => {
      const recipe = {shape: [2, 3, 128], axis: 2, column: 1, heads: 2, gaussians: 3, seed: 7, padded}
      for (const form of ['product', 'additive'] as const) await check(caseOf({form, ...recipe}), want)
    })

    it('keeps the clamp of the sum exact: far peaks leave next to nothing', async () => {
      // Sums of exp(−z² / 2c²) fall from 1 to 10⁻³⁰ with the offset, through the clamp at 10⁻⁸.
      for (const offset of [0, 2, 4, 5, 6, 8]) {
        const given = caseOf({form: 'product', shape: [3, 4, 32], axis: 2, column: 1, heads: 1, gaussians: 2, seed: 8})
        await check({...given, offsets: [[offset, offset]], spreads: [[1, 1.2]]})
      }
    })

    it('neither under- nor overflows where very narrow Gaussians agree', async () => {
      const given = caseOf({form: 'product', shape: [2, 4, 24], axis: 2, column: 1, heads: 1, gaussians: 16, seed: 9})
      await check({...given, offsets: [Array(16).fill(0.1)], spreads: [Array(16).fill(0.05)]})
    })

    it.each(forms)('lets a value that is no number spoil its segment as the published code does: %s', async (form) => {
      const given = caseOf({form, shape: [2, 6, 20], axis: 2, column: 1, heads: 2, gaussians: 2, seed: 3})
      const values = Float32Array.from(given.values)
      values[3] = Number.NaN
      values[70] = Number.POSITIVE_INFINITY
      await check({...given, values})
      const strided = {...given, values, axis: 1, column: 2}
      await check(strided)
    })

    it.each(forms)('answers what the published code does for a chunk of one: %s', async (form) => {
      await check(caseOf({form, shape: [2, 3, 5], axis: 1, column: 2, heads: 3, gaussians: 2, seed: 4}))
      await check(caseOf({form, shape: [2, 5, 3], axis: 2, column: 1, heads: 3, gaussians: 2, seed: 4}))
    })

    const differentiable: readonly [BlockFormName, number[], number, boolean][] = [
      ['product', [2, 3, 11], 2, false],
      ['product', [2, 9, 4], 1, true],
      ['clamped', [2, 2, 10], 2, true],
      ['additive', [2, 7, 3], 1, false]
    ]
    it.each(differentiable)(
      'has the gradients of the %s form on %j along %i, padding %s',
      async (form, shape, axis, padded) => {
        const remainder = form === 'additive' ? 'dropped' : 'last-head'
        const given = caseOf({form, shape, axis, column: null, heads: 2, gaussians: 2, seed: 11, padded, remainder})
        await expectGradients(given, path)
      }
    )

    it('answers no number where a parameter is none', async () => {
      for (const form of forms) {
        const given = caseOf({form, shape: [2, 3, 16], axis: 2, column: 1, heads: 2, gaussians: 2, seed: 6})
        await check({...given, offsets: [[Number.NaN, 0], given.offsets[1]!]})
        await check({...given, spreads: [given.spreads[0]!, [1, Number.NaN]]})
      }
    })
  })
}

async function expectOracle(
  given: OracleCase,
  path?: DevicePathName,
  poison?: () => void,
  want: readonly MixtureOutput[] = mixtureOutputs
): Promise<void> {
  const {shape, axis, form, remainder, padding, column} = given
  const expected = mixtureOracle(given)
  const heads = given.offsets.length
  const parameters = packParameters(form, headsOf(given))
  // With the step that moderate parameters spare, and without; always a second time where something can be spoiled.
  for (const [round, moderate] of [false, isModerate(form, parameters)].entries()) {
    if (round) poison?.()
    const actual = await onBackend(async () => {
      const x = tensor(Float32Array.from(given.values), [...shape])
      const packed = tensor(parameters, [heads, parameters.length / heads])
      const own = path ? {path} : {}
      const results = mixture(x, packed, {
        form,
        axis,
        heads,
        remainder,
        padding,
        column,
        moderate,
        want,
        ...own
      })
      x.dispose()
      packed.dispose()
      return readBack(results)
    })
    // Means of standardised values may cancel out to nothing; what they average is of the size of one.
    for (const name of want)
      expect(
        worstError(actual[name], expected[name], name === 'standardisedMap' ? 1 : 0),
        `${name} of ${form} ${shape} along ${axis}`
      ).toBeLessThan(1e-5)
  }
}

const headOf = {product: componentHead, clamped: clampedHead, additive: additiveHead}

export const headsOf = ({form, offsets, spreads, heights}: OracleCase) =>
  offsets.map((offset, head) => {
    const stored: BlockHead = {
      head,
      blockLayer: 0,
      offset: Float32Array.from(offset),
      spread: Float32Array.from(spreads[head]!),
      heights: Float32Array.from(heights[head]!)
    }
    return headOf[form](stored)
  })

interface Recipe {
  readonly form: BlockFormName
  readonly shape: readonly number[]
  readonly axis: number
  readonly column: number | null
  readonly heads: number
  readonly gaussians: number
  readonly seed: number
  readonly padded?: boolean
  readonly remainder?: 'last-head' | 'dropped'
}

/** Numbers from a small generator, so that a case is told by its recipe. */
export function caseOf({heads, gaussians, seed, padded = false, ...rest}: Recipe): OracleCase {
  let state = seed * 2654435761
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const table = (least: number, most: number) =>
    Array.from({length: heads}, () =>
      Array.from({length: gaussians}, () => Math.fround(least + (most - least) * uniform()))
    )
  const size = rest.shape.reduce((a, b) => a * b, 1)
  const mean = 6 * uniform() - 3
  const values = Float32Array.from({length: size}, () => {
    const bell = uniform() + uniform() + uniform() + uniform() - 2
    return padded && uniform() < 0.2 ? -1 : mean + 1.7 * bell
  })
  return {
    remainder: 'last-head',
    ...rest,
    padding: padded ? -1 : null,
    values,
    offsets: table(-1, 1),
    spreads: table(0.6, 2),
    heights: table(0.2, 1)
  }
}

const cases = fc
  .record({
    form: fc.constantFrom(...forms),
    lengths: fc.array(fc.integer({min: 1, max: 7}), {minLength: 1, maxLength: 3}),
    items: fc.integer({min: 2, max: 67}),
    heads: fc.integer({min: 1, max: 9}),
    gaussians: fc.integer({min: 1, max: 5}),
    place: fc.nat(),
    across: fc.nat(),
    seed: fc.integer({min: 1, max: 1000}),
    padded: fc.boolean(),
    remainder: fc.constantFrom('last-head' as const, 'dropped' as const)
  })
  .map(({lengths, items, place, across, heads, ...rest}) => {
    const axis = 1 + (place % lengths.length)
    const shape = [...lengths.slice(0, axis), items, ...lengths.slice(axis)]
    const columns = [null, axis - 1, shape.length - 1].filter((at) => at === null || (at > 0 && at !== axis))
    const column = columns[across % columns.length]!
    return caseOf({...rest, shape, axis, column, heads: Math.min(heads, items)})
  })

/** Gradients of Σ output × a + Σ weights × b, held to central differences of the oracle: within 1e-4 of their peak. */
async function expectGradients(given: OracleCase, path?: DevicePathName): Promise<void> {
  const {shape, axis, form, remainder, padding, offsets} = given
  const heads = offsets.length
  const gaussians = offsets[0]!.length
  const {output} = mixtureOracle(given)
  const flow = (phase: number) => Float32Array.from(output, (_, i) => Math.sin(i + phase))
  const [a, b] = [flow(1), flow(2)]
  const loss = (at: OracleCase) => {
    const result = mixtureOracle(at)
    return result.output.reduce((sum, value, i) => sum + value * a[i]! + result.weights[i]! * b[i]!, 0)
  }
  const slope = (change: (by: number) => OracleCase) => (loss(change(1e-5)) - loss(change(-1e-5))) / 2e-5
  const nudged = (table: OracleCase['offsets'], head: number, k: number, by: number) =>
    table.map((row, h) => row.map((value, i) => (h === head && i === k ? value + by : value)))
  const ofTable = (name: 'offsets' | 'spreads' | 'heights') =>
    given[name].flatMap((row, head) =>
      row.map((_, k) => slope((by) => ({...given, [name]: nudged(given[name], head, k, by)})))
    )
  const expected = {
    // Padding is told by its value, which a difference would change.
    x: Array.from(given.values, (value, i) =>
      value === padding
        ? Number.NaN
        : slope((by) => ({...given, values: Float64Array.from(given.values, (v, j) => (i === j ? v + by : v))}))
    ),
    offsets: ofTable('offsets'),
    spreads: ofTable('spreads'),
    heights: ofTable('heights')
  }
  const actual = await onBackend(async () => {
    const own = path ? {path} : {}
    const inputs = [
      tensor(Float32Array.from(given.values), [...shape]),
      ...[given.offsets, given.spreads, given.heights].map((table) => tensor2d(table.flat(), [heads, gaussians]))
    ]
    const [x, offset, spread, height] = tidy(() =>
      grads((x: Tensor, o: Tensor, s: Tensor, h: Tensor) => {
        const parameters = mixtureParameters(form, o as Tensor2D, s as Tensor2D, add(h, 0) as Tensor2D)
        const result = mixture(x, parameters, {
          form,
          axis,
          heads,
          remainder,
          padding,
          want: ['output', 'weights'],
          ...own
        })
        const weighted = (of: Tensor, by: Float32Array) => sum(mul(of, tensor(by, of.shape)))
        // Where heights have no say, something of them must all the same be in the sum.
        const all = add(weighted(result.output, a), weighted(result.weights, b))
        return add(all, mul(sum(h), 0)) as Scalar
      })(inputs)
    ) as [Tensor, Tensor, Tensor, Tensor]
    for (const input of inputs) input.dispose()
    return readBack({x, offsets: offset, spreads: spread, heights: height})
  })
  for (const name of ['x', 'offsets', 'spreads', 'heights'] as const) {
    if (name === 'heights' && form !== 'additive') continue
    const wanted = expected[name]
    const found = Array.from(actual[name], (value, i) => (Number.isNaN(wanted[i]) ? Number.NaN : value))
    expect(worstError(found, wanted), `gradient of ${name}, ${form}`).toBeLessThan(1e-4)
  }
}
