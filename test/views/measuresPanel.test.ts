import {expect, it} from 'vitest'
import type {Explanation, MeasuredRows} from '@/lib/explain/explanation'
import {measuresPanel} from '@/lib/views/measuresPanel'
import {syntheticExplanation} from '../fixtures/explanations'
import {frameOf} from './panelFrames'

const four = await syntheticExplanation({layers: 4, heads: 1, features: 4, inputs: 6, resamples: 20})
const frame = frameOf(four, 'd')

const measure = (id: string, means: MeasuredRows['means'], more: Partial<MeasuredRows> = {}): MeasuredRows => ({
  id,
  title: `${id} of attention`,
  unit: 'bits',
  scale: 'linear',
  means,
  intervals: means.map(() => null),
  untrained: null,
  ...more
})

const panelOf = (...measures: MeasuredRows[]) => measuresPanel({...four, measures} as Explanation, frame)

it('measuresPanel is nothing where a family measures nothing', () => {
  expect(measuresPanel(four, frame)).toBeNull()
  expect(panelOf()).toBeNull()
})

it('measuresPanel draws larger values further right, at their rows, from zero on a linear axis', () => {
  const {dots, strips} = panelOf(measure('entropy', [1, 2, 3, 0]))!
  expect(strips).toHaveLength(1)
  expect(dots.map(({layer}) => layer)).toEqual([0, 1, 2, 3])
  expect(dots[1]!.x - dots[0]!.x).toBeCloseTo(dots[2]!.x - dots[1]!.x)
  expect(dots[3]!.x).toBeLessThan(dots[0]!.x)
  dots.forEach(({y}, row) => {
    expect(y).toBeGreaterThan(frame.rows[row]!.y)
    expect(y).toBeLessThan(frame.rows[row]!.y + frame.rows[row]!.height)
  })
})

it('measuresPanel gives each unit a strip of its own, and measures of one unit one axis', () => {
  const panel = panelOf(
    measure('entropy', [1, 2, 3, 4]),
    measure('content', [1e-4, 1e-3, 1e-2, 1e-1], {unit: 'norm', scale: 'log'}),
    measure('latent', [1e-2, 1e-2, 1e-2, 1e-2], {unit: 'norm', scale: 'log'})
  )!
  expect(panel.strips.map(({axis}) => axis.title)).toEqual(['bits', 'norm'])
  expect(panel.strips[1]!.x0).toBeGreaterThan(panel.strips[0]!.x1)
  const [content, latent] = ['content', 'latent'].map((id) => panel.dots.filter(({key}) => key.startsWith(id)))
  // Equal ratios are equal distances, and the same number the same place.
  expect(content![1]!.x - content![0]!.x).toBeCloseTo(content![3]!.x - content![2]!.x)
  expect(latent![0]!.x).toBeCloseTo(content![2]!.x)
  expect(latent![2]!.y).not.toBe(content![2]!.y)
  expect([content![0]!.shape, latent![0]!.shape]).toEqual(['filled', 'hollow'])
})

it('measuresPanel dots a row that has no value, and never places what has no logarithm', () => {
  const {dots, dotted} = panelOf(measure('norm', [null, 0, 1e-3, 1e-2], {scale: 'log'}))!
  expect(dots.map(({layer}) => layer)).toEqual([2, 3])
  expect(dotted.map(({layer}) => layer)).toEqual([0, 1])
})

it('measuresPanel draws intervals, untrained ticks and all within its strip', () => {
  const {dots, strips} = panelOf(
    measure('entropy', [1, 2, 3, 4], {intervals: [[0.5, 1.5], null, null, [3, 9]], untrained: [2, null, 2, 2]})
  )!
  expect(dots[0]!.whisker![0]).toBeLessThan(dots[0]!.x)
  expect(dots[3]!.whisker![1]).toBeLessThanOrEqual(strips[0]!.x1)
  expect(dots[1]!.untrained).toBeNull()
  expect(dots[0]!.untrained!.x).toBeCloseTo(dots[1]!.x)
  expect(dots[0]!.says).toBe('entropy of attention: 1 bits, untrained 2')
})

it('measuresPanel names measures of one axis by the words that tell them apart', () => {
  const titled = (id: string, title: string) => measure(id, [1, 2, 3, 4], {title, unit: 'norm'})
  const texts = (...titles: [string, string]) =>
    measuresPanel({...four, measures: [titled('one', titles[0]), titled('two', titles[1])]} as Explanation, {
      ...frame,
      width: 65
    })!.captions.map(({text}) => text)
  expect(texts('gradient by the content path', 'gradient by the latent path')).toEqual(['● content', '○ latent'])
  expect(texts('shift of sampling points', 'shift by the input adaptor')).toEqual(['● points', '○ adaptor'])
  expect(texts('entropy of attention', 'width of attention')).toEqual(['● entropy', '○ width'])
})

it('measuresPanel says what its tick is under a first measure of one name, and nothing where no twin stands', () => {
  const keyed = (...measures: MeasuredRows[]) =>
    panelOf(...measures)!.captions.some(({text, x}) => text === '| untrained' && x === 0)
  const twin = {untrained: [1, 1, 1, 1]}
  expect(keyed(measure('entropy', [1, 2, 3, 4], twin))).toBe(true)
  expect(keyed(measure('entropy', [1, 2, 3, 4]))).toBe(false)
  // Both lines of captions are taken.
  expect(keyed(measure('entropy', [1, 2, 3, 4], twin), measure('width', [1, 2, 3, 4], twin))).toBe(false)
})

it('measuresPanel puts on an axis what its measures have in common, where the unit does not say it', () => {
  const titled = (id: string, title: string, unit: string) => measure(id, [1, 2, 3, 4], {title, unit})
  const axisOf = (unit: string, ...titles: [string, string]) =>
    panelOf(titled('one', titles[0], unit), titled('two', titles[1], unit))!.strips[0]!.axis.title
  expect(axisOf('cells', 'shift of sampling points', 'shift by the input adaptor')).toBe('shift, cells')
  expect(axisOf('gradient norm', 'gradient by one path', 'gradient by the other path')).toBe('gradient norm')
  expect(axisOf('bits', 'entropy of attention', 'width of attention')).toBe('bits')
})

it('measuresPanel names measures whole where there is room', () => {
  const wide = {...frame, width: 900}
  const {captions} = measuresPanel({...four, measures: [measure('entropy', [1, 2, 3, 4])]} as Explanation, wide)!
  expect(captions.map(({text}) => text)).toEqual(['entropy of attention'])
})
