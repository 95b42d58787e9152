import {expect, it} from 'vitest'
import {drawFigure, drawReaderMarks} from '@/lib/draw/figure'
import {loadMapZoom} from '@/lib/draw/mapZoomLater'
import type {Explanation} from '@/lib/explain/explanation'
import {type FigureMarks, figureMarks} from '@/lib/views/figure'
import type {Form, Order, PanelLetter} from '@/lib/views/frame'
import {figureLayout, layoutBetween} from '@/lib/views/layout'
import type {Reader} from '@/lib/views/readerMarks'
import {figureRows} from '@/lib/views/rowOrder'
import {syntheticExplanation} from '../fixtures/explanations'

// It comes behind the first picture; a golden one is what stays.
await loadMapZoom()

const twelve = await syntheticExplanation({features: 12, inputs: 6, resamples: 40, trained: 3})
const twentyFour = await syntheticExplanation({
  layers: 24,
  heads: 8,
  features: 140,
  inputs: 4,
  resamples: 40,
  trained: 3
})
const forty = await syntheticExplanation({layers: 40, heads: 8, features: 140, inputs: 4, resamples: 40, trained: 3})
const saved: Explanation = {
  ...twelve,
  nullDensity: null,
  agreement: null,
  signal: null,
  layers: twelve.layers.map((row) => ({...row, interval: null, rankInterval: null, untrained: null, meanAbsZ: null})),
  provenance: {...twelve.provenance, maps: 'saved'}
}
const bare: Explanation = {
  ...saved,
  axes: null,
  density: null,
  importance: null,
  scale: null,
  scaleCell: null,
  layers: [],
  heads: twelve.heads.map((head) => ({...head, rows: null, reach: null, offsetZ: null})),
  provenance: {...twelve.provenance, maps: 'none'}
}

const rows = <T>(value: (row: number) => T) => twelve.layers.map((_, row) => value(row))
const measured: Explanation = {
  ...twelve,
  heads: [],
  measures: [
    {
      id: 'entropy',
      title: 'entropy of attention',
      unit: 'bits',
      scale: 'linear',
      means: rows((row) => 3 - row / 6),
      intervals: rows((row) => [2.9 - row / 6, 3.1 - row / 6]),
      untrained: rows(() => 3.17)
    },
    {
      id: 'content-gradient',
      title: 'content path’s gradient',
      unit: 'gradient norm',
      scale: 'log',
      means: rows((row) => 10 ** (row / 3 - 5)),
      intervals: rows((row) => [10 ** (row / 3 - 5.2), 10 ** (row / 3 - 4.8)]),
      untrained: rows((row) => 10 ** (row / 3 - 6))
    },
    {
      id: 'latent-gradient',
      title: 'latent path’s gradient',
      unit: 'gradient norm',
      scale: 'log',
      means: rows((row) => (row === 11 ? null : 0.01)),
      intervals: rows(() => null),
      untrained: rows(() => null)
    }
  ]
}

interface Look {
  readonly form?: Form
  readonly order?: Order
  readonly enlarged?: PanelLetter
  readonly partial?: boolean
}

function marksOf(
  explanation: Explanation | null,
  {form = 'wide', order = 'model', enlarged, partial = false}: Look = {}
) {
  const size = {width: form === 'wide' ? 1232 : 343, height: 496}
  const layout = figureLayout(figureRows(explanation, order), size, {form, enlarged: enlarged ?? null})
  const scene = {labels: [], theme: 'light', map: 'density', own: null, window: null, difference: false} as const
  return figureMarks({...scene, explanation, partial}, layout)
}

const nothing: Reader = {layer: null, feature: null, pinned: null, solo: null, focused: false}

function drawn(marks: FigureMarks, reader: Partial<Reader> = {}, root = document.createElement('div')): HTMLDivElement {
  drawFigure(root, marks)
  drawReaderMarks(root, marks, {...nothing, ...reader})
  return root
}

/**
 * The picture as text: one element a line, coordinates to a tenth of a pixel. `whole` keeps the curves of d and e; they
 * are most of the text, and have pictures of their own.
 */
function picture(root: HTMLElement, whole: boolean): string {
  const svg = root.querySelector('svg.figure-picture')!.cloneNode(true) as SVGElement
  if (!whole) for (const curves of svg.querySelectorAll('.block, .signal')) curves.remove()
  return svg.outerHTML
    .replaceAll('><', '>\n<')
    .replaceAll(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10))
}

const pictures: [name: string, marks: FigureMarks, reader?: Partial<Reader>][] = [
  ['figure-12-wide', marksOf(twelve), {pinned: 4}],
  ['figure-24-wide', marksOf(twentyFour), {pinned: 1}],
  ['figure-40-wide', marksOf(forty), {pinned: 1, layer: 20}],
  ['figure-12-phone', marksOf(twelve, {form: 'phone'}), {pinned: 4}],
  ['figure-24-phone', marksOf(twentyFour, {form: 'phone'})],
  ['figure-40-phone', marksOf(forty, {form: 'phone'})],
  ['figure-importance-order', marksOf(twelve, {order: 'importance'})],
  ['figure-enlarged-a', marksOf(twelve, {enlarged: 'a'})],
  ['figure-saved-maps', marksOf(saved)],
  ['figure-measures', marksOf(measured)],
  ['figure-enlarged-measures', marksOf(measured, {enlarged: 'd'})],
  ['figure-parameters', marksOf(bare)],
  ['figure-partial', marksOf(twelve, {partial: true})],
  ['figure-empty', marksOf(null)]
]

