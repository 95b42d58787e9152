import {expect, it} from 'vitest'
import {createDrawing} from '@/lib/state/drawing'
import {soundWindow} from '@/lib/state/soundWindow'

it('draws strokes with a pointer, and takes them back one by one', () => {
  const drawing = createDrawing()
  const {begin, draw, undo, clear} = drawing.getState()
  begin({x: 1, y: 1})
  draw([
    {x: 2, y: 2},
    {x: 3, y: 99}
  ])
  begin({x: 5, y: 5})
  expect(drawing.getState().strokes).toEqual([
    [
      {x: 1, y: 1},
      {x: 2, y: 2},
      {x: 3, y: 32}
    ],
    [{x: 5, y: 5}]
  ])
  undo()
  expect(drawing.getState().strokes).toHaveLength(1)
  undo()
  undo()
  expect(drawing.getState().strokes).toEqual([])
  begin({x: 1, y: 1})
  clear()
  expect(drawing.getState().strokes).toEqual([])
})

it('draws with the keyboard: a pen that is moved, put down and lifted', () => {
  const drawing = createDrawing()
  const {move, togglePen} = drawing.getState()
  move({x: -6, y: -6})
  expect(drawing.getState()).toMatchObject({strokes: [], pen: {x: 10, y: 10, down: false}})
  togglePen()
  move({x: 0, y: 12})
  togglePen()
  move({x: 90, y: 0})
  expect(drawing.getState().pen).toEqual({x: 32, y: 22, down: false})
  expect(drawing.getState().strokes).toEqual([
    [
      {x: 10, y: 10},
      {x: 10, y: 22}
    ]
  ])
})

it('lifts the pen when a pointer takes over, and when its stroke is taken back', () => {
  const drawing = createDrawing()
  const {begin, togglePen, undo} = drawing.getState()
  togglePen()
  begin({x: 1, y: 1})
  expect(drawing.getState().pen.down).toBe(false)
  togglePen()
  undo()
  expect(drawing.getState().pen.down).toBe(false)
})

it('keeps the last second of a sound, with silence before its beginning', () => {
  const window = soundWindow(4)
  window.add(Float32Array.of(1, 2))
  expect([...window.last(4)]).toEqual([0, 0, 1, 2])
  window.add(Float32Array.of(3, 4, 5))
  expect([...window.last(4)]).toEqual([2, 3, 4, 5])
  expect([...window.last(2)]).toEqual([4, 5])
  window.add(Float32Array.of(6, 7, 8, 9, 10, 11))
  expect([...window.last(9)]).toEqual([8, 9, 10, 11])
})
