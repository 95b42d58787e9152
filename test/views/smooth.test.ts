import {area, curveBasis, curveMonotoneX, line} from 'd3'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {basis, monotone, type Place, smoothArea, smoothLine} from '@/lib/views/smooth'

const pixel = fc.integer({min: -4000, max: 4000}).map((value) => value / 8)
/** From left to right, some twice in the same place, as curves of a figure have them. */
const places = fc
  .array(fc.tuple(pixel, pixel), {minLength: 0, maxLength: 12})
  .map((all): Place[] => all.toSorted((a, b) => a[0] - b[0]))

describe.each([
  ['basis', basis, curveBasis],
  ['monotone', monotone, curveMonotoneX]
] as const)('%s', (_, ours, theirs) => {
  it('draws the line that d3 draws', () => {
    const path = line<Place>().digits(2).curve(theirs)
    fc.assert(
      fc.property(places, (all) => {
        expect(smoothLine(all, ours)).toBe(path(all as [number, number][]) ?? '')
      })
    )
  })

  it('draws the area that d3 draws', () => {
    const path = area<Place>().digits(2).curve(theirs)
    fc.assert(
      fc.property(places, pixel, (all, foot) => {
        const lower = all.map(([x, y]): Place => [x, y / 2 + foot])
        path.y0((p) => p[1] / 2 + foot)
        expect(smoothArea(all, lower, ours)).toBe(path(all as [number, number][]) ?? '')
      })
    )
  })
})
