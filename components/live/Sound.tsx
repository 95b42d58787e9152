'use client'

import {useEffect, useMemo, useRef, useState} from 'react'
import {Picture} from '@/components/foot/Picture'
import {listenToMicrophone} from '@/components/live/microphone'
import {soundOf} from '@/components/live/soundFile'
import {ReaderError} from '@/lib/core/errors'
import type {EncoderInput} from '@/lib/models/encoders/description'
import {addressOf, type ExampleCard} from '@/lib/state/exampleCard'
import type {LiveStore} from '@/lib/state/live'
import {soundMarks} from '@/lib/views/sound'

type SoundInput = Extract<EncoderInput, {kind: 'waveform'}>
type Samples = Float32Array<ArrayBuffer>

/** A microphone, a sound file, and the example's own clips; what was heard last is drawn. */
export function Sound({live, input, example}: {live: LiveStore; input: SoundInput; example: ExampleCard | null}) {
  const [heard, setHeard] = useState<Samples | null>(null)
  const [failed, setFailed] = useState<string | null>(null)
  const read = (values: Samples, from: string) => {
    setFailed(null)
    setHeard(values)
    // Its numbers are moved to the engine.
    live.getState().give({kind: 'sound', values: values.slice()}, from)
  }
  const fail = (error: unknown) =>
    setFailed(error instanceof ReaderError ? error.message : `This sound could not be read: ${String(error)}`)
  const microphone = useMicrophone(live, input, (values) => read(values, 'the last second'), fail)

  const play = async (name: string, bytes: () => Promise<ArrayBuffer>) => {
    microphone.stop()
    try {
      const values = await soundOf(name, await bytes(), input)
      read(values, name)
      playBack(values, input.sampleRate)
    } catch (error) {
      fail(error)
    }
  }
  return (
    <div className="try-sound">
      <Seen heard={heard} input={input} />
      <div className="try-side">
        <p className="try-actions">
          <button
            type="button"
            className={microphone.on ? 'button on' : 'button'}
            aria-pressed={microphone.on}
            onClick={microphone.on ? microphone.stop : microphone.start}
          >
            {microphone.on && <span className="dot busy" />}
            {microphone.on ? 'Stop listening' : 'Microphone'}
          </button>
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
                onClick={() => play(clip, async () => (await fetch(addressOf(example, clip))).arrayBuffer())}
              >
                {clip.replace(/\.\w+$/, '')}
              </button>
            ))}
          </p>
        )}
        {failed ? (
          <p className="quiet try-trouble" role="alert">
            {failed}
          </p>
        ) : (
          <p className="quiet">
            {microphone.on ? 'Reads the last second, four times a second.' : 'Nothing is recorded.'}
          </p>
        )}
      </div>
    </div>
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
        accept="audio/*"
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
      <figcaption>
        {marks ? `wave over mel, ${input.mel.bands} bands, ${input.samples / input.sampleRate} s` : 'nothing heard yet'}
      </figcaption>
    </figure>
  )
}

/** Whether the microphone is on, and the two ways to change that. It goes off by itself when it is shown no more. */
function useMicrophone(
  live: LiveStore,
  {sampleRate, samples}: SoundInput,
  onWindow: (values: Samples) => void,
  onFail: (error: unknown) => void
) {
  const [using, setUsing] = useState<AbortController | null>(null)
  const latest = useRef({onWindow, onFail})
  useEffect(() => {
    latest.current = {onWindow, onFail}
  })

  const stop = () => {
    using?.abort()
    setUsing(null)
  }
  const start = () => {
    const controller = new AbortController()
    setUsing(controller)
    live.getState().resume()
    const end = () => {
      controller.abort()
      setUsing((now) => (now === controller ? null : now))
    }
    listenToMicrophone({
      sampleRate,
      samples,
      onWindow: (values) => latest.current.onWindow(values),
      onEnd: end,
      signal: controller.signal
    }).catch((error: unknown) => {
      if (!controller.signal.aborted) latest.current.onFail(error)
      end()
    })
  }

  useEffect(() => {
    if (!using) return
    const end = () => {
      using.abort()
      setUsing(null)
    }
    const whenHidden = () => {
      if (document.visibilityState === 'hidden') end()
    }
    // Nothing listens while nothing is read.
    const leave = live.subscribe(({paused, encoder}) => {
      if (paused || !encoder) end()
    })
    document.addEventListener('visibilitychange', whenHidden)
    addEventListener('pagehide', end)
    return () => {
      leave()
      document.removeEventListener('visibilitychange', whenHidden)
      removeEventListener('pagehide', end)
      using.abort()
    }
  }, [using, live])

  return {on: using !== null, start, stop}
}

/** Lets a sound be heard, once. */
function playBack(values: Samples, sampleRate: number) {
  const context = new AudioContext()
  const buffer = new AudioBuffer({length: values.length, sampleRate})
  buffer.copyToChannel(values, 0)
  const source = new AudioBufferSourceNode(context, {buffer})
  source.connect(context.destination)
  source.onended = () => void context.close()
  source.start()
}
