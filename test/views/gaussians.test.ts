import {describe, expect, it} from 'vitest'
import type {Explanation, HeadGaussians} from '@/lib/explain/explanation'
import {curveDifference, curvePath, gaussianCurve, isDrawable} from '@/lib/views/gaussianCurve'
import {gaussianProfile} from '@/lib/views/gaussianProfile'
import {gaussiansPanel} from '@/lib/views/gaussians'
import {signedTicks} from '@/lib/views/signedTicks'
import {syntheticExplanation} from '../fixtures/explanations'
import {frameOf} from './panelFrames'

const twelve = await syntheticExplanation({inputs: 10, resamples: 5})
const wide = await syntheticExplanation({layers: 24, heads: 8, features: 1024, inputs: 2, resamples: 2})
const untouched = await syntheticExplanation({inputs: 4, resamples: 2, trained: 0})

const panel = (explanation: Explanation, look: Parameters<typeof frameOf>[2] = {}, difference = false) =>
  gaussiansPanel(explanation, frameOf(explanation, 'd', look), {difference})

const withHeads = (change: (head: HeadGaussians) => Partial<HeadGaussians>): Explanation => ({
  ...twelve,
  heads: twelve.heads.map((head) => ({...head, ...change(head)}))
})

const components = withHeads(() => {
  const spread = Float32Array.of(0.8, 1.2, 1.5)
  const offset = Float32Array.of(0.3, -0.2, 0.1)
  const precision = spread.reduce((total, c) => total + 1 / c ** 2, 0)
  const middle = spread.reduce((total, c, k) => total + offset[k]! / c ** 2, 0) / precision
  return {
    kind: 'component',
    spread,
    offset,
    offsetZ: offset,
    variance: spread.map((c) => c ** 2),
    effective: {offset: middle, variance: 1 / precision, offsetZ: middle},
    initialVariance: 0.25
  }
})

/** Points of path data made of M and C. */
function samples(path: string): [number, number][] {
  const segments = path.split(/[MC]/).filter(Boolean)
  const points = segments.map((part) => part.split(' ').map((pair) => pair.split(',').map(Number) as [number, number]))
  return points.flatMap((control, i) => {
    if (i === 0) return control
    const [a, [b, c, d]] = [points[i - 1]!.at(-1)!, control as [number, number][]]
    return Array.from({length: 20}, (_, k): [number, number] => {
      const t = (k + 1) / 20
      const mix = (axis: 0 | 1) =>
        (1 - t) ** 3 * a[axis] + 3 * (1 - t) ** 2 * t * b![axis] + 3 * (1 - t) * t ** 2 * c![axis] + t ** 3 * d![axis]
      return [mix(0), mix(1)]
    })
  })
}

/** Every second number of path data that d3 wrote: its heights. */
const heightsOf = (path: string): number[] =>
  path
    .match(/-?[\d.]+/g)!
    .map(Number)
    .filter((_, i) => i % 2 === 1)

describe('gaussianCurve', () => {
  it('is exp(−(z − offset)² / 2·variance), 1 at its peak', () => {
    const {value, slope} = gaussianCurve(0.3, 2)
    expect(value(0.3)).toBe(1)
    expect(value(1.3)).toBeCloseTo(Math.exp(-0.25), 12)
    expect(slope(1.3)).toBeCloseTo((value(1.3 + 1e-6) - value(1.3 - 1e-6)) / 2e-6, 6)
  })

  it.each([
    [0, 2],
    [0.4, 0.02],
    [-3, 5],
    [0, 400]
  ])('is drawn to within 0.001 of itself at offset %s and variance %s', (offset, variance) => {
    const curve = gaussianCurve(offset, variance)
    const path = curvePath(curve, {limit: 2.4, x: (z) => z * 1000, y: (v) => v * 1000})
    for (const [x, y] of samples(path)) expect(Math.abs(y / 1000 - curve.value(x / 1000))).toBeLessThan(0.001)
  })

  it('minus itself is zero everywhere', () => {
    const flat = curveDifference(gaussianCurve(0.2, 2), gaussianCurve(0.2, 2))
    expect(samples(curvePath(flat, {limit: 2.4, x: (z) => z, y: (v) => v})).every(([, y]) => y === 0)).toBe(true)
  })

  it('cannot be drawn without a positive spread', () => {
    expect([isDrawable(0, 2), isDrawable(0, 0), isDrawable(0, -1), isDrawable(Number.NaN, 2)]).toEqual([
      true,
      false,
      false,
      false
    ])
  })
})

