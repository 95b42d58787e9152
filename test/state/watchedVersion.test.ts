import {expect, it} from 'vitest'
import {nothing} from '@/lib/state/opened'
import {bytesOf, rowsAlone, versionOf} from '@/lib/state/watchedVersion'
import {dataTables} from '@/lib/views/dataTable'
import {figureMarks} from '@/lib/views/figure'
import type {Form} from '@/lib/views/frame'
import {figureLayout} from '@/lib/views/layout'
import {figureRows} from '@/lib/views/rowOrder'
import {syntheticExplanation} from '../fixtures/explanations'

const explanation = await syntheticExplanation({inputs: 6, resamples: 10})
const whole = {...nothing, explanation, version: 1}
const named = {version: 1, at: 5, name: 'checkpoint.pth', size: 100}
const alone = rowsAlone(versionOf(named, whole), whole)

it('a version of which only rows are left keeps its ranking in the figure, and says what is missing', () => {
  for (const form of ['wide', 'phone'] satisfies Form[]) {
    const scene = {
      explanation: alone.explanation,
      labels: [],
      theme: 'light',
      map: 'density',
      own: null,
      window: null,
      difference: false,
      partial: false
    } as const
    const size = {width: form === 'wide' ? 1232 : 343, height: 496}
    const marks = figureMarks(scene, figureLayout(figureRows(alone.explanation, 'importance'), size, {form}))
    expect(marks.importance!.rows.map(({rank}) => rank!.text)).toEqual(
      [...explanation.layers].sort((a, b) => a.rank - b.rank).map(({rank}) => `${rank}`)
    )
    expect(marks.label).toEqual(expect.any(String))
  }
  expect(alone.explanation!.finding.caveat).toContain('its rows were kept')
  expect(dataTables(alone.explanation!).length).toBeGreaterThan(0)
})

it('weighs maps, curves and the copy of its file, and nothing without them', () => {
  const {density, heads} = explanation
  expect(bytesOf(whole)).toBeGreaterThanOrEqual(4 * (density!.values.length + heads.length))
  const file = new File([new Uint8Array(1000)], 'checkpoint.pth')
  const request = {checkpoint: {kind: 'file', file}, inputs: [], settings: {}} as const
  expect(bytesOf({...whole, request})).toBe(bytesOf(whole) + 1000)
  expect(bytesOf(alone)).toBe(0)
})
