import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {agreementOf, importanceFactor, layerImportances, scaleCellOf, scaleOf} from '@/lib/explain/importance'
import {rowRanks} from '@/lib/explain/rowRanks'
import {axesOf, numbersOf} from './maps'

const map = fc.array(fc.double({min: 0, max: 1, noNaN: true}), {minLength: 6, maxLength: 6})

describe('importanceFactor', () => {
  it('is (D − min) / (max − min) with one minimum and one maximum for the whole map', () => {
    expect([...importanceFactor([0.25, 0.5, 0.75, 1.25])!]).toEqual([0, 0.25, 0.5, 1])
  })

  it('averages first and normalises then, not the other way round', () => {
    const {density} = numbersOf(axesOf(1, 3), [
      [0, 1, 0],
      [0, 0, 4]
    ])
    // Normalising each input first would give (0, 0.5, 0.5).
    expect([...importanceFactor(density)!]).toEqual([0, 0.25, 1])
  })

  it('scales all heads together: a head whose densities are all low stays low', () => {
    const [quiet, loud] = layerImportances({...numbersOf(axesOf(2, 2, 2), [[0.1, 0.2, 0.8, 1.1]])})
    expect(quiet!.importance).toBeCloseTo(0.05, 6)
    expect(loud!.importance).toBeCloseTo(0.85, 6)
  })

  it.each([
    ['the same everywhere', [0.7, 0.7, 0.7]],
    ['the same but for float32 rounding', [0.7, 0.7 + 3e-8, 0.7 - 3e-8]],
    ['zero everywhere', [0, 0, 0]],
    ['one cell', [0.3]]
  ])('a map that is %s has no importance', (_, density) => {
    expect([importanceFactor(density), scaleOf(density)]).toEqual([null, null])
    expect(layerImportances(numbersOf(axesOf(1, density.length), [density]))).toEqual([])
  })

  it('lies in [0, 1] and reaches both', () => {
    fc.assert(
      fc.property(map, (density) => {
        const values = importanceFactor(density)
        fc.pre(values !== null)
        expect(Math.min(...values)).toBe(0)
        expect(Math.max(...values)).toBe(1)
      })
    )
  })

  it('does not change when density is scaled and shifted', () => {
    fc.assert(
      fc.property(
        map,
        fc.double({min: 0.1, max: 10, noNaN: true}),
        fc.double({min: -1, max: 1, noNaN: true}),
        (density, a, b) => {
          const moved = density.map((value) => a * value + b)
          const [before, after] = [importanceFactor(density), importanceFactor(moved)]
          const [min, max] = [Math.min(...density), Math.max(...density)]
          fc.pre(before !== null && after !== null && max - min > 1e-3)
          expect([...after]).toEqual(Array.from(before, (value) => expect.closeTo(value, 5)))
        }
      )
    )
  })
})

describe('layerImportances', () => {
  // Two heads of two layers, two features; means 0.3 0.7 | 0.5 0.5.
  const observed = [0.2, 0.4, 0.6, 0.8, 0.4, 0.6, 0.5, 0.5]
  const untrained = [0.1, 0.3, 0.8, 1.0, 0.5, 0.5, 0.5, 0.5]
  const layers = layerImportances(numbersOf(axesOf(4, 2, 2), [observed], [untrained]))
  const column = <T>(of: (layer: (typeof layers)[number]) => T) => layers.map(of)
  const close = (values: number[], wanted: number[]) => expect(values).toEqual(wanted.map((w) => expect.closeTo(w, 6)))

  it('gives each layer the mean importance of its row', () => {
    close(
      column((l) => l.importance),
      [1 / 6, 5 / 6, 1 / 2, 1 / 2]
    )
    close(
      column((l) => l.density),
      [0.3, 0.7, 0.5, 0.5]
    )
  })

  it('gives its share of all attention, which sums to 1', () => {
    close(
      column((l) => l.share),
      [0.15, 0.35, 0.25, 0.25]
    )
  })

  it('ranks over all, within the head and by share; ties share the better rank', () => {
    expect(column((l) => l.rank)).toEqual([4, 1, 2, 2])
    expect(column((l) => l.rankInHead)).toEqual([2, 1, 1, 1])
    expect(column((l) => l.rankByShare)).toEqual([4, 1, 2, 2])
    expect(column((l) => l.head)).toEqual([0, 0, 1, 1])
  })

  it("puts the untrained twin on the observed map's scale, where it may leave 0 to 1", () => {
    close(
      column((l) => l.untrained!.importance),
      [0, 7 / 6, 1 / 2, 1 / 2]
    )
    expect(column((l) => l.untrained!.rank)).toEqual([4, 1, 2, 2])
  })

  it("keeps the twin's own scale for tables only", () => {
    close(
      column((l) => l.untrained!.importanceOwnScale!),
      [1 / 9, 8 / 9, 4 / 9, 4 / 9]
    )
  })

  it('gives what was learned in density units', () => {
    close(
      column((l) => l.untrained!.learned),
      [0.1, -0.2, 0, 0]
    )
  })

  it('has no twin where the untrained module was not run', () => {
    expect(layerImportances(numbersOf(axesOf(4, 2, 2), [observed])).map((l) => l.untrained)).toEqual(
      new Array(4).fill(null)
    )
  })

  it('has no own scale for a constant twin, but still what was learned', () => {
    const [first] = layerImportances(numbersOf(axesOf(4, 2, 2), [observed], [new Array(8).fill(1)]))
    expect(first!.untrained!.importanceOwnScale).toBeNull()
    expect(first!.untrained!.learned).toBeCloseTo(-0.7, 6)
  })

  it('knows no head for a row that no head owns', () => {
    const axes = {...axesOf(2, 1), headRows: [[0, 1]] as const}
    expect(layerImportances(numbersOf(axes, [[0, 1]])).map((l) => l.head)).toEqual([0, -1])
  })
})

