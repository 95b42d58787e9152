'use client'

import {useSession} from '@/components/stores'

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
