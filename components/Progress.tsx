'use client'

import {useSession, useStores} from '@/components/stores'

/** The 4-px line under the bar: filled while the work can be measured, moving while it cannot. */
export function ProgressLine() {
  const work = useSession(({work}) => work)
  if (work.kind !== 'working' || !work.visible) return null
  const {progress} = work
  const known = progress && progress.total > 0
  return (
    <progress
      className="progress"
      aria-label={`Opening ${work.name}`}
      {...(known ? {max: progress.total, value: progress.done} : {})}
    />
  )
}

/** Takes the title's place while a file is being read: what, how far, and how to stop. */
export function ReadingTitle() {
  const {session} = useStores()
  const work = useSession(({work}) => work)
  if (work.kind !== 'working') return null
  return (
    <div className="title">
      <h1>Reading {work.name}</h1>
      <p className="caveat">{work.progress?.text ?? 'Looking into the file.'}</p>
      <button type="button" className="button cancel" onClick={() => session.getState().cancel()}>
        Cancel <kbd>Esc</kbd>
      </button>
    </div>
  )
}
