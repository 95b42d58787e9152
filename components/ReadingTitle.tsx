'use client'

import {useSession, useStores} from '@/components/stores'
import {paceText} from '@/lib/engine/paceText'
import type {Work} from '@/lib/state/session'

/** Takes the title's place while a file is being read: what, how far, and how to stop. */
export function ReadingTitle() {
  const {session} = useStores()
  const work = useSession(({work}) => work)
  if (work.kind !== 'working') return null
  const {pause, resume, cancel} = session.getState()
  return (
    <div className="title">
      <h1>Reading {work.name}</h1>
      <p className="caveat">{progressText(work)}</p>
      <div className="cancel">
        {canPause(work) && (
          <button
            type="button"
            className="button"
            aria-label={work.paused ? 'Resume the run' : 'Pause the run'}
            onClick={work.paused ? resume : pause}
          >
            {work.paused ? 'Resume' : 'Pause'}
          </button>
        )}
        <button type="button" className="button" onClick={cancel}>
          Cancel <kbd>Esc</kbd>
        </button>
      </div>
    </div>
  )
}

type Working = Extract<Work, {kind: 'working'}>

/** Inputs and resamples can stand still; a file's bytes are read in one go. */
const canPause = ({paused, progress}: Working) =>
  paused === true || progress?.phase === 'running' || progress?.phase === 'intervals'

function progressText({progress, paused}: Working): string {
  if (!progress) return 'Looking into the file.'
  if (paused) return `Paused. ${progress.text}. What has been seen so far can be read meanwhile.`
  const pace = paceText(progress)
  return pace ? `${progress.text}: ${pace}.` : progress.text
}
