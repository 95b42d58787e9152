import {expect, it} from 'vitest'
import {createLens} from '@/lib/state/lens'

it('a pin keeps the feature that was pointed at, until it is let go', () => {
  const lens = createLens()
  lens.getState().point(4, 30)
  lens.getState().pin(4)
  lens.getState().point(null)
  expect(lens.getState()).toMatchObject({feature: null, pinned: 4, pinnedFeature: 30})
  lens.getState().release()
  expect(lens.getState()).toMatchObject({pinned: null, pinnedFeature: null})
})

it('pinning the pinned layer again lets go of it and of its feature', () => {
  const lens = createLens()
  lens.getState().point(2, 7)
  lens.getState().pin(2)
  lens.getState().pin(2)
  expect(lens.getState()).toMatchObject({pinned: null, pinnedFeature: null})
})

it('letting go takes one thing at a time: enlarged panel, solo, pin, pointer', () => {
  const lens = createLens()
  lens.getState().point(1)
  lens.getState().pin(1)
  lens.getState().toggleSolo(1)
  lens.getState().enlarge('c')
  const held = () => {
    const {enlarged, solo, pinned, layer} = lens.getState()
    return [enlarged, solo, pinned, layer]
  }
  const steps = Array.from({length: 4}, () => {
    lens.getState().release()
    return held()
  })
  expect(steps).toEqual([
    [null, 1, 1, 1],
    [null, null, 1, 1],
    [null, null, null, 1],
    [null, null, null, null]
  ])
})
