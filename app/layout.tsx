import './styles/fonts.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/workbench.css'
import './styles/figure.css'
import './styles/panels.css'
import './styles/foot.css'
import './styles/plane.css'
import './styles/floating.css'
import './styles/empty.css'
import './styles/open.css'
import './styles/inspect.css'
import './styles/live.css'
import './styles/watch.css'
import './styles/whatIf.css'
import './styles/livePlot.css'
import './styles/export.css'
import './styles/share.css'
import './styles/embedDialog.css'
import './styles/notes.css'
import type {Metadata, Viewport} from 'next'
import {headers} from 'next/headers'
import type {ReactNode} from 'react'
import {themeScript} from '@/components/theme'
import {sans, serif} from './fonts'

export const metadata: Metadata = {
  title: 'Density Lens',
  description:
    'Opens checkpoints of the Density Adaptive Attention Mechanism (DAAM) and shows which layers and features a model relies on, and what it learned. Runs in the page; nothing leaves it.'
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    {media: '(prefers-color-scheme: light)', color: '#ffffff'},
    {media: '(prefers-color-scheme: dark)', color: '#111519'}
  ]
}

/** Every page. Rendered per request, since each has its own nonce. */
export default async function Layout({children}: {children: ReactNode}) {
  const nonce = (await headers()).get('x-nonce') ?? undefined
  return (
    // The theme is put on before React wakes.
    <html lang="en" className={`${sans.variable} ${serif.variable}`} suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: our own constant, under this request's nonce */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{__html: themeScript}} />
      </head>
      <body>{children}</body>
    </html>
  )
}
