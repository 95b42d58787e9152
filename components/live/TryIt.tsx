'use client'

import {useEffect, useRef, useState} from 'react'
import {useDock} from '@/components/hooks/useDock'
import {useLive, useLiveStore} from '@/components/live/LiveContext'
import {OpenEncoder} from '@/components/live/OpenEncoder'
import {Pad} from '@/components/live/Pad'
import {Sound} from '@/components/live/Sound'
import {Words} from '@/components/live/Words'
import {useSession, useStores} from '@/components/stores'
import {fixed, percent, plural} from '@/lib/core/number'
import {greatestAt, softmax} from '@/lib/core/statistics'
import type {Live, LiveStore} from '@/lib/state/live'

/** In place of the inputs: one that is drawn, spoken or typed, and read on every change. */
export function TryIt({onClose}: {onClose: () => void}) {
  const live = useLiveStore()!
  const cell = useRef<HTMLElement>(null)
  const paused = useLive((state) => state.paused)
  const reads = useLive(({encoder}) => encoder !== null)
  const inputs = useSession(({explanation}) => explanation?.provenance.samples ?? 0)
  useDock(cell, '--dock-try')
  useEscape(onClose)
  useOneMap(live)
  useEffect(() => {
    cell.current!.focus({preventScroll: true})
    // Where it docks to the bottom edge, the figure can be seen over it.
    if (matchMedia('(max-width: 700px)').matches) scrollTo({top: 0})
  }, [])
  return (
    <section ref={cell} className="cell try-it" aria-labelledby="try-title" tabIndex={-1}>
      <header>
        <h2 id="try-title">Try it</h2>
        <Latency />
        {reads && (
          <button
            type="button"
            className="link"
            aria-label={paused ? 'Resume reading' : 'Pause reading'}
            onClick={() => (paused ? live.getState().resume() : live.getState().pause())}
          >
            {paused ? 'Resume' : 'Pause'}
          </button>
        )}
        <button type="button" className="link" onClick={onClose} title="Esc">
          {inputs > 0 ? `Back to ${plural(inputs, 'input')}` : 'Close'}
        </button>
      </header>
      {reads && <Verdict />}
      <Place live={live} />
      <Spoken />
    </section>
  )
}

function Place({live}: {live: LiveStore}) {
  const encoder = useLive((state) => state.encoder)
  const wanting = useLive((state) => state.wanting)
  const trouble = useLive((state) => state.trouble)
  const example = useSession(({example}) => example)
  const input = encoder?.description.input
  return (
    <>
      {input?.kind === 'patches' && <Pad live={live} input={input} />}
      {encoder && input?.kind === 'waveform' && <Sound live={live} input={input} encoder={encoder} example={example} />}
      {input?.kind === 'tokens' && <Words live={live} input={input} example={example} />}
      {wanting && <OpenEncoder live={live} />}
      {!input && !wanting && !trouble && <p className="quiet">Opening the encoder…</p>}
      {trouble && input?.kind !== 'waveform' && (
        <p className="quiet try-trouble" role="alert">
          {trouble}
        </p>
      )}
    </>
  )
}

/** How long the last one took. */
function Latency() {
  const reading = useLive(({current}) => current?.reading ?? null)
  return (
    <span className="gloss try-latency">
      {reading && `encoder ${milliseconds(reading.encoderMs)}, model ${milliseconds(reading.modelMs)}`}
    </span>
  )
}

const milliseconds = (ms: number) => `${fixed(ms, ms < 1 ? 1 : 0)}\u00a0ms`

/** The prediction in a line, where its bars stand too far away to be seen together with what is drawn. */
function Verdict() {
  const logits = useLive(({current}) => current?.reading.logits ?? null)
  const classes = useSession(({explanation}) => explanation?.model.classes ?? null)
  const best = logits && greatestAt(logits)
  return (
    <p className="try-verdict">
      {best !== null && logits ? (
        <>
          <b>{classes?.[best] ?? best}</b> {percent(softmax(logits)[best]!)}
        </>
      ) : (
        'nothing read yet'
      )}
    </p>
  )
}

/** Long enough for a stroke or a word to come to rest. */
const restMs = 800

/** Says to those who do not see the figure what it came to, once it rests. */
function Spoken() {
  const current = useLive((state) => state.current)
  const classes = useSession(({explanation}) => explanation?.model.classes ?? null)
  const row = useSession(({explanation}) => explanation?.axes?.rowName ?? 'layer')
  const [said, setSaid] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setSaid(current ? spokenOf(current, classes, row) : ''), restMs)
    return () => clearTimeout(timer)
  }, [current, classes, row])
  return (
    <p className="visually-hidden" aria-live="polite">
      {said}
    </p>
  )
}

function spokenOf({reading}: NonNullable<Live['current']>, classes: readonly string[] | null, row: string): string {
  const {logits, layers} = reading
  const best = logits && greatestAt(logits)
  const leader = layers.find(({rank}) => rank === 1)
  const read = best === null ? '' : `Read as ${classes?.[best] ?? best}. `
  return leader ? `${read}This input alone: ${row} ${leader.layer + 1} leads.` : read
}

/** Escape leads back, once nothing else waits for it. */
function useEscape(onClose: () => void) {
  const {lens} = useStores()
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const {pinned, solo, enlarged} = lens.getState()
      const held = pinned !== null || solo !== null || enlarged !== null
      if (event.key !== 'Escape' || held || holds(event.target)) return
      if (document.querySelector('dialog[open], :popover-open')) return
      event.preventDefault()
      event.stopPropagation()
      onClose()
    }
    addEventListener('keydown', press, true)
    return () => removeEventListener('keydown', press, true)
  }, [lens, onClose])
}

/** A panel around it has something of its own to let go of first. */
const holds = (target: EventTarget | null) => target instanceof Element && target.closest('[data-holds]') !== null

/** The selected input's own map would hide the live one. */
function useOneMap(live: LiveStore) {
  const {lens} = useStores()
  useEffect(
    () =>
      live.subscribe(({current}) => {
        if (current && lens.getState().sampleMap) lens.getState().showSampleMap(false)
      }),
    [live, lens]
  )
}
