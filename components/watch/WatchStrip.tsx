'use client'

import {useEffect, useState} from 'react'
import {Caret} from '@/components/controls/Glyphs'
import {Popover} from '@/components/controls/Popover'
import {useWatch, useWatchStore} from '@/components/watch/WatchContext'
import {bytes, count, plural} from '@/lib/core/number'
import type {Watch, WatchStore} from '@/lib/state/watch'
import {agoText, rankingText, versionText} from '@/lib/views/versionText'

/** Under the bar while a file is watched: how it stands, and the way back through its versions. */
export function WatchStrip() {
  const watch = useWatchStore()
  return watch && <Strip watch={watch} />
}

function Strip({watch}: {watch: WatchStore}) {
  const now = useWatch(watch, (now) => now)
  const {state, versions} = now
  if (state === 'off') return null
  const {pause, resume, stop, close} = watch.getState()
  return (
    <section className="watch" aria-label="Watched file">
      <p className="watch-line">
        <span className="watch-dot" data-state={state} aria-hidden="true" />
        <span>{stateText(now)}</span>
        {versions.length > 0 && <Ago at={versions.at(-1)!.at} />}
        <span className="watch-writing">{doingText(now)}</span>
      </p>
      {/* Said once for each version, and not every second. */}
      <p className="visually-hidden" role="status">
        {now.because ?? (versions.length > 0 ? `${now.name}: ${versionText(versions.at(-1)!)}` : '')}
      </p>
      {versions.length > 1 && <Timeline watch={watch} now={now} />}
      <div className="watch-hands">
        {versions.length > 0 && <History watch={watch} now={now} />}
        {state === 'watching' && (
          <button type="button" aria-label="Pause watching" onClick={pause}>
            Pause
          </button>
        )}
        {state === 'paused' && (
          <button type="button" aria-label="Resume watching" onClick={resume}>
            Resume
          </button>
        )}
        {state === 'stopped' ? (
          <button type="button" aria-label="Close the watched file" onClick={close}>
            Close
          </button>
        ) : (
          <button type="button" aria-label="Stop watching" onClick={stop}>
            Stop
          </button>
        )}
      </div>
    </section>
  )
}

const verbs = {off: '', watching: 'Watching', paused: 'Paused:', stopped: 'No longer watching'} as const

function stateText({state, name, versions, because}: Watch): string {
  const newest = versions.at(-1)
  const subject = `${verbs[state]} ${name}`
  if (state === 'stopped') return because ? `${subject}. ${because}` : subject
  return newest ? `${subject}: ${versionText(newest)}` : `${subject}: no version yet`
}

function doingText({writing, reading, missed, kind}: Watch): string {
  const doing = writing
    ? `${kind === 'folder' ? `${writing.name} ` : ''}${writing.gone ? 'not there for now' : 'being written…'}`
    : reading
      ? 'being explained…'
      : ''
  return [doing, missed > 0 ? `${count(missed)} written over unread` : ''].filter(Boolean).join('; ')
}

/** How long ago; the page counts seconds only here. */
function Ago({at}: {at: number}) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return <span className="watch-ago">{agoText(now - at)}</span>
}

/** A slider over the versions; its arrows are those of the platform. */
function Timeline({watch, now: {versions, shown}}: {watch: WatchStore; now: Watch}) {
  const read = versions.filter(({trouble}) => trouble === null)
  if (read.length < 2) return null
  const at = shown === null ? read.length - 1 : read.findIndex(({version}) => version === shown)
  const text = `${versionText(read[at] ?? read.at(-1)!)}${shown === null ? ', the newest' : ''}`
  return (
    <label className="watch-timeline">
      <span className="visually-hidden">Version shown</span>
      <input
        type="range"
        min={0}
        max={read.length - 1}
        value={at}
        aria-valuetext={text}
        onChange={({target}) => watch.getState().show(read[Number(target.value)]!.version)}
      />
      <output>{shown === null ? 'newest' : `version ${count(shown)}`}</output>
    </label>
  )
}

function History({watch, now: {versions, forgotten, shown}}: {watch: WatchStore; now: Watch}) {
  const newest = versions.findLast(({trouble}) => trouble === null)
  const current = shown ?? newest?.version
  return (
    <Popover
      panelClass="menu watch-history"
      button={
        <>
          {plural(versions.length, 'version')} <Caret />
        </>
      }
    >
      <ul>
        {[...versions].reverse().map((one) => (
          <li key={one.version}>
            <button
              type="button"
              data-stay
              disabled={one.trouble !== null}
              aria-current={one.version === current}
              onClick={() => watch.getState().show(one.version)}
            >
              <b>{versionText(one)}</b>
              <span>{rankingText(one)}</span>
              <span>
                {timeOf(one.at)}, {bytes(one.size)}
                {one.sha256 && `, SHA-256 ${one.sha256}…`}
                {!one.whole && one.trouble === null && ', rows alone are kept'}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {forgotten > 0 && <p className="menu-note">{plural(forgotten, 'older version')} let go of.</p>}
    </Popover>
  )
}

const timeOf = (time: number) => new Date(time).toLocaleTimeString('en-GB')
