'use client'

import {type RefObject, useEffect, useLayoutEffect, useRef, useState} from 'react'
import {playSound} from '@/components/live/playSound'
import {readRow} from '@/components/plane/planeShown'
import {useSound} from '@/components/plane/useSound'
import {useLens} from '@/components/stores'
import {type Grid, rowOf} from '@/lib/core/grid'
import {percent} from '@/lib/core/number'
import {drawPlayhead} from '@/lib/draw/playhead'
import type {MapPlane} from '@/lib/models/family'
import {type PlaneSpan, shareInSpan, spanSeconds, spanText} from '@/lib/views/planeSpan'

export interface SpanPlayerProps {
  plane: MapPlane
  map: Grid
  /** The row that is read while none is held. */
  first: number
  span: PlaneSpan | null
  sample: number | null
  /** Filled with how to play what is brushed, for the keyboard. */
  play: RefObject<() => void>
}

/** The brushed span of time in words, and to be heard where the input came with its sound. */
export function SpanPlayer({plane, map, first, span, sample, play}: SpanPlayerProps) {
  const row = useLens((lens) => readRow(lens, first))
  const shown = useSound(sample, span !== null)
  const time = shown && {duration: shown.sound.duration, stretch: shown.stretch}
  const [stop, setStop] = useState<(() => void) | null>(null)
  const line = useRef<HTMLParagraphElement>(null)
  const start = () => {
    if (!shown || !time || !span) return
    const [from, to] = spanSeconds(plane, span, time)
    const hide = showPlayhead(line.current, to - from)
    const ends = playSound(shown.sound, [from, to], () => {
      hide()
      setStop(null)
    })
    setStop(() => ends)
  }
  // At once with the button that says so: the key may follow before anything else has run.
  useLayoutEffect(() => {
    play.current = () => (stop ? stop() : start())
  })
  // What plays ends with the span that was brushed, and with the sound that it was brushed on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => () => stop?.(), [stop, span, shown])
  if (!span) return null
  const held = row < map.rows ? shareInSpan(plane, rowOf(map, row), span) : Number.NaN
  return (
    <p ref={line} className="plane-span-line">
      {/* First, and above what changes with the pointer: on its way here it leaves the picture. */}
      {shown && (
        <button type="button" className="button" aria-pressed={stop !== null} onClick={() => play.current()}>
          {stop ? 'Stop' : 'Play'}
        </button>
      )}
      <span>
        {spanText(plane, span, time)}
        {Number.isFinite(held) && <>, {percent(held)} of its attention</>}
      </span>
    </p>
  )
}

/** Where one hears now, on the large picture; nothing for those who want nothing to move. */
function showPlayhead(line: HTMLElement | null, seconds: number): () => void {
  const layer = line?.closest('.plane-panel')?.querySelector<SVGGElement>('.plane-focus g.plane-span-layer')
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  return layer && !still ? drawPlayhead(layer, seconds) : () => {}
}
