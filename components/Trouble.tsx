'use client'

import {later} from '@/components/later'
import {useSession} from '@/components/stores'

const TroubleToast = later(async () => (await import('@/components/TroubleToast')).TroubleToast)

/** Fetches what tells of troubles. */
export const loadTrouble = TroubleToast.load

/** Where a failed step is told. The region stands before there is trouble, so that the alert is heard when it comes. */
export function Trouble() {
  const trouble = useSession(({trouble}) => trouble !== null)
  return (
    <div className="toasts" role="alert">
      {trouble && <TroubleToast />}
    </div>
  )
}
