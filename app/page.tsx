import {preload} from 'react-dom'
import {Workbench} from '@/components/Workbench'

interface PageProps {
  searchParams: Promise<{readonly example?: string | string[]}>
}

/** The workbench. `?example=` names the shipped example to start with, or `none`. */
export default async function Page({searchParams}: PageProps) {
  const {example} = await searchParams
  const asked = typeof example === 'string' ? example : null
  if (asked !== 'none') preloadExample(asked ?? 'digits')
  return <Workbench example={asked} />
}

// The first picture needs these three; asked for with the page, they arrive before the script does.
function preloadExample(id: string) {
  if (!/^[\w-]+$/.test(id)) return
  for (const url of ['/examples/index.json', `/examples/${id}/card.json`, `/examples/${id}/explanation.json`]) {
    preload(url, {as: 'fetch', crossOrigin: 'anonymous'})
  }
}
