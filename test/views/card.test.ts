import {describe, expect, it} from 'vitest'
import {headHues} from '@/lib/core/colour'
import {card, cardSize, drawable} from '@/lib/views/card'
import {example} from '../share/explanations'

const digits = example('digits')
const words = {title: digits.finding.title, caveat: digits.finding.caveat, facts: '12 layers × 64 features, 100 inputs'}

describe('the picture of a shared explanation', () => {
  const drawn = card(digits, words)
  const said = drawn.texts.map(({text}) => text).join(' ')

  it('says finding, caveat and facts in full', () => {
    for (const text of Object.values(words)) expect(said).toContain(text)
  })

  it('has a bar for each layer in the colour of its head, as long as its Importance Factor, over its untrained twin', () => {
    const bars = drawn.rects.filter(
      ({fill, height, width}) => headHues.light.includes(fill) && height > 3 && width > 30
    )
    const unit = bars[0]!.width / digits.layers[0]!.importance
    expect(bars.map(({fill}) => fill)).toEqual(digits.layers.map(({head}) => headHues.light[head]))
    for (const [i, {width}] of bars.entries()) expect(width / unit).toBeCloseTo(digits.layers[i]!.importance, 5)
    const twins = drawn.rects.filter(({fill, width}) => fill === '#7d8994' && width > 30)
    for (const [i, {width}] of twins.entries()) {
      expect(width / unit).toBeCloseTo(digits.layers[i]!.untrained!.importance, 5)
    }
    expect(twins).toHaveLength(digits.layers.length)
  })

  it('has its map, beside the rows it belongs to', () => {
    const {x, y, bitmap} = drawn.map!
    expect(x + bitmap.width).toBeLessThanOrEqual(cardSize.width - 55)
    const first = drawn.rects.find(({fill, width}) => fill === headHues.light[0] && width > 30)!
    expect(first.y).toBeGreaterThanOrEqual(y)
    expect(y + bitmap.height).toBeLessThan(cardSize.height - 60)
    expect(new Set(new Uint32Array(bitmap.rgba.buffer)).size).toBeGreaterThan(20)
  })

  it.each([
    ['digits', digits],
    ['speech', example('speech')],
    ['docstrings', example('docstrings')]
  ])('keeps everything within its edges: %s', (_, explanation) => {
    const {rects, texts} = card(explanation, words)
    for (const {x, y, width, height} of rects) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
      expect([x + width <= cardSize.width, y + height <= cardSize.height]).toEqual([true, true])
    }
    for (const {y} of texts) expect(y).toBeLessThan(cardSize.height)
  })

  it('of 200 layers merges rows, and prints no two numbers over each other', () => {
    const cols = 16
    const layers = Array.from({length: 200}, (_, layer) => ({...digits.layers[0]!, layer, rank: layer + 1, head: 0}))
    const values = Float32Array.from({length: 200 * cols}, (_, i) => i / (200 * cols))
    const many = {
      ...digits,
      axes: {...digits.axes!, rows: 200, cols},
      heads: [{...digits.heads[0]!, rows: [0, 200] as const}],
      layers,
      density: {rows: 200, cols, values},
      nullDensity: null,
      importance: {rows: 200, cols, values},
      signal: null
    }
    const {rects, texts, map} = card(many, words)
    const bars = rects.filter(({fill, width}) => fill === headHues.light[0] && width > 30)
    expect(bars.length).toBeGreaterThan(10)
    for (const [i, {y, height}] of bars.slice(1).entries()) expect(y).toBeGreaterThan(bars[i]!.y + height)
    expect(map!.y + map!.bitmap.height).toBeLessThan(cardSize.height - 60)
    const ys = texts.filter(({text, anchor, x}) => /^\d+$/.test(text) && anchor === 'end' && x < 200).map(({y}) => y)
    expect(ys.length).toBeGreaterThan(1)
    for (const [i, y] of ys.slice(1).entries()) expect(y - ys[i]!).toBeGreaterThan(14)
  })

  it('of a checkpoint without maps has its Gaussians', () => {
    const alone = {...digits, axes: null, density: null, nullDensity: null, importance: null, layers: [], signal: null}
    const {paths, map} = card(alone, words)
    expect(map).toBeNull()
    for (const {head} of digits.heads) expect(paths.map(({stroke}) => stroke)).toContain(headHues.light[head])
  })

  it('cuts a finding that will not end after two lines', () => {
    const long = card(digits, {...words, title: 'word '.repeat(60)})
    const lines = long.texts.filter(({bold, face, size}) => bold && face === 'serif' && size > 40)
    expect(lines).toHaveLength(2)
    expect(lines[1]!.text).toMatch(/…$/)
  })
})

it('letters that a picture lacks are left out, and told by an ellipsis', () => {
  expect(drawable('Größe δ = 0.5 – “×2”, layer 日本語 7 🎉')).toBe('Größe δ = 0.5 – “×2”, layer … 7 …')
})
