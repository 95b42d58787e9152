import type {Metadata} from 'next'
import {headers} from 'next/headers'
import {preload} from 'react-dom'
import {SharedPage} from '@/components/shared/SharedPage'
import {storedSummary} from '@/components/shared/storedSummary'
import {Workbench} from '@/components/Workbench'
import {pageAddress} from '@/lib/share/embed'
import {siteOrigin} from '@/lib/share/store/origin'
import {recordAddress} from '@/lib/share/storedRecord'
import '@/app/styles/sharedPage.css'

interface PageProps {
  readonly params: Promise<{readonly id: string}>
}

/**
 * Title, description and picture of the very explanation. Whoever has the link may read it; search engines are not given
 * it.
 */
export async function generateMetadata({params}: PageProps): Promise<Metadata> {
  const {id} = await params
  const {title, caveat, description} = (await storedSummary(id)).summary
  const origin = siteOrigin(await headers())
  const page = pageAddress(origin, id)
  const picture = {url: `${page}/picture.png`, width: 1200, height: 630, type: 'image/png', alt: `${title}. ${caveat}`}
  const oembed = `${origin}/api/oembed?url=${encodeURIComponent(page)}`
  return {
    title: `${title} · Density Lens`,
    description,
    robots: {index: false},
    alternates: {types: {'application/json+oembed': [{url: oembed, title}]}},
    openGraph: {title, description, type: 'article', siteName: 'Density Lens', url: page, images: [picture]},
    twitter: {card: 'summary_large_image', title, description, images: [picture]}
  }
}

/** A stored explanation in the workbench; in words where no script runs. */
export default async function Page({params}: PageProps) {
  const {id} = await params
  const {summary, expires} = await storedSummary(id)
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
