'use client'

import {useEffect, useState} from 'react'
import {later} from '@/components/later'
import {useSession, useStores} from '@/components/stores'

const SharedNote = later(async () => (await import('@/components/share/SharedNote')).SharedNote)

/** Fetches what is said of shared explanations. */
export const loadSharedNote = SharedNote.load

// Few open a link to delete what they stored.
const DeleteShared = later(async () => (await import('@/components/share/DeleteShared')).DeleteShared)

/** Opens the explanation in the page's own hash, now and when it changes, and says of what is open that it was shared. */
export function SharedLink() {
  const {session} = useStores()
  const shared = useSession(({shared}) => shared)
  const [deletes, setDeletes] = useState(false)

  useEffect(() => {
    const read = () => {
      const {hash} = location
      if (hash.startsWith('#delete=')) setDeletes(true)
      // The same mark as in lib/share/link.ts, which is fetched only when there is a link to read.
      if (!hash.startsWith('#x=')) return
      const bytes = async () => (await import('@/lib/share/link')).hashBytes(hash)
      session.getState().openShared(bytes, 'link', 'the explanation in this link')
    }
    read()
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [session])

  return (
    <>
      {shared && <SharedNote shared={shared} />}
      {deletes && <DeleteShared />}
    </>
  )
}