describe('gaussianProfile', () => {
  it('gives quantiles within 1/4096 of sorting', () => {
    const head = wide.heads[0]!
    const {z, quantiles} = gaussianProfile(head, 2.4)
    for (const i of [0, 7, 24, 31, 48]) {
      const sorted = Array.from(head.variance, (variance, f) =>
        gaussianCurve(head.offsetZ![f]!, variance).value(z[i]!)
      ).sort((a, b) => a - b)
      for (const [k, p] of [0.02, 0.25, 0.75, 0.98].entries()) {
        const position = p * (sorted.length - 1)
        const [low, high] = [sorted[Math.floor(position)]!, sorted[Math.ceil(position)]!]
        expect(quantiles[k]![i]!).toBeGreaterThan(low - 1 / 4096)
        expect(quantiles[k]![i]!).toBeLessThan(high + 1 / 4096)
      }
    }
  })

  it('passes over curves that cannot be drawn and counts them', () => {
    const head = {...twelve.heads[0]!, variance: Float32Array.from({length: 64}, (_, i) => (i < 3 ? -1 : 2))}
    const {undrawable, mean} = gaussianProfile(head, 2.4)
    expect(undrawable).toBe(3)
    expect(mean.every((v) => v > 0 && v <= 1)).toBe(true)
  })
})

