import {afterEach, describe, expect, it} from 'vitest'
import {rowOf} from '@/lib/core/grid'
import {drawPlaneReader, drawPlaneTiles} from '@/lib/draw/planeTile'
import {drawPlaneWords} from '@/lib/draw/planeWords'
import type {SamplingPoints} from '@/lib/models/family'
import {type PlaneScene, pictureTile, planeAxes, planeScene, planeTile, pointedBox} from '@/lib/views/plane'
import {planePoints} from '@/lib/views/planePoints'
import {spanBox} from '@/lib/views/planeSpan'
import {planeWords} from '@/lib/views/planeWords'
import {boards, spectrograms, strokes} from '../fixtures/planes'

const [board, sound] = [await boards(), await spectrograms()]
const pictures = {board: strokes(1, 24, 24), sound: strokes(1, 24, 20)}
const sceneOf = (explanation: typeof board, picture: ReturnType<typeof strokes>): PlaneScene =>
  planeScene(planeAxes(explanation)!, explanation.density!, {theme: 'light', picture})!
const scenes = {board: sceneOf(board, pictures.board), sound: sceneOf(sound, pictures.sound)}

const points: SamplingPoints = {
  grid: [2, 3],
  query: 4,
  groups: 1,
  reference: Float32Array.of(0.25, 0.25, 0.25, 0.75, 0.75, 0.25, 0.75, 0.75),
  sampled: Float32Array.of(0.4, 0.3, 0.2, 0.9, 0.8, 0.2, 1.1, 0.75),
  attention: Float32Array.of(0.1, 0.2, 0.3, 0.4)
}

const stage = () => document.body.appendChild(document.createElement('div'))
afterEach(() => document.body.replaceChildren())

const drawBoard = (root: HTMLElement) => {
  const {axes, frame, map} = scenes.board
  drawPlaneTiles(root, [pictureTile(scenes.board, 'Input 1')!, planeTile(scenes.board, 0), planeTile(scenes.board, 1)])
  drawPlaneReader(root.children[1]!, {cell: pointedBox(frame, 4), state: 'pinned'})
  const words = root.querySelector('p') ?? root.appendChild(document.createElement('p'))
  const said = 'is the digit left of 9'.split(' ')
  drawPlaneWords(words, planeWords(axes.plane, rowOf(map, 1), said, scenes.board), 11)
}
const drawSound = (root: HTMLElement) => {
  const {frame} = scenes.sound
  drawPlaneTiles(root, [planeTile(scenes.sound, 3)])
  drawPlaneReader(root.firstElementChild!, {
    cell: pointedBox(frame, 50),
    span: spanBox(frame, [3, 6]),
    points: planePoints(frame, points),
    state: 'hover'
  })
}

describe.each([
  ['plane-board', drawBoard],
  ['plane-points', drawSound]
] as const)('%s', (name, draw) => {
  it('matches its picture', async () => {
    const root = stage()
    draw(root)
    await expect(root.innerHTML.replaceAll('><', '>\n<')).toMatchFileSnapshot(`../output/${name}.html`)
  })

  it('drawn twice is the picture drawn once', () => {
    const root = stage()
    const bitmaps = () => [...root.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL())
    draw(root)
    const once = [root.innerHTML, ...bitmaps()]
    draw(root)
    expect([root.innerHTML, ...bitmaps()]).toEqual(once)
  })
})

it('leaves nothing behind of what it drew before', () => {
  const root = stage()
  drawSound(root)
  drawPlaneReader(root.firstElementChild!, {cell: null})
  expect(root.querySelector('rect, circle, line')).toBeNull()
  drawBoard(root)
  expect(root.querySelectorAll('figure')).toHaveLength(3)
})

it('paints the colours of its bitmap, pixel by pixel', () => {
  const root = stage()
  drawBoard(root)
  const {bitmap} = planeTile(scenes.board, 1)
  const canvas = root.querySelectorAll('canvas')[2]!
  expect([canvas.width, canvas.height]).toEqual([bitmap.width, bitmap.height])
  expect(canvas.getContext('2d')!.getImageData(0, 0, bitmap.width, bitmap.height).data).toEqual(bitmap.rgba)
})
