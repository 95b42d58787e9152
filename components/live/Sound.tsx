'use client'

import {useEffect, useMemo, useRef, useState} from 'react'
import {Picture} from '@/components/foot/Picture'
import {useLive} from '@/components/live/LiveContext'
import {audible, playSound} from '@/components/live/playSound'
import {soundOf} from '@/components/live/soundFile'
import {type Microphone, useMicrophone} from '@/components/live/useMicrophone'
import {ReaderError} from '@/lib/core/errors'
import type {EncoderFacts} from '@/lib/engine/protocol'
import type {SoundInput} from '@/lib/models/encoders/description'
import {addressOf, type ExampleCard} from '@/lib/state/exampleCard'
import type {LiveStore} from '@/lib/state/live'
import {melText} from '@/lib/views/melText'
import {soundMarks} from '@/lib/views/sound'

type Samples = Float32Array<ArrayBuffer>

export interface SoundProps {
  live: LiveStore
  input: SoundInput
  encoder: EncoderFacts
  example: ExampleCard | null
}

/** A microphone, a sound file, and the example's own clips; what the figure shows is drawn, and no newer one. */
export function Sound({live, input, encoder, example}: SoundProps) {
  const heard = useLive((state) => state.heard)
  const [failed, setFailed] = useState<string | null>(null)
  const refused = useLive((state) => state.trouble)
  const trouble = failed ?? refused
  const read = (values: Samples, from: string) => {
    setFailed(null)
    live.getState().give({kind: 'sound', values}, from)
  }
  const fail = (error: unknown) =>
    setFailed(error instanceof ReaderError ? error.message : `This sound could not be read: ${String(error)}`)
  const microphone = useMicrophone(live, input, {onHeard: read, onFail: fail})
  const playing = useRef(() => {})
  const chosen = useRef<unknown>(null)
  /** Drops what is still being opened, and ends what is heard. */
  const hush = () => {
    chosen.current = null
    playing.current()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it goes
  useEffect(() => hush, [])

  const play = async (name: string, bytes: () => Promise<ArrayBuffer>) => {
    microphone.stop()
    hush()
    const mine = {}
    chosen.current = mine
    try {
      const values = await soundOf(name, await bytes(), input)
      if (chosen.current !== mine) return
      const sound = audible(values, input.sampleRate)
      read(values, name)
      playing.current = playSound(sound, [0, sound.duration])
    } catch (error) {
      if (chosen.current === mine) fail(error)
    }
  }
  const listen = (begin: () => void) => () => {
    hush()
    begin()
  }
  return (
    <div className="try-sound">
      <Seen heard={heard} input={input} />
      <div className="try-side">
        <p className="try-actions">
          <button
            type="button"
            className={microphone.use === 'on' ? 'button on' : 'button'}
            aria-pressed={microphone.use === 'on'}
            onClick={microphone.use === 'on' ? microphone.stop : listen(microphone.start)}
          >
            {microphone.use === 'on' && <span className="dot busy" />}
            {microphone.use === 'on' ? 'Stop listening' : 'Microphone'}
          </button>
          <HoldToTalk microphone={{...microphone, hold: listen(microphone.hold)}} />
          <FileButton onFile={(file) => play(file.name, () => file.arrayBuffer())} />
        </p>
        {example?.clips && (
          <p className="try-actions clips">
            <span className="key">Play</span>
            {example.clips.map((clip) => (
              <button
                key={clip}
                type="button"
                className="link"
                onClick={() => play(fileName(clip), async () => (await fetch(addressOf(example, clip))).arrayBuffer())}
              >
                {spokenIn(clip)}
              </button>
            ))}
          </p>
        )}
        {!trouble && <p className="quiet">{saying[microphone.use]}</p>}
      </div>
      {trouble ? (
        <p className="quiet try-mel try-trouble" role="alert">
          {trouble}
        </p>
      ) : (
        <p className="try-mel">
          {melText(input)}: {encoder.name}
        </p>
      )}
    </div>
  )
}

const fileName = (path: string) => path.slice(path.lastIndexOf('/') + 1)
/** A clip is named for what is said in it. */
const spokenIn = (clip: string) => fileName(clip).replace(/\.\w+$/, '')

const saying = {
  off: 'Nothing is recorded.',
  on: 'Reads the last second, four times a second.',
  held: 'Listening; what you say is read when you let go.'
} as const

/** Held by a pointer, or with Space or Enter; what was said meanwhile is read once it is let go. */
function HoldToTalk({microphone: {use, hold, release, stop}}: {microphone: Microphone}) {
  const held = use === 'held'
  return (
    <button
      type="button"
      className={held ? 'button hold on' : 'button hold'}
      aria-pressed={held}
      title="Press and hold, or hold Space"
      onPointerDown={({button, currentTarget, pointerId}) => {
        if (button !== 0 || held) return
        currentTarget.setPointerCapture(pointerId)
        hold()
      }}
      onPointerUp={release}
      onPointerCancel={stop}
      // A long press asks for a menu on some screens.
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== ' ' && event.key !== 'Enter') return
        event.preventDefault()
        if (!event.repeat && !held) hold()
      }}
      onKeyUp={({key}) => (key === ' ' || key === 'Enter') && release()}
      onBlur={() => held && stop()}
    >
      {held && <span className="dot busy" />}
      {held ? 'Let go to read' : 'Hold to talk'}
    </button>
  )
}

function FileButton({onFile}: {onFile: (file: File) => void}) {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" className="link" onClick={() => picker.current!.click()}>
        Sound file…
      </button>
      <input
        ref={picker}
        className="sound-file"
        type="file"
        accept="audio/*,.wav,.flac,.mp3,.ogg"
        hidden
        onChange={({target}) => {
          const [file] = target.files ?? []
          if (file) onFile(file)
          target.value = ''
        }}
      />
    </>
  )
}

/** The wave over the mel spectrogram, one second wide. */
function Seen({heard, input}: {heard: Samples | null; input: SoundInput}) {
  const marks = useMemo(() => heard && soundMarks(heard, input.sampleRate, input.mel), [heard, input])
  return (
    <figure className="try-seen">
      <svg viewBox={`0 0 ${marks?.wave.columns ?? 1} 2`} preserveAspectRatio="none" aria-hidden="true">
        <path d={marks?.wave.path ?? 'M0 1H1'} />
      </svg>
      {marks ? <Picture pictures={marks.mel} index={0} /> : <div className="picture" />}
      <figcaption className="visually-hidden">
        {marks ? `wave over mel spectrogram, ${input.samples / input.sampleRate} s` : 'nothing heard yet'}
      </figcaption>
    </figure>
  )
}
