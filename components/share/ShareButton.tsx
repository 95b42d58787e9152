'use client'

import {useRoom} from '@/components/room'
import {shownExplanation, useSession} from '@/components/stores'

/** Opens the sheet that shows what a link would carry; absent while there is nothing to share. */
export function ShareButton() {
  const {show} = useRoom()
  const explanation = useSession(shownExplanation)
  if (!explanation) return null
  return (
    <button type="button" className="bar-open bar-share" onClick={() => show('share')}>
      Share…
    </button>
  )
}
