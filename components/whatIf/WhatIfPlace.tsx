'use client'

import {useComing} from '@/components/BesideProvider'
import {later} from '@/components/later'
import {useSession} from '@/components/stores'
import {useEditsStore} from '@/components/whatIf/EditsContext'

// Nothing is supposed before it is asked for.
const WhatIf = later(async () => (await import('@/components/whatIf/WhatIf')).WhatIf, null, Empty)

/** Fetches the script of edits. */
export const loadWhatIf = WhatIf.load

/** Where edits are made and named, from the first picture on: what is on its way shifts nothing when it comes. */
export function WhatIfPlace() {
  const edits = useEditsStore()
  const coming = useComing()
  return edits ? <WhatIf /> : coming && <Empty />
}

function Empty() {
  const ran = useSession(({explanation, files}) => files !== null && explanation?.provenance.maps === 'inputs')
  if (!ran) return null
  return (
    <div className="what-if what-if-coming" aria-hidden="true">
      <span className="link">What if</span>
    </div>
  )
}
