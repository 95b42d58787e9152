import {beforeAll, describe, expect, it} from 'vitest'
import {editedHeads} from '@/lib/explain/edit'
import type {Explanation} from '@/lib/explain/explanation'
import {brushBand, brushedWith} from '@/lib/views/brushBand'
import {type FigureMarks, figureMarks} from '@/lib/views/figure'
import {gaussianHandles, type HandleChoice, movedBy} from '@/lib/views/gaussianHandles'
import {ghostCurves} from '@/lib/views/ghostCurves'
import {figureLayout, placeOf} from '@/lib/views/layout'
import {maskStrokes} from '@/lib/views/maskStrokes'
import {syntheticExplanation} from '../fixtures/explanations'

const nothing: HandleChoice = {pinned: null, pinnedFeature: null, window: null, component: null}

let explanation: Explanation
let marks: FigureMarks
beforeAll(async () => {
  explanation = await syntheticExplanation()
  marks = drawn(false)
})

function drawn(difference: boolean): FigureMarks {
  const heads = explanation.layers.map(({head}) => head)
  const layout = figureLayout({order: null, heads}, {width: 1232, height: 496})
  return figureMarks(
    {explanation, labels: [], theme: 'light', map: 'density', own: null, window: null, difference, partial: false},
    layout
  )
}

const handles = (choice: Partial<HandleChoice> = {}) => gaussianHandles(marks, explanation, {...nothing, ...choice})

describe('handles on Gaussians', () => {
  it('stand on every head as a whole, a peak and a flank each', () => {
    expect(handles().map(({kind}) => kind)).toEqual(Array(4).fill(['offset', 'spread']).flat())
    expect(handles()[2]!.label).toBe('Offset of head 2, all 64 features')
  })

  it('stand on the pinned feature of the pinned head alone', () => {
    const [offset, spread, ...others] = handles({pinned: 4, pinnedFeature: 16})
    expect(others).toEqual([])
    expect(offset).toMatchObject({moved: {head: 1, only: [16]}, label: 'Offset of head 2, feature 17'})
    const {offsetZ, variance, spread: stored} = explanation.heads[1]!
    expect(offset!.peak).toBeCloseTo(offsetZ![16]!, 6)
    expect(spread!.deviation).toBeCloseTo(Math.sqrt(variance[16]!), 6)
    expect(spread!.valueText).toContain(`c ${stored[16]!.toFixed(2)}`)
  })

  it('take the features that a zoomed map shows', () => {
    expect(handles({pinned: 0, window: [10, 20]})[0]!.moved).toEqual({
      head: 0,
      only: [10, 11, 12, 13, 14, 15, 16, 17, 18, 19]
    })
  })

  it('take brushed features before all else', () => {
    const [offset] = handles({pinned: 0, pinnedFeature: 3, brushed: [10, 13], window: [0, 20]})
    expect(offset).toMatchObject({moved: {head: 0, only: [10, 11, 12]}, label: 'Offset of head 1, features 11–13'})
  })

  it('stay inside their panel', () => {
    const {panel} = placeOf(marks.layout, 'd')!
    for (const {x} of handles()) {
      expect(x).toBeGreaterThanOrEqual(panel.x)
      expect(x).toBeLessThanOrEqual(panel.x + panel.frame.width)
    }
  })

  it('are not there while differences are shown', () => {
    expect(gaussianHandles(drawn(true), explanation, nothing)).toEqual([])
  })
})

describe('beside an edited curve', () => {
  const original = () => explanation
  const edited = (only: readonly number[] | null) => ({
    ...explanation,
    heads: editedHeads(explanation, [{kind: 'gaussians', head: 1, only, shift: 0.5, scale: 1}])
  })

  it('stands what it was before, and nothing where nothing was moved', () => {
    const now = edited(null)
    const curves = ghostCurves(marks, gaussianHandles(marks, now, nothing), now, original())
    expect(curves.map(({head, now}) => [head, now])).toEqual([[1, null]])
    // Head 2 as it is drawn without edits.
    expect(curves[0]!.ghost).toBe(marks.gaussians!.blocks.find(({head}) => head === 1)!.mean)
    expect(ghostCurves(marks, handles(), explanation, null)).toEqual([])
  })

  it('stands the mean of a set, which no other curve shows', () => {
    const now = edited([4, 5, 6])
    const choice = {...nothing, pinned: 4, brushed: [4, 7] as const}
    const [curve] = ghostCurves(marks, gaussianHandles(marks, now, choice), now, original())
    expect(curve!.now).toMatch(/^M/)
    expect(curve!.ghost).toMatch(/^M/)
    expect(curve!.now).not.toBe(curve!.ghost)
    const others = {...choice, brushed: [8, 10] as const}
    const [unmoved] = ghostCurves(marks, gaussianHandles(marks, now, others), now, original())
    expect(unmoved).toMatchObject({now: expect.stringMatching(/^M/), ghost: null})
  })
})

describe('a brushed set of features', () => {
  it('is framed over the map as far as it is shown', () => {
    const {panel} = placeOf(marks.layout, 'c')!
    const cell = panel.frame.width / 64
    const band = brushBand(marks, [16, 32])!
    expect(band).toMatchObject({text: 'features 17–32'})
    expect(band.x0).toBeCloseTo(panel.x + 16 * cell, 5)
    expect(band.x1).toBeCloseTo(panel.x + 32 * cell, 5)
    expect(brushBand(marks, null)).toBeNull()
    const zoomed = {...marks, heatmap: {...marks.heatmap!, window: [40, 50] as const}}
    expect(brushBand(zoomed, [16, 32])).toBeNull()
    expect(brushBand(zoomed, [16, 45])!.x1).toBeCloseTo(panel.x + panel.frame.width / 2, 5)
  })

  it('grows to a feature outside of it by a key, and is let go of by one inside', () => {
    expect(brushedWith(null, 7)).toEqual([7, 8])
    expect(brushedWith([7, 8], 11)).toEqual([7, 12])
    expect(brushedWith([7, 12], 3)).toEqual([3, 12])
    expect(brushedWith([7, 12], 8)).toBeNull()
  })
})

describe('a drag', () => {
  const flank = {kind: 'spread', deviation: 1, peak: 0, power: 2} as const

  it('of the peak adds to the shift that is in force', () => {
    expect(movedBy({...flank, kind: 'offset'}, 0.3, {shift: 0.2, scale: 1})).toEqual({shift: 0.5})
  })

  it('of the flank widens as the deviation does: a variance by its square, a component’s c by itself', () => {
    expect(movedBy(flank, 1, {shift: 0, scale: 1.5})).toEqual({scale: 6})
    expect(movedBy({...flank, power: 1}, 1, {shift: 0, scale: 1.5})).toEqual({scale: 3})
  })

  it('widens outwards on either flank, and never to nothing', () => {
    expect(movedBy({...flank, peak: 0.5}, -1, {shift: 0, scale: 1})).toEqual({scale: 4})
    expect(movedBy(flank, -5, {shift: 0, scale: 1}).scale).toBeGreaterThan(0)
  })
})

it('a masked row is struck through at its number and over the map, a masked column over the map', () => {
  const strokes = maskStrokes(marks, {rows: [3], cols: [5]})
  expect(strokes.map(({key}) => key)).toEqual(['number 3 0', 'row 3', 'column 5'])
  const column = strokes[2]!
  expect(column.x1).toBe(column.x2)
  expect(column.y2 - column.y1).toBeGreaterThan(marks.layout.rowsHeight)
})
