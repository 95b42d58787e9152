import fc from 'fast-check'
import {expect, it} from 'vitest'
import {grid} from '@/lib/core/grid'
import {mapSums} from '@/lib/core/mapSums'

it('gives the sum and the number of cells that are not finite, for any rectangle of any map', () => {
  const cell = fc.oneof(
    {weight: 8, arbitrary: fc.float({min: -100, max: 100, noNaN: true})},
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
  )
  const cases = fc
    .tuple(fc.integer({min: 1, max: 12}), fc.integer({min: 1, max: 12}))
    .chain(([rows, cols]) =>
      fc.tuple(
        fc.constant({rows, cols}),
        fc.array(cell, {minLength: rows * cols, maxLength: rows * cols}),
        fc.tuple(fc.nat(rows), fc.nat(rows)),
        fc.tuple(fc.nat(cols), fc.nat(cols))
      )
    )
  fc.assert(
    fc.property(cases, ([{rows, cols}, values, down, across]) => {
      const map = grid(rows, cols, Float32Array.from(values))
      const {sums, holes} = mapSums(map)
      const [r0, r1] = [Math.min(...down), Math.max(...down)]
      const [c0, c1] = [Math.min(...across), Math.max(...across)]
      let [sum, missing] = [0, 0]
      for (let row = r0; row < r1; row++)
        for (let col = c0; col < c1; col++) {
          const value = map.values[row * cols + col]!
          if (Number.isFinite(value)) sum += value
          else missing += 1
        }
      const inside = (table: Float64Array | Uint32Array) => {
        const at = (row: number, col: number) => table[row * (cols + 1) + col]!
        return at(r1, c1) - at(r1, c0) - at(r0, c1) + at(r0, c0)
      }
      expect(inside(sums)).toBeCloseTo(sum, 9)
      expect(holes ? inside(holes) : 0).toBe(missing)
    })
  )
})

it('needs no count of holes where there are none', () => {
  expect(mapSums(grid(1, 2, Float32Array.of(1, 2))).holes).toBeNull()
})
