import {grad, type Tensor3D, type Tensor4D, tensor3d, tensor4d, tidy} from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import {expect, it} from 'vitest'
import {random} from '@/lib/core/random'
import {type BackendName, onBackend} from '@/lib/models/backend'
import {sampleGrid} from '@/lib/models/kernels/sampleGrid'
import {readBack} from '@/lib/models/readBack'
import {type Bench, kernelCases} from './onEveryBackend'
import {worstError} from './worstError'

interface Shape {
  readonly n: number
  readonly shared: boolean
  readonly rows: number
  readonly cols: number
  readonly own: number
  readonly groups: number
  readonly points: number
}

interface Case extends Shape {
  readonly values: Float32Array
  readonly places: Float32Array
  readonly flowing: Float32Array
}

/** Bilinear sampling and both its gradients, held to float64. */
export function sampleGridCases(backend: BackendName, bench: Bench = {}): void {
  const {poison, runs = 30} = bench
  kernelCases('sampling a grid', backend, bench, () => {
    it('reads cells, what lies between them, and zeros beyond the edge, as PyTorch does', async () => {
      // A map 2 × 3: its corners, its middle, half a cell above it, a whole cell right of it, far away.
      const places = [-1, -1, 1, 1, 0, 0, -2, -1, 0, 2, 50, -3e9]
      const {y} = await onBackend(() =>
        readBack(
          tidy(() => ({
            y: sampleGrid(tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1]), tensor4d(places, [1, 1, places.length / 2, 2]))
          }))
        )
      )
      expect([...y]).toEqual([1, 6, 3.5, 0.5, 0, 0])
    })

    it('reads maps of any shape with any groups, on and beyond the edge', async () => {
      await fc.assert(
        fc.asyncProperty(shapes, (shape) => check(caseOf(shape))),
        {numRuns: runs, seed: 12}
      )
    })

    it('passes back to maps and points what finite differences find', async () => {
      await fc.assert(
        fc.asyncProperty(fewer, (shape) => checkGradients(caseOf(shape))),
        {numRuns: Math.ceil(runs / 2), seed: 13}
      )
    })

    it('passes nothing back to a map from beyond its edge, nor to a point that only reads zeros', async () => {
      const given = caseOf({n: 1, shared: false, rows: 3, cols: 3, own: 2, groups: 1, points: 2})
      given.places.set([-4, 0, 0, 7])
      const {map, places} = await gradients(given)
      expect([...map, ...places].every((value) => value === 0)).toBe(true)
    })

    it('is no number at a point that is none, and passes none back', async () => {
      const given = caseOf({n: 1, shared: false, rows: 3, cols: 4, own: 2, groups: 2, points: 3})
      given.places[2 * 4] = Number.NaN
      expect([...(await run(given))].map(Number.isNaN)).toEqual([...Array(12).keys()].map((i) => i === 6 || i === 7))
      const {map, places} = await gradients(given)
      expect([...map, ...places].some(Number.isNaN)).toBe(false)
    })
  })

  const size = (max: number) => fc.integer({min: 1, max})
  const grid = {n: size(3), shared: fc.boolean(), groups: size(3)}
  const shapes = fc.record({...grid, rows: size(9), cols: size(11), own: size(8), points: size(70)})
  // Each number is moved by itself.
  const fewer = fc.record({...grid, rows: size(4), cols: size(5), own: size(4), points: size(8)})

  async function check(given: Case): Promise<void> {
    const wanted = oracle(given, given.values, given.places)
    for (const round of poison ? [0, 1] : [0]) {
      if (round) poison?.()
      expect(worstError(await run(given), wanted, 1)).toBeLessThan(1e-5)
    }
  }

  async function checkGradients(given: Case): Promise<void> {
    const {values, places, flowing} = given
    const flow = (map: ArrayLike<number>, at: ArrayLike<number>) =>
      oracle(given, map, at).reduce((sum, value, i) => sum + value * flowing[i]!, 0)
    const wanted = {
      map: differences(values, (map) => flow(map, places)),
      places: differences(places, (at) => flow(values, at))
    }
    for (const round of poison ? [0, 1] : [0]) {
      if (round) poison?.()
      const back = await gradients(given)
      for (const name of ['map', 'places'] as const)
        expect(worstError(back[name], wanted[name], 1), name).toBeLessThan(1e-4)
    }
  }
}

const mapOf = ({n, shared, rows, cols, own, groups, values}: Case) =>
  tensor4d(values, [shared ? 1 : n, rows, cols, own * groups])
const pointsOf = ({n, groups, points, places}: Case) => tensor4d(places, [n, groups, points, 2])

const run = async (given: Case): Promise<Float32Array> => {
  const {y} = await onBackend(() => readBack(tidy(() => ({y: sampleGrid(mapOf(given), pointsOf(given))}))))
  return y
}

const gradients = (given: Case) =>
  onBackend(() =>
    readBack(
      tidy(() => {
        const {n, points, own, groups, flowing} = given
        const flow: Tensor3D = tensor3d(flowing, [n, points, own * groups])
        return {
          map: grad((x) => sampleGrid(x as Tensor4D, pointsOf(given)))(mapOf(given), flow),
          places: grad((at) => sampleGrid(mapOf(given), at as Tensor4D))(pointsOf(given), flow)
        }
      })
    )
  )

/** By the definition, in float64: the sum over all cells of how near each is on both axes. */
function oracle(shape: Shape, values: ArrayLike<number>, places: ArrayLike<number>): number[] {
  const {n, shared, rows, cols, own, groups, points} = shape
  const channels = own * groups
  return Array.from({length: n * points * channels}, (_, at) => {
    const channel = at % channels
    const point = Math.floor(at / channels) % points
    const sample = Math.floor(at / (channels * points))
    const place = ((sample * groups + Math.floor(channel / own)) * points + point) * 2
    const [down, across] = [((places[place]! + 1) / 2) * (rows - 1), ((places[place + 1]! + 1) / 2) * (cols - 1)]
    let sum = 0
    for (let row = 0; row < rows; row++)
      for (let col = 0; col < cols; col++) {
        const near = Math.max(0, 1 - Math.abs(down - row)) * Math.max(0, 1 - Math.abs(across - col))
        sum += near * values[(((shared ? 0 : sample) * rows + row) * cols + col) * channels + channel]!
      }
    return sum
  })
}

/** The function is linear in every number on its own, as far as one step reaches. */
function differences(values: Float32Array, of: (values: Float64Array) => number): Float64Array {
  const step = 1e-5
  return Float64Array.from(values, (_, i) => {
    const changed = Float64Array.from(values)
    changed[i]! += step
    const above = of(changed)
    changed[i]! -= 2 * step
    return (above - of(changed)) / (2 * step)
  })
}

function caseOf(shape: Shape): Case {
  const {n, shared, rows, cols, own, groups, points} = shape
  const draws = random(n + 3 * rows + 31 * cols + 311 * points + own)
  const numbers = (length: number, of: () => number) => Float32Array.from({length}, of)
  // On a cell's own centre the gradient has two sides, so no point may lie there.
  const between = (size: number) => {
    const cell = draws.integer(size + 3) - 2 + 0.1 + 0.8 * draws.next()
    return size === 1 ? 3 * draws.next() - 1.5 : (2 * cell) / (size - 1) - 1
  }
  return {
    ...shape,
    values: numbers((shared ? 1 : n) * rows * cols * own * groups, () => draws.normal()),
    places: Float32Array.from({length: n * groups * points * 2}, (_, i) => between(i % 2 ? cols : rows)),
    flowing: numbers(n * points * own * groups, () => draws.normal())
  }
}
