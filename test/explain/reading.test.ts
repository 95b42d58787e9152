import {describe, expect, it} from 'vitest'
import type {Explanation, LayerImportance} from '@/lib/explain/explanation'
import {readingOf, spokenReading} from '@/lib/explain/reading'
import {syntheticExplanation} from '../fixtures/explanations'

const base = await syntheticExplanation({inputs: 30, resamples: 50})

const row = (
  more: Partial<LayerImportance>,
  untrained: Partial<NonNullable<LayerImportance['untrained']>> = {}
): Explanation => {
  const layer: LayerImportance = {
    ...base.layers[4]!,
    importance: 0.8269,
    interval: [0.8101, 0.8299],
    share: 0.0933,
    density: 0.87,
    rank: 4,
    rankInHead: 1,
    untrained: {
      density: 0.887,
      importance: 0.8637,
      importanceOwnScale: 0.79,
      rank: 4,
      learned: -0.01706,
      learnedInterval: [-0.0181, -0.0159],
      ...untrained
    },
    ...more
  }
  return {...base, layers: base.layers.map((other, i) => (i === 4 ? layer : other))}
}

const said = (explanation: Explanation, layer = 4) =>
  readingOf(explanation, layer)
    .map(({text}) => text)
    .join('')

describe('the reading of a layer', () => {
  it('says importance, ranks, the untrained twin, what training moved, and the share', () => {
    expect(said(row({}))).toBe(
      'Importance 0.83 (95\u00a0% interval 0.81–0.83), 4th of 12 and 1st of 3 in its head. ' +
        'Untrained it would be 0.86, also 4th. ' +
        'Training moved its mean density by −0.017, from 0.887 to 0.870. ' +
        'It carries 9.3\u00a0% of all attention.'
    )
  })

  it('says so when the interval cannot tell the learned part from zero', () => {
    expect(said(row({}, {learnedInterval: [-0.03, 0.001]}))).toContain(
      'by −0.017, from 0.887 to 0.870, which the interval cannot tell from zero. It'
    )
  })

  it('says another untrained rank without "also"', () => {
    expect(said(row({rank: 3}, {rank: 5}))).toContain(
      '3rd of 12 and 1st of 3 in its head. Untrained it would be 0.86, 5th.'
    )
  })

  it('says no interval where there is none, and no twin where there is none', () => {
    expect(said(row({interval: null, untrained: null}))).toBe(
      'Importance 0.83, 4th of 12 and 1st of 3 in its head. It carries 9.3\u00a0% of all attention.'
    )
    expect(said(row({}, {learnedInterval: null}))).not.toContain('cannot tell')
  })

  it('writes a gain with a plus', () => expect(said(row({}, {learned: 0.0201}))).toContain('by +0.020,'))

  it('sets the numbers that matter strong', () => {
    const strong = readingOf(row({}), 4).flatMap(({text, strong}) => (strong ? [text] : []))
    expect(strong).toEqual(['0.83', '0.81–0.83', '4th', '1st', '0.86', '4th', '−0.017', '9.3\u00a0%'])
  })

  it('is spoken with the name of the layer and its head', () => {
    expect(spokenReading(row({}), 4)).toMatch(/^Layer 5, head 2\. Importance 0\.83 \(95/)
  })
})

describe('without importance', () => {
  const none = {...base, layers: []}
  it('says what it needs', () => {
    expect(said({...none, provenance: {...base.provenance, maps: 'none'}})).toBe(
      'No importance yet: it needs inputs, or maps saved in the checkpoint.'
    )
    expect(said({...none, density: null})).toBe('No importance: no density is finite.')
    expect(said(none)).toBe('No importance: every cell of the map has the same density.')
  })

  it('is spoken with the name of the layer alone', () => {
    expect(spokenReading({...none, axes: null, density: null}, 0)).toBe('Layer 1. No importance: no density is finite.')
  })
})
