'use client'

import {useRoom} from '@/components/room'
import {useSession} from '@/components/stores'

/** Opens the sheet of files that the figure can be saved as; absent while there is none. */
export function ExportButton() {
  const {show} = useRoom()
  const open = useSession(({explanation}) => explanation !== null)
  if (!open) return null
  return (
    <button type="button" className="bar-open bar-export" onClick={() => show('export')}>
      Export…
    </button>
  )
}
