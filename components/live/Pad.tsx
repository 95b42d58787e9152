'use client'

import {type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState} from 'react'
import {useStore} from 'zustand'
import {Picture} from '@/components/foot/Picture'
import {useElementSize} from '@/components/hooks/useElementSize'
import {useTheme} from '@/components/hooks/useTheme'
import {holdPage} from '@/lib/draw/holdPage'
import {drawPad} from '@/lib/draw/pad'
import type {EncoderInput} from '@/lib/models/encoders/description'
import {drawnPicture} from '@/lib/models/encoders/drawnPicture'
import {createDrawing, type DrawingStore, type Point, padSize} from '@/lib/state/drawing'
import type {LiveStore} from '@/lib/state/live'

type PatchInput = Extract<EncoderInput, {kind: 'patches'}>

/** A pad for a mouse, a finger, a pen or the keyboard; what is drawn is read on every movement. */
export function Pad({live, input}: {live: LiveStore; input: PatchInput}) {
  const [drawing] = useState(createDrawing)
  const strokes = useStore(drawing, (state) => state.strokes)
  const picture = useMemo(() => drawnPicture(strokes, input), [strokes, input])
  useEffect(() => {
    if (strokes.length === 0) live.getState().leave()
    // Its numbers are moved to the engine; the picture beside the pad keeps its own.
    else live.getState().give({kind: 'picture', values: picture.slice()}, 'this drawing')
  }, [live, strokes, picture])
  return (
    <div className="try-pad">
      <Paper drawing={drawing} />
      <div className="try-side">
        <figure>
          <Picture pictures={greyOf(picture, input)} index={0} />
          <figcaption>as the encoder sees it, {`${input.height}\u00a0×\u00a0${input.width}`}</figcaption>
        </figure>
        <p className="try-actions">
          <button type="button" className="link" disabled={strokes.length === 0} onClick={drawing.getState().undo}>
            Undo
          </button>
          <button type="button" className="link" disabled={strokes.length === 0} onClick={drawing.getState().clear}>
            Clear
          </button>
        </p>
        <p className="quiet">Draw here. By keyboard: arrows move the pen, Space puts it down.</p>
      </div>
    </div>
  )
}

/** The first channel, 0 paper to 255 ink. */
const greyOf = (picture: Float32Array, {width, height, range: [low, high]}: PatchInput) => ({
  count: 1,
  width,
  height,
  values: Uint8Array.from(picture.subarray(0, width * height), (value) => ((value - low) / (high - low)) * 255)
})

/** The pointer that draws. A second one that comes down beside it draws nothing. */
type Hand = Pick<PointerEvent, 'pointerId' | 'pointerType'>

const isPalm = (hand: Hand, next: string) => hand.pointerType === 'touch' && next === 'pen'

function Paper({drawing}: {drawing: DrawingStore}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const strokes = useStore(drawing, (state) => state.strokes)
  const pen = useStore(drawing, (state) => state.pen)
  const [keyed, setKeyed] = useState(false)
  const hand = useRef<Hand | null>(null)
  const size = useElementSize(canvas)
  const theme = useTheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: size and colours are read from the canvas
  useEffect(
    () => drawPad(canvas.current!, {size: padSize, strokes, pen: keyed ? pen : null}),
    [strokes, pen, keyed, size, theme]
  )
  useEffect(() => {
    const over = new AbortController()
    holdPage(canvas.current!, () => true, over)
    return () => over.abort()
  }, [])
  const pointAt = ({clientX, clientY}: {clientX: number; clientY: number}): Point => {
    const {left, top, width, height} = canvas.current!.getBoundingClientRect()
    return {x: ((clientX - left) / width) * padSize, y: ((clientY - top) / height) * padSize}
  }
  const begin = (event: PointerEvent) => {
    const {button, pointerId, pointerType} = event
    if (button !== 0 || (hand.current && !isPalm(hand.current, pointerType))) return
    // The palm came down before the pen it belongs to: what it drew is taken back.
    if (hand.current) drawing.getState().undo()
    hand.current = {pointerId, pointerType}
    canvas.current!.setPointerCapture(pointerId)
    setKeyed(false)
    drawing.getState().begin(pointAt(event))
  }
  const end = ({pointerId}: PointerEvent) => {
    if (hand.current?.pointerId === pointerId) hand.current = null
  }
  const draw = (event: PointerEvent) => {
    if (hand.current?.pointerId !== event.pointerId) return
    const all = event.nativeEvent.getCoalescedEvents?.() ?? []
    drawing.getState().draw((all.length > 0 ? all : [event]).map(pointAt))
  }
  const press = (event: KeyboardEvent) => {
    if (!padKey(event, drawing)) return
    event.preventDefault()
    setKeyed(true)
  }
  return (
    <div
      className="try-paper"
      role="application"
      aria-roledescription="drawing pad"
      aria-label="Drawing pad. Arrow keys move the pen, Space puts it down or lifts it, Delete clears, Ctrl Z takes back."
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keyboard
      tabIndex={0}
      onPointerDown={begin}
      onPointerMove={draw}
      onPointerUp={end}
      onPointerCancel={end}
      onLostPointerCapture={end}
      onKeyDown={press}
      onFocus={({target}) => setKeyed(target.matches(':focus-visible'))}
      onBlur={() => setKeyed(false)}
    >
      <canvas ref={canvas} />
    </div>
  )
}

const arrows: Readonly<Record<string, Point>> = {
  ArrowLeft: {x: -1, y: 0},
  ArrowRight: {x: 1, y: 0},
  ArrowUp: {x: 0, y: -1},
  ArrowDown: {x: 0, y: 1}
}

/** Does what a key means on the pad; false for a key that means nothing there. */
function padKey({key, ctrlKey, metaKey, altKey, shiftKey}: KeyboardEvent, drawing: DrawingStore): boolean {
  const {move, togglePen, clear, undo} = drawing.getState()
  if (ctrlKey || metaKey) {
    if (key.toLowerCase() !== 'z') return false
    undo()
    return true
  }
  const arrow = arrows[key]
  if (altKey) return false
  if (arrow) move(shiftKey ? {x: 4 * arrow.x, y: 4 * arrow.y} : arrow)
  else if (key === ' ') togglePen()
  else if (key === 'Delete' || key === 'Backspace') clear()
  else return false
  return true
}
