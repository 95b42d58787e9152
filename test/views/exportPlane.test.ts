import {describe, expect, it} from 'vitest'
import {exportedRow, exportPlane, samplingRows} from '@/lib/views/exportPlane'
import type {ExportPlaneAsked} from '@/lib/views/exportPlaneAsked'
import {planeAxes, planeScene} from '@/lib/views/plane'
import {boards, points, spectrograms, strokes} from '../fixtures/planes'

const [board, sound] = [await boards(), await spectrograms()]
const sceneOf = (of: typeof board, picture: ReturnType<typeof strokes> | null = null) =>
  planeScene(planeAxes(of)!, of.density!, {theme: 'light', picture})!
const atRest: ExportPlaneAsked = {
  row: 1,
  column: null,
  own: null,
  pictured: null,
  inputs: 8,
  points: null,
  question: null
}
const width = 1232
const laid = (scene: ReturnType<typeof sceneOf>, asked: Partial<ExportPlaneAsked> = {}) =>
  exportPlane(scene, {...atRest, ...asked}, width)
const wordsOf = ({texts}: ReturnType<typeof laid>) =>
  texts.map(({pieces}) => pieces.map(({text}) => text).join('')).join(' ')

describe('attention on the input, on paper', () => {
  it.each([
    ['a board', () => laid(sceneOf(board))],
    [
      'a board on one input',
      () => laid(sceneOf(board, strokes(1, 24, 24)), {pictured: 'input 3', question: 'is 7 even ?'})
    ],
    ['a spectrogram', () => laid(sceneOf(sound, strokes(1, 24, 20)), {points, own: 'input 1', pictured: 'input 1'})],
    ['a picture wider than high', () => laid(sceneOf(sound, strokes(1, 400, 40)), {pictured: 'input 1', points})]
  ])('keeps every tile, tick and line of text of %s apart and within its room', (_, lay) => {
    const plane = lay()
    const tiles = [...(plane.focus ? [plane.focus] : []), ...plane.tiles]
    for (const [i, tile] of tiles.entries()) {
      expect(tile.x).toBeGreaterThanOrEqual(0)
      expect(tile.x + tile.width).toBeLessThanOrEqual(width)
      expect(tile.y + tile.height).toBeLessThan(plane.height)
      expect(tile.width).toBeGreaterThan(20)
      for (const other of tiles.slice(i + 1)) {
        const beside = tile.x + tile.width <= other.x || other.x + other.width <= tile.x
        expect(beside || tile.y + tile.height <= other.y || other.y + other.height <= tile.y).toBe(true)
      }
    }
    for (const {y} of plane.texts) expect(y).toBeLessThan(plane.height)
  })

  it('has few rows side by side, and the axes on the first of them', () => {
    const plane = laid(sceneOf(board))
    expect(plane.focus).toBeNull()
    expect(plane.tiles.map(({title}) => title)).toEqual(['Hop 1', 'Hop 2', 'Hop 3'])
    expect(plane.axis.map(({text}) => text)).toEqual(['1', '2', '3', '1', '2', '3', 'column', 'row'])
    const [across] = plane.ticks
    expect(across!.x).toBeCloseTo(plane.tiles[0]!.x + plane.tiles[0]!.width / 6)
    for (const hop of [1, 2, 3]) expect(wordsOf(plane)).toContain(`Hop ${hop} attends`)
  })

  it('counts frequencies upward, at as many ticks as can be read', () => {
    const {axis} = laid(sceneOf(sound))
    const down = axis.filter(({anchor}) => anchor === 'end')
    expect(down.map(({text}) => text)).toEqual(['1', '4', '7', '10'])
    expect(down[0]!.y).toBeGreaterThan(down[3]!.y)
    expect(axis.filter(({anchor}) => anchor === 'middle').map(({text}) => text)).toEqual([
      ...['1', '4', '7', '10', '12'],
      'time',
      'frequency'
    ])
  })

  it('sets the row that samples points large, with each where it moved to in its own px', () => {
    const plane = laid(sceneOf(sound), {points, own: 'input 2'})
    const {x, y, radius, outside} = plane.points!.points[0]!
    expect([x / plane.focus!.width, 1 - y / plane.focus!.height]).toEqual([expect.closeTo(0.3), expect.closeTo(0.4)])
    expect(plane.points!.points.map((point) => point.outside)).toEqual([false, true])
    expect(outside).toBe(false)
    expect(plane.points!.points[1]!.radius / radius).toBeCloseTo(Math.sqrt(3))
    expect(plane.focus!.cell).not.toBeNull()
    expect(wordsOf(plane)).toContain('Framed: the place that is attended to most. Dashed: its cell')
  })

  it('says whose attention and whose picture it is', () => {
    expect(wordsOf(laid(sceneOf(board)))).toContain('Colours: attention, the mean over 8 inputs, on one scale for all')
    const mixed = laid(sceneOf(board, strokes(1, 24, 24)), {pictured: 'input 3'})
    expect(wordsOf(mixed)).toContain('the mean over 8 inputs, on the picture of input 3 alone')
    expect(mixed.tiles[0]!.title).toBe('Input 3')
    const own = laid(sceneOf(board, strokes(1, 24, 24)), {own: 'input 3', pictured: 'input 3'})
    expect(wordsOf(own)).toContain('attention of input 3 alone, on its own picture')
    expect(wordsOf(own)).toContain('where each hop attends, of input 3 alone')
  })

  it('writes the words of a question over their lines, and one without columns of its own as a sentence', () => {
    const {words} = laid(sceneOf(board), {question: 'is 7 above 9'})
    expect(words.map(({text}) => text)).toEqual(['is', '7', 'above', '9'])
    const {after: _, ...bare} = planeAxes(board)!.plane
    const scene = sceneOf(board)
    const plane = laid({...scene, axes: {...scene.axes, plane: bare}}, {question: 'is 7 above 9 ?'})
    expect(plane.words).toEqual([])
    expect(wordsOf(plane)).toContain('“is 7 above 9?”')
  })
})

describe('the row set large', () => {
  const layers = [3, 1, 2, 1].map((rank, layer) => ({layer, rank}))
  it('is the pinned one, else the first that samples points where they are shown, else the first ranked', () => {
    expect(exportedRow(layers, {pinned: 2, sampling: []})).toBe(2)
    expect(exportedRow(layers, {pinned: null, sampling: [0, 2]})).toBe(2)
    expect(exportedRow(layers, {pinned: null, sampling: []})).toBe(1)
    expect(exportedRow([], {pinned: null, sampling: []})).toBe(0)
    expect(samplingRows(sceneOf(sound))).toEqual([1, 3])
    expect(samplingRows(sceneOf(board))).toEqual([])
  })
})
