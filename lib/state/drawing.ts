import {createStore, type StoreApi} from 'zustand/vanilla'
import type {Stroke} from '@/lib/models/encoders/drawnPicture'

/** What is drawn on a pad, stroke by stroke; the pad is `padSize` units wide and high. */
export interface Drawing {
  readonly strokes: readonly Stroke[]
  /** Where the keyboard's pen stands, and whether it draws. */
  readonly pen: {readonly x: number; readonly y: number; readonly down: boolean}

  /** Puts a pointer down, and draws on with it through these points. */
  begin: (point: Point) => void
  draw: (points: readonly Point[]) => void
  /** Moves the keyboard's pen, along a line where it is down. */
  move: (by: Point) => void
  /** Puts the keyboard's pen down, or lifts it. */
  togglePen: () => void
  /** Takes the last stroke back. */
  undo: () => void
  clear: () => void
}

export interface Point {
  readonly x: number
  readonly y: number
}

export type DrawingStore = StoreApi<Drawing>

export const padSize = 32

export const createDrawing = (): DrawingStore =>
  createStore<Drawing>()((set, get) => {
    const drawOn = (points: readonly Point[]) => {
      const {strokes} = get()
      const last = strokes.at(-1)
      if (last && points.length > 0) set({strokes: [...strokes.slice(0, -1), [...last, ...points.map(onPad)]]})
    }
    const liftPen = () => set({pen: {...get().pen, down: false}})
    return {
      strokes: [],
      pen: {x: padSize / 2, y: padSize / 2, down: false},
      begin: (point) => {
        liftPen()
        set({strokes: [...get().strokes, [onPad(point)]]})
      },
      draw: drawOn,
      move: (by) => {
        const {pen} = get()
        const to = onPad({x: pen.x + by.x, y: pen.y + by.y})
        set({pen: {...pen, ...to}})
        if (pen.down) drawOn([to])
      },
      togglePen: () => {
        const {pen, strokes} = get()
        const {x, y, down} = pen
        set(down ? {pen: {x, y, down: false}} : {pen: {x, y, down: true}, strokes: [...strokes, [{x, y}]]})
      },
      undo: () => {
        liftPen()
        set({strokes: get().strokes.slice(0, -1)})
      },
      clear: () => {
        liftPen()
        set({strokes: []})
      }
    }
  })

const onPad = ({x, y}: Point): Point => ({
  x: Math.max(0, Math.min(padSize, x)),
  y: Math.max(0, Math.min(padSize, y))
})