describe('the learned part', () => {
  it('has the sign of the true difference, even where subtracting two importances gives the other sign', () => {
    // Training lowered every layer by a little, and one cell by much more: that cell alone sets the zero.
    const before = [0.5, 0.52, 0.9, 0.92, 0.6, 0.62]
    const after = [0.49, 0.51, 0.89, 0.91, 0.59, 0.3]
    const layers = layerImportances(numbersOf(axesOf(3, 2), [after], [before]))
    const naive = layers.map((l) => l.importance - l.untrained!.importanceOwnScale!)
    expect(naive[0]).toBeGreaterThan(0)
    expect(naive[1]).toBeGreaterThan(0)
    for (const {untrained} of layers) expect(untrained!.learned).toBeLessThan(0)
    expect(layers[0]!.untrained!.importance).toBeGreaterThan(layers[0]!.importance)
  })

  it('always has the sign of trained minus untrained, and the twin bar stands on its other side', () => {
    fc.assert(
      fc.property(map, map, (after, before) => {
        for (const layer of layerImportances(numbersOf(axesOf(3, 2), [after], [before]))) {
          const {learned, density, importance} = layer.untrained!
          expect(Math.sign(learned)).toBe(Math.sign(layer.density - density))
          if (Math.abs(learned) > 1e-9) expect(Math.sign(layer.importance - importance)).toBe(Math.sign(learned))
        }
      })
    )
  })
})

describe('rowRanks', () => {
  it('rows that float32 cannot tell apart are tied', () => expect(rowRanks([0.7, 0.70000005, 0.2])).toEqual([1, 1, 3]))
  it('rows that differ in the sixth digit are not', () => expect(rowRanks([0.7, 0.70001, 0.2])).toEqual([2, 1, 3]))
})

describe('agreementOf', () => {
  it('correlates layer means and counts equal ranks', () => {
    const numbers = numbersOf(axesOf(4, 1), [[1, 2, 3, 4]], [[1, 3, 2, 4]])
    const agreement = agreementOf(layerImportances(numbers))!
    expect(agreement.r).toBeCloseTo(0.8, 12)
    expect([agreement.sameRanks, agreement.of]).toEqual([2, 4])
  })

  it('is unknown without a twin, for a constant twin, and for no layers', () => {
    expect(agreementOf(layerImportances(numbersOf(axesOf(2, 1), [[1, 2]])))).toBeNull()
    expect(agreementOf(layerImportances(numbersOf(axesOf(2, 1), [[1, 2]], [[1, 1]])))).toBeNull()
    expect(agreementOf([])).toBeNull()
  })
})

describe('scaleCellOf', () => {
  it('names the cell that alone sets the zero', () => {
    expect(scaleCellOf([0.5, 0.6, 0.7, 0.1, 0.9, 0.8], 3)).toEqual({row: 1, col: 0, moves: expect.closeTo(0.5, 12)})
  })

  it('names the cell that alone sets the one, when it moves the scale further', () => {
    expect(scaleCellOf([0.1, 0.2, 1.1, 0.3], 2)).toEqual({row: 1, col: 0, moves: expect.closeTo(0.8, 12)})
  })

  it('names none when the next cell is within a tenth of the range', () => {
    expect(scaleCellOf([0, 0.05, 0.5, 0.95, 1], 5)).toBeNull()
  })

  it('names none when two cells share the extreme, or the map is constant', () => {
    expect(scaleCellOf([0, 0, 1, 1], 2)).toBeNull()
    expect(scaleCellOf([1, 1, 1, 1], 2)).toBeNull()
  })
})
