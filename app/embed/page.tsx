import type {Metadata} from 'next'
import {Embed} from '@/components/embed/Embed'
import {panelsIn} from '@/lib/share/embed'
import '@/app/styles/embed.css'

interface PageProps {
  readonly searchParams: Promise<{readonly panels?: string | string[]}>
}

export const metadata: Metadata = {robots: {index: false}}

/** The figure of the explanation behind `#`, which no server is told, for other pages' frames. */
export default async function Page({searchParams}: PageProps) {
  return <Embed id={null} panels={panelsIn((await searchParams).panels)} />
}
