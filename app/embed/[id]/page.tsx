import type {Metadata} from 'next'
import {preload} from 'react-dom'
import {Embed} from '@/components/embed/Embed'
import {storedSummary} from '@/components/shared/storedSummary'
import {panelsIn} from '@/lib/share/embed'
import {recordAddress} from '@/lib/share/storedRecord'
import '@/app/styles/embed.css'

interface PageProps {
  readonly params: Promise<{readonly id: string}>
  /** `panels`, as `ranking,map`; `theme` is read before the first paint. */
  readonly searchParams: Promise<{readonly panels?: string | string[]}>
}

export async function generateMetadata({params}: PageProps): Promise<Metadata> {
  const {summary} = await storedSummary((await params).id)
  return {title: summary.title, description: summary.description, robots: {index: false}}
}

/** The figure of a stored explanation, for other pages' frames. */
export default async function Page({params, searchParams}: PageProps) {
  const {id} = await params
  const {summary} = await storedSummary(id)
  preload(recordAddress(id), {as: 'fetch', crossOrigin: 'anonymous'})
  return <Embed id={id} panels={panelsIn((await searchParams).panels)} title={summary.title} caveat={summary.caveat} />
}
