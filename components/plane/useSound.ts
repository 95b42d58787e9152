'use client'

import {useEffect, useMemo, useState} from 'react'
import {useLive} from '@/components/live/LiveContext'
import {audible} from '@/components/live/playSound'
import {useSession} from '@/components/stores'
import type {EncoderDescription} from '@/lib/models/encoders/description'
import {framesStretch} from '@/lib/models/encoders/framesStretch'
import {addressOf} from '@/lib/state/exampleCard'
import type {PlaneTime} from '@/lib/views/planeSpan'

/** What the shown input sounds like, and which stretch of it lies under the picture. */
export interface ShownSound extends Pick<PlaneTime, 'stretch'> {
  readonly sound: AudioBuffer
}

/** The sound of what is read live, else of an example's input; null while none is wanted, and where there is none. */
export function useSound(sample: number | null, wanted: boolean): ShownSound | null {
  const heard = useLive((live) => live.heard)
  const description = useLive(({encoder}) => encoder?.description ?? null)
  const stretch = useSession(({example}) => example?.stretch)
  const address = useSession(({example}) => {
    const sound = sample === null ? undefined : example?.sounds?.[sample]
    return example && sound !== undefined ? addressOf(example, sound) : null
  })
  const shipped = useDecoded(wanted && !heard ? address : null)
  return useMemo(() => {
    if (wanted && heard && description?.input.kind === 'waveform') {
      const sound = audible(heard, description.input.sampleRate)
      return {sound, stretch: stretchOf(description) ?? [0, sound.duration]}
    }
    return shipped && {sound: shipped, stretch: stretch ?? [0, shipped.duration]}
  }, [wanted, heard, description, shipped, stretch])
}

const stretchOf = (description: EncoderDescription) =>
  description.states === 'log mel frames' ? framesStretch(description) : null

/** The sound at an address, decoded; null until it is, and where it cannot be had. */
function useDecoded(address: string | null): AudioBuffer | null {
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
