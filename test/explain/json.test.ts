import {describe, expect, it} from 'vitest'
import {FormatError} from '@/lib/core/errors'
import type {Explanation} from '@/lib/explain/explanation'
import {decodeExplanation, encodeExplanation} from '@/lib/explain/json'
import {syntheticExplanation} from '../fixtures/explanations'

const small = await syntheticExplanation({layers: 6, features: 4, heads: 2, inputs: 30, resamples: 50, classes: 3})

/** The same with every float as float32, which is what the file keeps. */
const singles = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : Math.fround(value)
  if (ArrayBuffer.isView(value) || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(singles)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, singles(inner)]))
}

describe('an explanation written and read back', () => {
  it('is the same to the last bit of float32', () => {
    expect(decodeExplanation(encodeExplanation(small))).toEqual(singles(small))
  })

  it('gives the same text again', () => {
    const text = encodeExplanation(small)
    expect(encodeExplanation(decodeExplanation(text))).toBe(text)
  })

  it('gives the same text whatever the order of its keys', () => {
    const turned = Object.fromEntries(Object.entries(small).reverse()) as unknown as Explanation
    expect(encodeExplanation(turned)).toBe(encodeExplanation(small))
  })

  it('writes numbers short, and grids as rows, cols and values', () => {
    const {density} = JSON.parse(encodeExplanation(small)) as {density: {rows: number; cols: number; values: number[]}}
    expect([density.rows, density.cols, density.values.length]).toEqual([6, 4, 24])
    const digits = [...encodeExplanation(small).matchAll(/-?\d+\.(\d+)/g)].map(([number]) =>
      number.replace(/^-?[0.]*|\./g, '')
    )
    expect(digits.length).toBeGreaterThan(300)
    expect(digits.filter((digit) => digit.length > 9)).toEqual([])
  })

  it('keeps parameters that are not finite', () => {
    const heads = small.heads.map((head) => ({
      ...head,
      variance: head.variance.map((v, i) => (i ? v : NaN)),
      offsetZ: null
    }))
    const back = decodeExplanation(encodeExplanation({...small, heads}))
    expect(back.heads[0]!.variance[0]).toBeNaN()
    expect(back.heads[0]!.offsetZ).toBeNull()
  })

  it('keeps settings, with a padding value in all its digits', () => {
    const settings = {axes: [1, -1], paddingValue: -1e-9, map: [2, 3], blockLayer: 1, layout: 'time'} as const
    const back = decodeExplanation(encodeExplanation({...small, model: {...small.model, settings}}))
    expect(back.model.settings).toEqual(settings)
  })

  it('keeps the variance over inputs and the means by class, with their maps or without', () => {
    const own = {label: 0, inputs: 20, rows: Float32Array.of(1, 2, 3, 4, 5, 6)}
    const classDensity = [
      {...own, density: small.density!},
      {...own, label: 2}
    ]
    const back = decodeExplanation(encodeExplanation({...small, densityVariance: small.density!, classDensity}))
    expect(back.densityVariance).toEqual(singles(small.density))
    expect(back.classDensity).toEqual(classDensity)
    expect(back.classDensity![1]).not.toHaveProperty('density')
  })

  it('keeps an explanation of parameters alone', () => {
    const {densityVariance: _, classDensity: __, ...withoutSpread} = small
    const bare: Explanation = {
      ...withoutSpread,
      axes: null,
      heads: small.heads.map((head) => ({...head, rows: null, reach: null, offsetZ: null})),
      density: null,
      nullDensity: null,
      importance: null,
      scale: null,
      scaleCell: null,
      layers: [],
      agreement: null,
      signal: null,
      samples: [],
      provenance: {...small.provenance, maps: 'none', backend: null, bootstrap: null}
    }
    expect(decodeExplanation(encodeExplanation(bare))).toEqual(singles(bare))
  })

  it('never writes a number that JSON does not have', () => {
    const layers = small.layers.map((layer) => ({...layer, share: NaN}))
    expect(() => encodeExplanation({...small, layers})).toThrow(RangeError)
  })
})