it.each(pictures)('%s matches its picture', async (name, marks, reader) => {
  await expect(`${picture(drawn(marks, reader), name === 'figure-12-wide')}\n`).toMatchFileSnapshot(
    `../output/${name}.svg`
  )
})

it.each(pictures)('%s drawn twice equals drawn once', (_, marks, reader) => {
  const root = drawn(marks, reader)
  const once = root.innerHTML
  drawn(marks, reader, root)
  expect(root.innerHTML).toBe(once)
})

it('drawFigure leaves nothing behind of what was drawn before', () => {
  const root = document.createElement('div')
  for (const marks of [
    marksOf(twelve),
    marksOf(measured),
    marksOf(forty, {form: 'phone'}),
    marksOf(null),
    marksOf(bare)
  ])
    drawn(marks, {}, root)
  drawn(marksOf(twelve, {enlarged: 'c'}), {}, root)
  drawn(marksOf(twelve), {pinned: 4}, root)
  expect(elementsOf(root)).toEqual(elementsOf(drawn(marksOf(twelve), {pinned: 4})))
})

// Order within a group may depend on the way that led here; what is there, and where, may not.
const elementsOf = (root: HTMLElement) =>
  [...root.querySelectorAll('svg.figure-picture *')]
    .map((element) => {
      const alone = element.cloneNode(false) as Element
      const text = element.childElementCount === 0 ? element.textContent : ''
      return `${element.parentElement!.getAttribute('class')} > ${alone.outerHTML} ${text}`
    })
    .sort()

it('drawReaderMarks touches nothing but the reader’s own marks', () => {
  const root = drawn(marksOf(twelve))
  const before = [...root.querySelectorAll('.row, .hair, .axis, .head')].map((element) => element.outerHTML)
  drawReaderMarks(root, marksOf(twelve), {...nothing, layer: 3, pinned: 4})
  expect(root.querySelectorAll('.reader')).toHaveLength(2)
  drawReaderMarks(root, marksOf(twelve), nothing)
  expect(root.querySelectorAll('.reader, .band, .veil')).toHaveLength(0)
  const after = [...root.querySelectorAll('.row, .hair, .axis, .head')].map((element) =>
    element.outerHTML.replace(/(row|layer) hushed/, '$1')
  )
  expect(after).toEqual(before)
})

it('one hairline for each layer runs from the head bar to the figure’s right edge', () => {
  const hairs = [...drawn(marksOf(twelve)).querySelectorAll('.hair')]
  expect(hairs).toHaveLength(12)
  expect(new Set(hairs.map((hair) => `${hair.getAttribute('x1')} ${hair.getAttribute('x2')}`))).toEqual(
    new Set(['36 1232'])
  )
})

it('every panel draws a layer at the spine’s own y', () => {
  const marks = marksOf(twelve)
  const root = drawn(marks)
  document.body.append(root)
  const top = (selector: string) => root.querySelector(selector)!.getBoundingClientRect()
  for (const {layer, y, height} of marks.layout.rows) {
    const from = root.querySelector('svg')!.getBoundingClientRect().top + 76 + y
    for (const box of [
      top(`[data-letter="a"] [data-layer="${layer}"] .trained`),
      top(`[data-letter="b"] [data-layer="${layer}"] .learned`)
    ]) {
      expect(box.top).toBeGreaterThanOrEqual(from)
      expect(box.bottom).toBeLessThanOrEqual(from + height)
    }
  }
  root.remove()
})

it('on a journey d and e move with their rows, and arrive without a trace', () => {
  const [from, to] = [marksOf(twelve).layout, marksOf(twelve, {order: 'importance'}).layout]
  const scene = {
    explanation: twelve,
    labels: [],
    theme: 'light',
    map: 'density',
    own: null,
    window: null,
    difference: false,
    partial: false
  } as const
  const arrived = figureMarks(scene, layoutBetween(from, to, 1 - 1e-9))
  const half = figureMarks(scene, layoutBetween(from, to, 0.5), arrived)
  const root = drawn(half)
  const shifts = [...root.querySelectorAll('g.signal')].map((g) => g.getAttribute('transform'))
  expect(shifts).toEqual(
    arrived.signal!.rows.map(({layer}) => {
      const y = ({layout}: FigureMarks) => layout.rows.find((row) => row.layer === layer)!.y
      return `translate(0,${Math.round((y(half) - y(arrived)) * 100) / 100})`
    })
  )
  expect(new Set(shifts).size).toBeGreaterThan(6)
  drawn(marksOf(twelve, {order: 'importance'}), {}, root)
  expect(elementsOf(root)).toEqual(elementsOf(drawn(marksOf(twelve, {order: 'importance'}))))
})

it('the heatmap’s canvas stands exactly under its panel', () => {
  const root = drawn(marksOf(twelve))
  const {style} = root.querySelector<HTMLCanvasElement>('canvas.figure-map')!
  expect([style.left, style.top, style.width, style.height]).toEqual(['561px', '76px', '333px', '378px'])
})
