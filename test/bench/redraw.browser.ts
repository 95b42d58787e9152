import {expect, it} from 'vitest'
import {measureRedraws} from './redraw'

it('redraws every view of both maps, in turn with the plain lookup that it is compared with', async () => {
  const {plain, redraws, maps} = await measureRedraws(5)
  expect(plain).toBeGreaterThan(0)
  expect([redraws, maps.map(({map}) => map)]).toEqual([5, ['40 × 5,120, 8 heads', '1,500 × 1,024']])
  for (const {panel, ratio, figure} of maps) {
    expect(ratio).toBeCloseTo(panel / plain, 12)
    expect(figure).toBeGreaterThan(0)
  }
})
