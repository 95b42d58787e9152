'use client'

import {engineState} from '@/components/bar/engineState'
import {useSession} from '@/components/stores'
import {bytes} from '@/lib/core/number'
import type {BackendReport} from '@/lib/engine/protocol'

/** What the model runs on and why, and what it holds there. */
export function EngineNote({backend: {reason, adapter, memory}}: {backend: BackendReport}) {
  return (
    <>
      <p>
        {reason}
        {adapter && `. Adapter: ${adapter}`}.
      </p>
      {memory && <p>{memoryText(memory)}</p>}
      <p>The model runs in this page, on this device. Nothing you open leaves it.</p>
    </>
  )
}

/** The same in one line, for the menu of narrow windows. */
export function EngineLine() {
  const state = useSession(engineState)
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