type Json = {[key: string]: Json} & Json[] & (number | string | null)

/** The small explanation's JSON with one place changed. */
function spoilt(change: (json: Json) => void): string {
  const json = JSON.parse(encodeExplanation(small)) as Json
  change(json)
  return JSON.stringify(json)
}

describe('a file that does not fit is refused, with the place', () => {
  const cases: [string, (json: Json) => void][] = [
    ['At version: expected 1, got 2', (j) => Object.assign(j, {version: 2})],
    ['At model: expected an object, got null', (j) => Object.assign(j, {model: null})],
    [
      'At model.family: expected "layer-density" or "layer-density-gqa" or "density-block" or "additive-density" or "density-gate" or "layer-weights" or "attention-baseline" or "lora-adapters" or "stacked-latent" or "deformable-audio", got "x"',
      (j) => Object.assign(j.model!, {family: 'x'})
    ],
    ['At layers.3.rank: expected a whole number in 1–6, got 7', (j) => Object.assign(j.layers![3]!, {rank: 7})],
    ['At layers.3.rank: expected a whole number in 1–1000000, got 0', (j) => Object.assign(j.layers![3]!, {rank: 0})],
    ['At layers.3.rank: expected a whole number in 1–1000000, got nothing', (j) => delete j.layers![3]!.rank],
    ['At layers.2.layer: expected 2, got 0', (j) => Object.assign(j.layers![2]!, {layer: 0})],
    ['At layers.0.head: expected a whole number in 0–1, got 2', (j) => Object.assign(j.layers![0]!, {head: 2})],
    [
      'At layers.1.interval.1: expected a number, got "0.5"',
      (j) => Object.assign(j.layers![1]!, {interval: [0, '0.5']})
    ],
    [
      'At layers.1.rankInterval.1: expected a whole number in 1–6',
      (j) => Object.assign(j.layers![1]!, {rankInterval: [1, 9]})
    ],
    [
      'At layers.1.untrained.rank: expected a whole number in 1–6',
      (j) => Object.assign(j.layers![1]!.untrained!, {rank: 7})
    ],
    ['At layers: expected 6 rows, as axes.rows says, got a list of 0', (j) => Object.assign(j, {layers: []})],
    [
      'At density.values: expected 6 × 4 = 24 numbers, got a list of 1',
      (j) => Object.assign(j.density!, {values: [1]})
    ],
    ['At density.values.2: expected a number, got null', (j) => Object.assign(j.density!.values!, {2: null})],
    [
      'At importance.rows: expected 6, as axes.rows says, got 4',
      (j) => Object.assign(j.importance!, {rows: 4, cols: 6})
    ],
    [
      'At densityVariance.cols: expected 4, as axes.cols says, got 6',
      (j) => Object.assign(j, {densityVariance: {rows: 6, cols: 6, values: new Array(36).fill(0)}})
    ],
    [
      'At classDensity.0.rows: expected 6 numbers, as axes.rows says',
      (j) => Object.assign(j, {classDensity: [{label: 0, inputs: 1, rows: [1]}]})
    ],
    [
      'At classDensity.0.density.rows: expected 6, as axes.rows says, got 1',
      (j) => {
        const density = {rows: 1, cols: 4, values: [0, 0, 0, 0]}
        return Object.assign(j, {classDensity: [{label: 0, inputs: 1, rows: new Array(6).fill(0), density}]})
      }
    ],
    [
      'At classDensity.0.label: expected a whole number in 0–2, got 3',
      (j) => Object.assign(j, {classDensity: [{label: 3, inputs: 1, rows: new Array(6).fill(0)}]})
    ],
    [
      'At classDensity.1.label: expected one above the label before it, got 1',
      (j) => {
        const own = {label: 1, inputs: 1, rows: new Array(6).fill(0)}
        return Object.assign(j, {classDensity: [own, own]})
      }
    ],
    ['At axes: expected the axes of density, got null', (j) => Object.assign(j, {axes: null})],
    ['At axes.rows: expected a whole number in 1–1000000, got 1e+30', (j) => Object.assign(j.axes!, {rows: 1e30})],
    [
      'At scaleCell.col: expected a whole number in 0–3, got 4',
      (j) => Object.assign(j, {scaleCell: {row: 0, col: 4, moves: 0.2}})
    ],
    ['At signal.edges: expected 49 edges, got a list of 1', (j) => Object.assign(j.signal!, {edges: [0]})],
    [
      'At signal.counts.rows: expected 6, got 1',
      (j) => Object.assign(j.signal!, {counts: {rows: 1, cols: 1, values: [0]}})
    ],
    ['At heads.0.spread: expected 4 numbers, as many as offsets', (j) => Object.assign(j.heads![0]!, {spread: [1]})],
    ['At heads.1.rows: expected rows within 0–6, got a list of 2', (j) => Object.assign(j.heads![1]!, {rows: [3, 9]})],
    ['At samples.0.label: expected a whole number in 0–2, got 3', (j) => Object.assign(j.samples![0]!, {label: 3})],
    ['At caveats.0.id: expected "geometry" or', (j) => Object.assign(j, {caveats: [{id: 'fine', text: ''}]})],
    [
      'At provenance.checkpoint.size: expected a whole number',
      (j) => Object.assign(j.provenance!.checkpoint!, {size: -1})
    ],
    ['At finding.title: expected text, got an object', (j) => Object.assign(j.finding!, {title: {html: '<b>'}})]
  ]

  it.each(cases)('%s', (message, change) => {
    expect(() => decodeExplanation(spoilt(change))).toThrow(FormatError)
    expect(() => decodeExplanation(spoilt(change))).toThrow(message)
  })

  it.each(['', 'null', '[]', '{}', '{"version":1}', '"text"', '[[[[', '<html>'])('%j', (text) => {
    expect(() => decodeExplanation(text)).toThrow(FormatError)
  })

  it('whatever single value is lost, it says where and never breaks otherwise', () => {
    const paths: string[][] = []
    const walk = (value: unknown, path: string[]) => {
      if (path.length > 0) paths.push(path)
      if (typeof value !== 'object' || value === null || path.at(-1) === 'values') return
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key])
    }
    walk(JSON.parse(encodeExplanation(small)), [])
    expect(paths.length).toBeGreaterThan(500)
    for (const path of paths.filter((_, i) => i % 7 === 0)) {
      const text = spoilt((json) => {
        const parent = path.slice(0, -1).reduce((at, key) => at[key]!, json)
        Object.assign(parent, {[path.at(-1)!]: {surprise: true}})
      })
      try {
        decodeExplanation(text)
        // Only an object with optional keys alone can be replaced by another one.
        expect(path).toEqual(['model', 'settings'])
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError)
        expect((error as FormatError).path).toMatch(new RegExp(`^${path.join('\\.')}`))
      }
    }
  })
})

describe('what a family measures beside importance, and where its columns lie', () => {
  const rows = (value: number | null) => Array.from({length: 6}, () => value)
  const measured: Explanation = {
    ...small,
    axes: {
      ...small.axes!,
      rowLabels: ['a', 'b', 'c', 'd', 'e', 'f'],
      plane: {height: 1, width: 3, downName: 'row', acrossName: 'column', after: ['seven']}
    },
    measures: [
      {
        id: 'entropy',
        title: 'entropy of attention',
        unit: 'bits',
        scale: 'linear',
        means: rows(2),
        intervals: Array.from({length: 6}, () => [1, 3] as const),
        untrained: rows(null)
      }
    ]
  }

  it('are written and read back', () => {
    expect(decodeExplanation(encodeExplanation(measured))).toEqual(singles(measured))
  })

  it('must fit the map', () => {
    const [entropy] = measured.measures!
    const short = {...measured, measures: [{...entropy!, means: [1]}]}
    expect(() => decodeExplanation(encodeExplanation(short))).toThrow('measures.0.means')
    const wide = {...measured, axes: {...measured.axes!, plane: {...measured.axes!.plane!, width: 4}}}
    expect(() => decodeExplanation(encodeExplanation(wide))).toThrow('axes.plane')
  })
})
