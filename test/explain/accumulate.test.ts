import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {accumulatedFromSaved, accumulator, reachOf, rowMeansOf} from '@/lib/explain/accumulate'
import {sampleMapOf} from '@/lib/explain/sampleMap'
import {axesOf, numbersOf, runOf} from './maps'

const axes = axesOf(2, 2)

describe('accumulator', () => {
  it('averages the maps over all slices, each input counting once', () => {
    const sums = accumulator(axes)
    sums.add(
      runOf(
        [
          [0, 0, 0, 0],
          [1, 2, 3, 4]
        ],
        axes
      ),
      {density: new Float32Array(8).fill(0.5)}
    )
    sums.add(runOf([[2, 4, 6, 8]], axes), {density: new Float32Array(4).fill(2)})
    const numbers = sums.read()!
    expect([...numbers.density]).toEqual([1, 2, 3, 4])
    expect([...numbers.untrained!]).toEqual([1, 1, 1, 1])
    expect([...numbers.rowMeans]).toEqual([0, 0, 1.5, 3.5, 3, 7])
    expect([...numbers.untrainedRowMeans!]).toEqual([0.5, 0.5, 0.5, 0.5, 2, 2])
    expect([numbers.seen, numbers.count]).toEqual([3, 3])
  })

  it('can be read between slices, and a reading does not change afterwards', () => {
    const sums = accumulator(axes)
    expect(sums.read()).toBeNull()
    sums.add(runOf([[1, 1, 1, 1]], axes), null)
    const early = sums.read()!
    sums.add(runOf([[3, 3, 3, 3]], axes), null)
    expect([...early.density]).toEqual([1, 1, 1, 1])
    expect(early.cells!.maps.length).toBe(1)
    expect([...sums.read()!.density]).toEqual([2, 2, 2, 2])
  })

  it('adds in double precision: a million small densities are not lost', () => {
    const one = axesOf(1, 1)
    const sums = accumulator(one, {mapBudget: 0})
    const slice = runOf(
      Array.from({length: 1000}, () => [0.1]),
      one
    )
    for (let i = 0; i < 100; i++) sums.add(slice, null)
    expect(sums.read()!.density[0]).toBeCloseTo(Math.fround(0.1), 13)
  })

  it.each([NaN, Infinity, -Infinity])('leaves an input with a density of %d out, and names it', (bad) => {
    const sums = accumulator(axes)
    sums.add(
      runOf(
        [
          [1, 1, 1, 1],
          [1, bad, 1, 1],
          [3, 3, 3, 3]
        ],
        axes
      ),
      {density: new Float32Array(12)}
    )
    const numbers = sums.read()!
    expect(numbers.leftOut).toEqual([1])
    expect([numbers.seen, numbers.count]).toEqual([3, 2])
    expect([...numbers.density]).toEqual([2, 2, 2, 2])
  })

  it('leaves an input out when only its untrained twin is not finite: both means rest on the same inputs', () => {
    const numbers = numbersOf(
      axes,
      [
        [1, 1, 1, 1],
        [5, 5, 5, 5]
      ],
      [
        [0, 0, 0, 0],
        [0, NaN, 0, 0]
      ]
    )
    expect(numbers.leftOut).toEqual([1])
    expect([...numbers.density]).toEqual([1, 1, 1, 1])
  })

  it('has nothing to say when no input is finite', () => {
    const sums = accumulator(axes)
    sums.add(runOf([[NaN, 1, 1, 1]], axes), null)
    expect(sums.read()).toBeNull()
    expect([sums.seen, sums.leftOut]).toEqual([1, [0]])
  })

  it('has no untrained mean when the twin was missing for some inputs', () => {
    const sums = accumulator(axes)
    sums.add(runOf([[1, 1, 1, 1]], axes), {density: new Float32Array(4)})
    sums.add(runOf([[1, 1, 1, 1]], axes), null)
    expect([sums.read()!.untrained, sums.read()!.untrainedRowMeans]).toEqual([null, null])
  })

  it('keeps mean |z| and the distribution of z per row, and the mean deviation per head and column', () => {
    const heads = axesOf(2, 2, 2)
    const sums = accumulator(heads, {zLimit: 24})
    sums.add(
      {
        density: new Float32Array(8),
        standardised: Float32Array.of(-1, 1, 2, 2, -3, 1, 2, 6),
        deviation: Float32Array.of(1, 2, 3, 4, 3, 4, 5, 6),
        logits: null,
        details: null
      },
      null
    )
    const {meanAbsZ, deviation, signal} = sums.read()!
    expect([...meanAbsZ!]).toEqual([1.5, 3])
    expect([...deviation!]).toEqual([2, 3, 4, 5])
    expect([...signal!.counts.values.entries()].filter(([, n]) => n > 0)).toEqual([
      [21, 1],
      [23, 1],
      [25, 2],
      [48 + 26, 3],
      [48 + 30, 1]
    ])
  })

  it('ends the z axis 12 % beyond the reach of the longest head', () => {
    expect(numbersOf(axesOf(12, 1, 4), [new Array(12).fill(1)]).signal!.edges.at(-1)).toBeCloseTo(1.12 * Math.SQRT2, 12)
  })

  it('keeps logits of every input, those left out included', () => {
    const sums = accumulator(axes)
    sums.add(
      {
        ...runOf(
          [
            [1, NaN, 1, 1],
            [1, 1, 1, 1]
          ],
          axes
        ),
        logits: Float32Array.of(1, 2, 3, 4)
      },
      null
    )
    expect(sums.read()!.logits).toEqual([
      [1, 2],
      [3, 4]
    ])
  })

  it('refuses maps of another size, and twins of other inputs', () => {
    const sums = accumulator(axes)
    expect(() => sums.add({...runOf([], axes), density: new Float32Array(6)}, null)).toThrow(
      'accumulate: 6 densities do not fill maps of 2 × 2'
    )
    expect(() => sums.add(runOf([[1, 1, 1, 1]], axes), {density: new Float32Array(8)})).toThrow(
      'accumulate: 4 densities but 8 untrained; the inputs must be the same'
    )
  })

  it('the order of inputs changes no mean', () => {
    const map = fc.array(fc.float({min: 0, max: 1, noNaN: true}), {minLength: 4, maxLength: 4})
    fc.assert(
      fc.property(fc.array(map, {minLength: 1, maxLength: 8}), (maps) => {
        const [forth, back] = [numbersOf(axes, maps), numbersOf(axes, maps.toReversed())]
        expect([...back.density]).toEqual(Array.from(forth.density, (value) => expect.closeTo(value, 14)))
      })
    )
  })
})

