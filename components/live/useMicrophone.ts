'use client'

import {useEffect, useRef, useState} from 'react'
import {type Listening, listenToMicrophone} from '@/components/live/microphone'
import {ReaderError} from '@/lib/core/errors'
import type {SoundInput} from '@/lib/models/encoders/description'
import type {LiveStore} from '@/lib/state/live'

type Samples = Float32Array<ArrayBuffer>

/** How the microphone is used, and the ways to change that. */
export interface Microphone {
  /** `on`: window after window is read. `held`: what is said until it is let go is read then. */
  readonly use: 'off' | 'on' | 'held'
  readonly start: () => void
  readonly hold: () => void
  /** Ends holding, and reads what was heard. */
  readonly release: () => void
  /** Ends either, and reads nothing more. */
  readonly stop: () => void
}

interface Using {
  readonly kind: 'on' | 'held'
  readonly controller: AbortController
  /** Null until it listens: the person may be asked for leave first. */
  listening: Listening | null
}

interface MicrophoneActions {
  readonly onHeard: (values: Samples, from: string) => void
  readonly onFail: (error: unknown) => void
}

/** A microphone for live inputs. It goes off by itself when it is shown no more. */
export function useMicrophone(
  live: LiveStore,
  {sampleRate, samples}: Pick<SoundInput, 'sampleRate' | 'samples'>,
  actions: MicrophoneActions
): Microphone {
  const [using, setUsing] = useState<Using | null>(null)
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })

  const stop = () => {
    using?.controller.abort()
    setUsing(null)
  }
  const begin = (kind: Using['kind']) => {
    using?.controller.abort()
    const next: Using = {kind, controller: new AbortController(), listening: null}
    const {signal} = next.controller
    setUsing(next)
    live.getState().resume()
    const end = () => {
      next.controller.abort()
      setUsing((now) => (now === next ? null : now))
    }
    const onWindow = kind === 'on' ? (values: Samples) => latest.current.onHeard(values, 'the last second') : null
    listenToMicrophone({sampleRate, samples, onWindow, onEnd: end, signal}).then(
      (listening) => {
        next.listening = listening
      },
      (error: unknown) => {
        if (!signal.aborted) latest.current.onFail(error)
        end()
      }
    )
  }
  const release = async () => {
    if (using?.kind !== 'held') return
    const {listening, controller} = using
    try {
      const values = await listening?.span()
      if (controller.signal.aborted) return
      if (values) latest.current.onHeard(values, 'what you said')
      else
        latest.current.onFail(
          new ReaderError('Nothing heard', 'Found no sound yet; needed the button held while you speak.')
        )
    } catch (error) {
      latest.current.onFail(error)
    } finally {
      controller.abort()
      setUsing((now) => (now === using ? null : now))
    }
  }

  useEffect(() => {
    if (!using) return
    const end = () => {
      using.controller.abort()
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
      using.controller.abort()
    }
  }, [using, live])

  return {
    use: using?.kind ?? 'off',
    start: () => begin('on'),
    hold: () => begin('held'),
    release: () => void release(),
    stop
  }
}
