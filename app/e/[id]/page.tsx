import type {Metadata} from 'next'
import {notFound} from 'next/navigation'
import {cache} from 'react'
import {preload} from 'react-dom'
import {SharedPage} from '@/components/shared/SharedPage'
import {Workbench} from '@/components/Workbench'
import {decodeRecord} from '@/lib/share/record'
import {sharedSummary} from '@/lib/share/sharedSummary'
import {explanationsServer} from '@/lib/share/store/explanationsServer'
import {recordAddress} from '@/lib/share/storedRecord'
import '@/app/styles/sharedPage.css'

interface PageProps {
  readonly params: Promise<{readonly id: string}>
}

// The page and its head ask for the same one.
const read = cache(async (id: string) => {
  const found = await (await explanationsServer()).find(id)
  if (typeof found === 'string') return notFound()
  return {summary: sharedSummary((await decodeRecord(found.bytes)).explanation), expires: found.keep.expires}
})

/** Title and description of the very explanation. Whoever has the link may read it; search engines are not given it. */
export async function generateMetadata({params}: PageProps): Promise<Metadata> {
  const {title, description} = (await read((await params).id)).summary
  return {
    title: `${title} · Density Lens`,
    description,
    robots: {index: false},
    openGraph: {title, description, type: 'article', siteName: 'Density Lens'},
    twitter: {card: 'summary', title, description}
  }
}

/** A stored explanation in the workbench; in words where no script runs. */
export default async function Page({params}: PageProps) {
  const {id} = await params
  const {summary, expires} = await read(id)
  const {title, caveat} = summary
  // The first picture needs it; asked for with the page, it arrives before the script does.
  preload(recordAddress(id), {as: 'fetch', crossOrigin: 'anonymous'})
  return (
    <>
      <noscript>
        <SharedPage summary={summary} file={recordAddress(id)} until={new Date(expires).toISOString().slice(0, 10)} />
      </noscript>
      <Workbench example="none" stored={{id, title, caveat}} />
    </>
  )
}