describe('single maps under a budget', () => {
  const wide = axesOf(1, 6)
  // Columns 0 and 5 are the extremes; 1 to 4 lie far inside and hardly move.
  const maps = Array.from({length: 20}, (_, i) => [0 + 0.01 * (i % 2), 0.4, 0.5, 0.5, 0.6, 1 - 0.01 * (i % 3)])

  it('all cells are kept while they fit', () => {
    expect([...numbersOf(wide, maps).cells!.indices]).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('past the budget only cells that may still be extreme are kept, of earlier inputs too', () => {
    const {cells} = numbersOf(wide, maps, null, 10 * 6 * 4)
    expect([...cells!.indices]).toEqual([0, 5])
    expect(cells!.maps.length).toBe(20)
    expect([...cells!.maps[1]!]).toEqual([maps[1]![0], maps[1]![5]].map((x) => Math.fround(x!)))
  })

  it('none are kept when even those are too many, and memory stops growing', () => {
    const {cells} = numbersOf(wide, maps, null, 16)
    expect(cells!.indices.length).toBe(0)
  })
})

describe('sampleMapOf', () => {
  it('gives one input its own map, counted as the inputs came', () => {
    const numbers = numbersOf(axes, [
      [1, 1, 1, 1],
      [NaN, 1, 1, 1],
      [3, 3, 3, 4]
    ])
    expect([...sampleMapOf(numbers, 2)!.values]).toEqual([3, 3, 3, 4])
    expect([...sampleMapOf(numbers, 0)!.values]).toEqual([1, 1, 1, 1])
  })

  it('has none for an input left out, one that never came, or when maps were cut down to save memory', () => {
    const numbers = numbersOf(axes, [
      [1, 1, 1, 1],
      [NaN, 1, 1, 1]
    ])
    expect([sampleMapOf(numbers, 1), sampleMapOf(numbers, 2)]).toEqual([null, null])
    expect(
      sampleMapOf(
        numbersOf(
          axes,
          [
            [0, 1, 1, 9],
            [0, 1, 1, 9]
          ],
          null,
          16
        ),
        0
      )
    ).toBeNull()
  })
})

describe('accumulatedFromSaved', () => {
  const saved = {density: Float32Array.of(1, 2, 3, 4), axes, used: 3, held: 9, perSample: null}

  it("takes the file's mean when there is no more", () => {
    const numbers = accumulatedFromSaved(saved)!
    expect([...numbers.density]).toEqual([1, 2, 3, 4])
    expect([numbers.count, numbers.untrained, numbers.cells, numbers.signal, numbers.meanAbsZ]).toEqual([
      0,
      null,
      null,
      null,
      null
    ])
  })

  it('averages the inputs where the file kept each one', () => {
    const perSample = {count: 2, density: Float32Array.of(0, 0, 0, 0, 2, 4, 6, 8)}
    const numbers = accumulatedFromSaved({...saved, perSample})!
    expect([...numbers.density]).toEqual([1, 2, 3, 4])
    expect([numbers.count, numbers.meanAbsZ, numbers.deviation, numbers.signal]).toEqual([2, null, null, null])
  })

  it('has nothing to say of maps that are not finite', () => {
    expect(accumulatedFromSaved({...saved, density: Float32Array.of(1, NaN, 3, 4)})).toBeNull()
  })
})

it('reachOf a chunk of 3 is √2, of 1 is 0', () =>
  expect([reachOf(3), reachOf(1), reachOf(0)]).toEqual([Math.SQRT2, 0, 0]))
it('rowMeansOf (2, 3)', () => expect([...rowMeansOf([1, 2, 3, 4, 5, 6], 2)]).toEqual([2, 5]))