describe('gaussiansPanel', () => {
  it('draws every curve of up to 128 features, and bands above', () => {
    expect(panel(twelve).blocks.map((b) => [b.curves.length, b.bands.length])).toEqual([
      [64, 0],
      [64, 0],
      [64, 0],
      [64, 0]
    ])
    expect(panel(wide).blocks.every((b) => b.curves.length === 0 && b.bands.length === 2)).toBe(true)
  })

  it('shades what the layers of a head can reach, sqrt(layers − 1)', () => {
    const [{reach}, {width}] = [panel(twelve).blocks[0]!, panel(twelve)]
    expect(reach!.width / width).toBeCloseTo(Math.sqrt(2) / 2.4, 6)
    expect(panel(twelve).axis!.title).toBe('z (shaded: in reach)')
  })

  it('lands each layer at its mean |z| on the mean curve', () => {
    const marks = panel(twelve)
    const {meanAbsZ} = twelve.layers[4]!
    const landing = marks.blocks[1]!.landings.find(({layer}) => layer === 4)!
    expect((landing.x / marks.width) * 4.8 - 2.4).toBeCloseTo(meanAbsZ!, 6)
    expect(landing.meaning).toBe(`layer 5, mean |z| ${meanAbsZ!.toFixed(2)}`)
    const {y, height} = marks.blocks[1]!
    const density = ((y + height - 2 - landing.y) / (height - 2)) * 1.04
    expect(density).toBeCloseTo(Math.exp(-(meanAbsZ! ** 2) / 4), 1)
  })

  it('keeps the numbers of landings apart and above the curves', () => {
    for (const {landings, y, height} of panel(twelve).blocks) {
      const heights = landings.map(({label}) => label!.y).sort((a, b) => a - b)
      for (let i = 1; i < heights.length; i++) expect(heights[i]! - heights[i - 1]!).toBeGreaterThanOrEqual(11)
      expect(heights.at(-1)!).toBeLessThan(y + height)
    }
  })

  it('notes spread and offset under the curves where there is room', () => {
    const [spread, offset] = panel(twelve).blocks[0]!.notes.map(({text}) => text)
    expect(spread).toMatch(/^spread \d\.\d\d to \d\.\d\d$/)
    expect(offset).toMatch(/^offset −0\.\d to \+0\.\d$/)
    expect(panel(wide).blocks[0]!.notes).toEqual([])
  })

  it('draws curves without offset and says so while no input tells how large it is', () => {
    const marks = panel(withHeads(() => ({offsetZ: null})))
    expect(marks.axis!.title).toBe('z, drawn without offset')
    expect(marks.blocks[0]!.notes[1]!.text).toBe('offset in raw units')
  })

  it('gives each row of a sorted order a small block of its own', () => {
    const marks = panel(twelve, {order: 'importance'})
    expect(marks.blocks).toHaveLength(12)
    expect(marks.blocks.every((b) => b.compact && b.landings.length === 1 && b.notes.length === 0)).toBe(true)
    expect(marks.blocks[0]!.key).toBe(`r${twelve.layers.find(({rank}) => rank === 1)!.layer}`)
  })

  it('draws the pointed-at feature’s own curve where its layer stands', () => {
    const own = panel(twelve).curveOf('h1', 30)!
    expect(own).toBe(panel(twelve).blocks[1]!.curves[30])
    expect(panel(twelve).curveOf('h9', 30)).toBeNull()
    expect(panel(twelve).curveOf('h1', 64)).toBeNull()
  })

  it('draws components thin, the Gaussian they equal thick, and says they cannot be identified', () => {
    const marks = panel(components)
    expect(marks.blocks[0]!.curves).toHaveLength(3)
    expect(marks.blocks[0]!.bands).toEqual([])
    expect(marks.blocks[0]!.mean).toMatch(/^M/)
    expect(marks.blocks[0]!.notes.map(({text}) => text)).toEqual(['spread 0.61', 'offset +0.1'])
    expect(marks.remark).toBe(
      'The 3 components of a head cannot be identified: only their product acts, the thick curve.'
    )
    expect(marks.caveat).toMatchObject({text: 'thin: not identifiable', meaning: marks.remark})
    expect(panel(components, {big: true}).caveat!.text).toBe(marks.remark)
    expect(marks.curveOf('h0', 1)).toBeNull()
  })

  it('names curves that have no positive spread instead of drawing them', () => {
    const broken = withHeads(({variance}) => ({variance: variance.map((v, i) => (i === 5 ? -0.5 : v))}))
    const marks = panel(broken)
    expect(marks.remark).toBe('4 curves without a positive spread cannot be drawn.')
    expect(marks.caveat!.text).toBe('4 curves not drawn')
    expect(marks.blocks[0]!.curves).toHaveLength(63)
    expect(marks.blocks[0]!.curves.join()).not.toContain('NaN')
    expect(marks.curveOf('h0', 5)).toBeNull()
  })

  it('offers the difference, magnified so that the middle half of the features fits', () => {
    const marks = panel(twelve, {}, true)
    expect(marks.coincide).toBe(true)
    expect([5, 10, 20, 50]).toContain(marks.magnification)
    expect(marks.key!.text).toBe(`change ×${marks.magnification}`)
    for (const {bands, y, height} of marks.blocks) {
      expect(bands).toHaveLength(1)
      const heights = heightsOf(bands[0]!)
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(y)
      expect(Math.max(...heights)).toBeLessThanOrEqual(y + height)
    }
    expect(marks.blocks[0]!.scale.map(({text}) => text)).toEqual([
      expect.stringMatching(/^−0\.\d+$/),
      expect.stringMatching(/^\+0\.\d+$/)
    ])
  })

  it('of an untrained module shows no difference at the largest magnification', () => {
    const marks = panel(untouched, {}, true)
    expect([marks.magnification, marks.coincide]).toEqual([1000, true])
  })

  it('has room for scatters of offset against spread when enlarged', () => {
    const marks = panel(twelve, {big: true})
    expect(marks.axis!.ticks.length).toBeGreaterThan(panel(twelve).axis!.ticks.length)
    const {scatter} = marks.blocks[0]!
    expect(scatter!.dots.match(/M/g)!.length).toBeGreaterThan(40)
    expect(scatter!.x).toBeGreaterThan(marks.width)
    expect(marks.scatterAxis!.title).toBe('offset, in z, against spread')
    expect(panel(twelve).blocks[0]!.scatter).toBeNull()
  })

  it('of nothing is empty', () => {
    const marks = gaussiansPanel(null, frameOf(twelve, 'd'))
    expect([marks.blocks, marks.axis, marks.coincide]).toEqual([[], null, false])
  })
})

it('signedTicks writes round numbers with a true minus', () => {
  expect(signedTicks(2.4, 5).map(({text}) => text)).toEqual(['−2', '−1', '0', '1', '2'])
  expect(signedTicks(0.045, 4).map(({text}) => text)).toEqual(['−0.04', '−0.02', '0', '0.02', '0.04'])
})
