'use client'

import {type RefObject, useEffect, useState} from 'react'
import {playSpan} from '@/components/plane/playSpan'
import {useLens, useSession} from '@/components/stores'
import {type Grid, rowOf} from '@/lib/core/grid'
import {percent} from '@/lib/core/number'
import type {MapPlane} from '@/lib/models/family'
import {addressOf} from '@/lib/state/exampleCard'
import {type PlaneSpan, shareInSpan, spanSamples, spanText} from '@/lib/views/planeSpan'

export interface SpanPlayerProps {
  plane: MapPlane
  map: Grid
  span: PlaneSpan | null
  sample: number | null
  /** Filled with how to play what is brushed, for the keyboard. */
  play: RefObject<() => void>
}

/** The brushed span of time in words, and to be heard where the input came with its sound. */
export function SpanPlayer({plane, map, span, sample, play}: SpanPlayerProps) {
  const row = useLens(({layer, pinned}) => layer ?? pinned)
  const address = useSession(({example}) => {
    const sound = sample === null ? undefined : example?.sounds?.[sample]
    return example && sound !== undefined ? addressOf(example, sound) : null
  })
  const sound = useSound(span ? address : null)
  const [stop, setStop] = useState<(() => void) | null>(null)
  const start = () => {
    if (!sound || !span) return
    const [from, to] = spanSamples(plane, span, sound.length)
    setStop(() => playSpan(sound, [from, to], () => setStop(null)))
  }
  useEffect(() => {
    play.current = () => (stop ? stop() : start())
  })
  // What plays is let go of with what it was brushed on.
  useEffect(() => () => stop?.(), [stop])
  if (!span) return null
  const held = row !== null && row < map.rows ? shareInSpan(plane, rowOf(map, row), span) : null
  return (
    <p className="plane-span-line">
      <span>
        {spanText(plane, span, sound?.duration ?? null)}
        {held !== null && Number.isFinite(held) && <>, {percent(held)} of its attention</>}
      </span>
      {sound && (
        <button type="button" className="button" aria-pressed={stop !== null} onClick={() => play.current()}>
          {stop ? 'Stop' : 'Play'}
        </button>
      )}
    </p>
  )
}

/** The sound at an address, decoded; null until it is, and where it cannot be had. */
function useSound(address: string | null): AudioBuffer | null {
  const [known, setKnown] = useState<{readonly address: string; readonly sound: AudioBuffer} | null>(null)
  useEffect(() => {
    if (address === null || known?.address === address) return
    let left = false
    decoded(address).then(
      (sound) => left || setKnown({address, sound}),
      // Without its sound a span is still read.
      () => {}
    )
    return () => {
      left = true
    }
  }, [address, known])
  return known?.address === address ? known.sound : null
}

async function decoded(address: string): Promise<AudioBuffer> {
  const reply = await fetch(address)
  if (!reply.ok) throw new Error(`sound: ${address} answered ${reply.status}`)
  return new OfflineAudioContext(1, 1, 44_100).decodeAudioData(await reply.arrayBuffer())
}
