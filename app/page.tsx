import {preload} from 'react-dom'
import {Workbench} from '@/components/Workbench'

interface PageProps {
  searchParams: Promise<{readonly [key in 'example' | 'checkpoint' | 'inputs']?: string | string[]}>
}

/**
 * The workbench. `?example=` names the shipped example to start with, or `none`; `?checkpoint=` and `?inputs=`, the
 * latter as often as need be, are addresses to open. This server never asks them: the person's browser does.
 */
export default async function Page({searchParams}: PageProps) {
  const {example, checkpoint, inputs} = await searchParams
  const asked = typeof example === 'string' ? example : checkpoint ? 'none' : null
  if (asked !== 'none') preloadExample(asked ?? 'digits')
  return <Workbench example={asked} addresses={[checkpoint ?? [], inputs ?? []].flat()} />
}

// The first picture needs these three; asked for with the page, they arrive before the script does.
function preloadExample(id: string) {
  if (!/^[\w-]+$/.test(id)) return
  for (const url of ['/examples/index.json', `/examples/${id}/card.json`, `/examples/${id}/explanation.json`]) {
    preload(url, {as: 'fetch', crossOrigin: 'anonymous'})
  }
}
