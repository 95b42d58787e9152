import {expect, it} from 'vitest'
import type {Explanation} from '@/lib/explain/explanation'
import type {Form} from '@/lib/views/frame'
import {figureLayout} from '@/lib/views/layout'
import {type PanelHeadOptions, panelHeads} from '@/lib/views/panelHeads'
import {figureRows} from '@/lib/views/rowOrder'
import {syntheticExplanation} from '../fixtures/explanations'
import {boards} from '../fixtures/planes'

const twelve = await syntheticExplanation({inputs: 6, resamples: 10})

function headsOf(explanation: Explanation | null, options: Partial<PanelHeadOptions> = {}, form: Form = 'wide') {
  const layout = figureLayout(
    figureRows(explanation, 'model'),
    {width: form === 'wide' ? 1232 : 343, height: 496},
    {form}
  )
  return panelHeads(explanation, layout, {map: 'density', partial: false, ...options})
}

it('panelHeads name the panels and say what they show', () => {
  expect(headsOf(twelve, {mapGloss: '64 features'}).map(({name, gloss}) => `${name}: ${gloss}`)).toEqual([
    'Importance Factor: which layers stand out',
    'Learned part: ',
    'Density attention: 64 features',
    'Gaussians: per head',
    'Signal: near 0 wins'
  ])
})

it('panelHeads leave out a gloss that would touch the controls', () => {
  expect(headsOf(twelve, {mapGloss: '1,234,567 features'})[2]!.gloss).toBe('')
})

it('panelHeads say that running numbers are so far', () => {
  expect(headsOf(twelve, {partial: true})[0]!.gloss).toBe('so far; the scale settles with the last input')
})

it('panelHeads on a phone keep names only', () => {
  expect(headsOf(twelve, {}, 'phone').map(({name, gloss}) => name + gloss)).toEqual([
    'Importance Factor',
    'Learned',
    'Density attention',
    'Gaussians',
    'Signal'
  ])
})

it('panelHeads offer only the maps that exist', () => {
  const can = (explanation: Explanation) => headsOf(explanation)[2]!.maps.map((map) => map.can)
  expect(can(twelve)).toEqual([true, true, true])
  expect(can({...twelve, nullDensity: null})).toEqual([true, true, false])
  expect(can({...twelve, importance: null})).toEqual([true, false, true])
  expect(headsOf({...twelve, density: null})[2]!.maps).toEqual([])
})

it('panelHeads call each map in its switch as its own name does', async () => {
  const named = (explanation: Explanation) => headsOf(explanation)[2]!.maps.map((map) => map.name)
  expect(named(twelve)).toEqual(['Density', 'IF', 'Learned'])
  expect(named(await boards())).toEqual(['Attention', 'IF', 'Learned'])
  const weights = {...twelve, provenance: {...twelve.provenance, maps: 'weights' as const}}
  expect(named(weights)[0]).toBe('Weights')
})

it('panelHeads offer the difference where curves coincide and magnifying helps', () => {
  const offered = (coincide: boolean, magnification: number, difference = false) =>
    headsOf(twelve, {gaussians: {coincide, magnification, difference}})[3]!.difference?.text
  expect(offered(true, 20)).toBe('×20')
  expect(offered(false, 20)).toBeUndefined()
  expect(offered(true, 1)).toBeUndefined()
  expect(offered(false, 20, true)).toBe('×1')
})

it('panelHeads of an empty figure have letters and names, and no controls', () => {
  const heads = headsOf(null)
  expect(heads.map(({letter}) => letter).join('')).toBe('abcde')
  expect(heads.some(({controls, gloss, maps}) => controls || gloss !== '' || maps.length > 0)).toBe(false)
})

it('panelHeads call attention over places attention, and not density attention', async () => {
  const explanation = await boards()
  expect(headsOf(explanation, {mapGloss: '15 regions'})[2]).toMatchObject({name: 'Attention', gloss: '15 regions'})
  expect(headsOf(explanation, {}, 'phone')[2]!.name).toBe('Attention')
})
