'use client'

import {Popover} from '@/components/controls/Popover'
import {takesOver, useSession, useStores, visibleWork} from '@/components/stores'
import {bytes, fixed} from '@/lib/core/number'
import type {BackendReport} from '@/lib/engine/protocol'
import type {Session} from '@/lib/state/session'

const names = {webgpu: 'WebGPU', wasm: 'WASM', cpu: 'Plain JavaScript'} as const

/** Whether the model is at work, how fast it is, and what it runs on. */
export function EngineStatus() {
  const {session} = useStores()
  // Work that keeps the figure as it is has its Cancel here; other work has it in the title's place.
  const behind = useSession((now) => visibleWork(now) !== null && !takesOver(now))
  const state = useSession(stateOf)
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
          <p>
            {backend.reason}
            {backend.adapter && `. Adapter: ${backend.adapter}`}.
          </p>
          {backend.memory && <p>{memoryText(backend.memory)}</p>}
          <p>The model runs in this page, on this device. Nothing you open leaves it.</p>
        </Popover>
      )}
    </>
  )
}

/** The same in one line, for the menu of narrow windows. */
export function EngineLine() {
  const state = useSession(stateOf)
  const backend = useSession(({backend}) => backend)
  return (
    <p className="menu-engine">
      {state}
      {backend && `. ${backend.reason}.`}
      {backend?.memory && ` ${memoryText(backend.memory)}`}
    </p>
  )
}

/** `On the GPU: 1.6 MB now, 58.2 MB at most for this figure.` */
const memoryText = ({bytes: now, peak}: NonNullable<BackendReport['memory']>) =>
  `On the GPU: ${bytes(now)} now, ${bytes(peak)} at most for this figure.`

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

function stateOf({work, msPerInput, backend}: Session): string {
  if (work.kind === 'working') return work.paused ? 'Paused' : 'Working'
  if (!backend) return 'Ready'
  return msPerInput === null ? 'Ready' : `Live, ${fixed(msPerInput, msPerInput < 10 ? 1 : 0)} ms per input`
}
