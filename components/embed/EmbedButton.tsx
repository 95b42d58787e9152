'use client'

import {useRoom} from '@/components/room'
import {useSharedId} from '@/components/shared/SharedId'

/** How to put this explanation into another page or a notebook; absent where no server keeps it. */
export function EmbedButton() {
  const {show} = useRoom()
  if (useSharedId() === null) return null
  return (
    <button type="button" className="bar-open bar-embed" onClick={() => show('embed')}>
      Embed…
    </button>
  )
}
