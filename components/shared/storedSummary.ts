import {notFound} from 'next/navigation'
import {cache} from 'react'
import {decodeRecord} from '@/lib/share/record'
import {type SharedSummary, sharedSummary} from '@/lib/share/sharedSummary'
import {explanationsServer} from '@/lib/share/store/explanationsServer'

interface StoredSummary {
  readonly summary: SharedSummary
  /** When it is deleted, ms. */
  readonly expires: number
}

/** A stored explanation in words, read once for a page and its head; the page is "not found" when it is not kept. */
export const storedSummary = cache(async (id: string): Promise<StoredSummary> => {
  const found = await (await explanationsServer()).find(id)
  if (typeof found === 'string') return notFound()
  const record = await decodeRecord(found.bytes)
  return {summary: sharedSummary(record.explanation, record), expires: found.keep.expires}
})
