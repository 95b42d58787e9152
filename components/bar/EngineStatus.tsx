'use client'

import {engineState} from '@/components/bar/engineState'
import {Popover} from '@/components/controls/Popover'
import {later} from '@/components/later'
import {takesOver, useSession, useStores, visibleWork} from '@/components/stores'
import type {BackendReport} from '@/lib/engine/protocol'

const EngineNote = later(async () => (await import('@/components/bar/EngineNote')).EngineNote)

/** Fetches what it says when it is asked. */
export const loadEngineNote = EngineNote.load

const names = {webgpu: 'WebGPU', wasm: 'WASM', cpu: 'Plain JavaScript'} as const

/** Whether the model is at work, how fast it is, and what it runs on. */
export function EngineStatus() {
  const {session} = useStores()
  // Work that keeps the figure as it is has its Cancel here; other work has it in the title's place.
  const behind = useSession((now) => visibleWork(now) !== null && !takesOver(now))
  const state = useSession(engineState)
  const backend = useSession(({backend}) => backend)
  return (
    <>
      <span className="bar-live">
        <i className={state === 'Working' ? 'dot busy' : 'dot'} />
        <span role="status">{state}</span>
        {behind && (
          <button type="button" className="link" onClick={() => session.getState().cancel()}>
            Cancel
          </button>
        )}
      </span>
      {backend && (
        <Popover className="bar-engine" panelClass="note" button={<BackendName backend={backend} />}>
          <EngineNote backend={backend} />
        </Popover>
      )}
    </>
  )
}

function BackendName({backend}: {backend: BackendReport}) {
  const {name, adapter, software, reason} = backend
  // What is not the fast path says why without being asked.
  const gloss = name === 'webgpu' && !software ? adapter : becauseOf(reason)
  return (
    <>
      {names[name]}
      {gloss && (
        <>
          <span className="dot-between" aria-hidden="true">
            ·
          </span>
          <span className="gloss">{gloss}</span>
        </>
      )}
    </>
  )
}

/** `WASM, because this adapter is slow` → `this adapter is slow`; a name that stands in front is not said twice. */
const becauseOf = (reason: string) =>
  /\bbecause (.+)$/.exec(reason)?.[1] ?? reason.replace(/^(WebGPU|WASM|plain JavaScript),? /i, '')
