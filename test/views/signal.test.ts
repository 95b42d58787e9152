import {describe, expect, it} from 'vitest'
import {rampColour, sequentialRamp} from '@/lib/core/colour'
import {grid, rowOf} from '@/lib/core/grid'
import type {Explanation} from '@/lib/explain/explanation'
import {signalPanel} from '@/lib/views/signal'
import {syntheticExplanation} from '../fixtures/explanations'
import {boards} from '../fixtures/planes'
import {frameOf} from './panelFrames'

const twelve = await syntheticExplanation({inputs: 10, resamples: 5})
const panel = (explanation: Explanation, look: Parameters<typeof frameOf>[2] = {}, pending = false) =>
  signalPanel(explanation, frameOf(explanation, 'e', look), {theme: 'light', pending})

/** Every second number of path data that d3 wrote: its heights. */
const heightsOf = (path: string): number[] =>
  path
    .match(/-?[\d.]+/g)!
    .map(Number)
    .filter((_, i) => i % 2 === 1)

describe('signalPanel', () => {
  it('draws each layer’s distribution inside its own row', () => {
    const frame = frameOf(twelve, 'e')
    const marks = panel(twelve)
    expect(marks.rows.map(({layer}) => layer)).toEqual(frame.rows.map(({layer}) => layer))
    marks.rows.forEach(({outline}, i) => {
      const heights = heightsOf(outline)
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(frame.rows[i]!.y)
      expect(Math.max(...heights)).toBeLessThanOrEqual(frame.rows[i]!.y + frame.rows[i]!.height)
    })
  })

  it('reaches 1.12 times as far as the layers of a head can', () => {
    const marks = panel(twelve)
    const one = marks.axis!.ticks.find(({text}) => text === '1')!
    expect((one.x / marks.width) * 2 - 1).toBeCloseTo(1 / (1.12 * Math.sqrt(2)), 6)
    expect(marks.axis!.title).toBe('z, heights per layer')
  })

  it('fills each z with the colour of the density its head would give it', () => {
    const {gradients} = panel(twelve)
    expect(gradients.map(({key}) => key)).toEqual(['h0', 'h1', 'h2', 'h3'])
    const {stops} = gradients[0]!
    // At offsets near zero the middle of the panel gets nearly all the density there is, the ends the least.
    const [low, high] = twelve.scale!
    const {offsetZ, variance} = twelve.heads[0]!
    const offset = offsetZ!.reduce((a, b) => a + b, 0) / offsetZ!.length
    const spread = variance.reduce((a, b) => a + b, 0) / variance.length
    const end = Math.exp(-((-1.12 * Math.sqrt(2) - offset) ** 2) / (2 * spread))
    expect(stops[0]!.colour).toBe(rampColour(sequentialRamp('light'), (end - low) / (high - low)))
    expect(stops[12]!.colour).toBe(rampColour(sequentialRamp('light'), 1))
  })

  it('measures a density block against the mean weight of what it saw', () => {
    const effective = {offset: 0, offsetZ: 0, variance: 0.5}
    const block: Explanation = {
      ...twelve,
      scale: [0, 2],
      heads: twelve.heads.map((head) => ({...head, kind: 'component', effective}))
    }
    const {edges, counts} = twelve.signal!
    const seen = [0, 1, 2].map((row) => rowOf(counts, row))
    const value = (z: number) => Math.exp(-z * z)
    let [worth, total] = [0, 0]
    for (const row of seen) {
      row.forEach((n, i) => {
        worth += n * value((edges[i]! + edges[i + 1]!) / 2)
        total += n
      })
    }
    expect(panel(block).gradients[0]!.stops[12]!.colour).toBe(rampColour(sequentialRamp('light'), total / worth / 2))
  })

  it('follows a sorted order', () => {
    const frame = frameOf(twelve, 'e', {order: 'importance'})
    expect(panel(twelve, {order: 'importance'}).rows.map(({layer}) => layer)).toEqual(frame.rows.map((r) => r.layer))
  })

  it('dots a layer that has no values', () => {
    const {edges, counts} = twelve.signal!
    const values = Float32Array.from(counts.values)
    values.fill(0, 3 * counts.cols, 4 * counts.cols)
    const marks = panel({...twelve, signal: {edges, counts: grid(counts.rows, counts.cols, values)}})
    expect(marks.dotted.map(({layer}) => layer)).toEqual([3])
    expect(marks.rows).toHaveLength(11)
  })

  it('says in a sentence why saved maps have no signal', () => {
    const saved = {...twelve, signal: null, provenance: {...twelve.provenance, maps: 'saved' as const}}
    expect(panel(saved).absent.join(' ')).toBe(
      'Saved maps hold densities, not the values behind them. Add the inputs to see these.'
    )
    expect(panel(saved).dotted).toEqual([])
  })

  it('says in a sentence why parameters have no signal, but not while it is being computed', () => {
    const bare = {...twelve, signal: null, provenance: {...twelve.provenance, maps: 'none' as const}}
    expect(panel(bare).absent.join(' ')).toBe('The signal is in the inputs. Add some to see it.')
    expect(panel(bare, {}, true).absent).toEqual([])
    expect(panel(bare, {}, true).dotted).toHaveLength(12)
  })
})

it('a signal without Gaussians promises no colour', async () => {
  const {rows, gradients, key, label} = panel(await boards())
  expect([rows.length, gradients.length, key]).toEqual([3, 0, null])
  expect(label).toBe('Distribution of standardised values in each hop.')
})

it('a signal without Gaussians ends where there is nothing left to see', () => {
  const edges = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]
  const counts = grid(1, 10, Float32Array.of(0, 1, 0, 100, 400, 400, 100, 0, 0, 0))
  const marks = panel({...twelve, heads: [], signal: {edges, counts}})
  // One value of 1,001 lies beyond 2.
  const ticks = marks.axis!.ticks
  expect([ticks[0]!.x, ticks.at(-1)!.x]).toEqual([0, marks.width])
  expect([ticks[0]!.text, ticks.at(-1)!.text]).toEqual(['−2', '2'])
})
