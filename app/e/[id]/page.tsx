import type {Metadata} from 'next'
import {notFound} from 'next/navigation'
import {cache} from 'react'
import {SharedPage} from '@/components/shared/SharedPage'
import {decodeRecord} from '@/lib/share/record'
import {sharedSummary} from '@/lib/share/sharedSummary'
import {explanationsServer} from '@/lib/share/store/explanationsServer'
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

/** A stored explanation in words. */
export default async function Page({params}: PageProps) {
  const {id} = await params
  const {summary, expires} = await read(id)
  return (
    <SharedPage
      summary={summary}
      file={`/api/explanations/${id}`}
      until={new Date(expires).toISOString().slice(0, 10)}
    />
  )
}
