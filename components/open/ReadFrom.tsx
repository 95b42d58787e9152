'use client'

import {useSession} from '@/components/stores'
import {bytes} from '@/lib/core/number'

/** Who gave the open checkpoint, and how much of it had to come. */
export function ReadFrom() {
  const report = useSession(({report}) => report)
  if (!report?.from) return null
  const {host, fetched, whole} = report.from
  return (
    <p className="menu-note">
      {whole
        ? `${report.name} was fetched whole from ${host}, ${bytes(report.size)}.`
        : `${bytes(fetched)} of ${bytes(report.size)} came from ${host}; the rest was not needed.`}
    </p>
  )
}
