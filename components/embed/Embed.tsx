'use client'

import {useEffect, useRef, useState, useSyncExternalStore} from 'react'
import {Figure} from '@/components/figure/Figure'
import {useTheme} from '@/components/hooks/useTheme'
import {followDevice} from '@/components/theme'
import {decodeExplanationFile} from '@/lib/share/explanationFile'
import {hashBytes} from '@/lib/share/link'
import type {SharedRecord} from '@/lib/share/record'
import {storedRecord} from '@/lib/share/storedRecord'
import {visibleRecord} from '@/lib/share/visible'
import {createLens} from '@/lib/state/lens'
import {lensOf} from '@/lib/state/lensView'
import {troubleOf} from '@/lib/state/trouble'
import type {PanelLetter} from '@/lib/views/frame'

interface EmbedProps {
  /** Under which this site keeps it; null for the one that the address itself holds, behind `#`. */
  readonly id: string | null
  readonly panels: readonly PanelLetter[]
  /** The finding, where it is known before the explanation is here. */
  readonly title?: string
  readonly caveat?: string
}

/** An explanation in another page's frame: its figure, under the finding and the caveat that belong to it. */
export function Embed({id, panels, title, caveat}: EmbedProps) {
  const [lens] = useState(createLens)
  const theme = useTheme()
  const [shared, setShared] = useState<SharedRecord | null>(null)
  const explanation = shared?.explanation ?? null
  const [trouble, setTrouble] = useState<string | null>(null)
  const whole = useRef<HTMLElement>(null)
  const hash = useHash()

  useEffect(followDevice, [])
  useEffect(() => {
    let left = false
    const open = async () => {
      const record = visibleRecord(
        await decodeExplanationFile(id === null ? hashBytes(hash) : await storedRecord(id), 'this link')
      )
      if (left) return
      if (record.view) lens.setState({...lensOf(record.view, record.explanation), enlarged: null})
      setShared(record)
      setTrouble(null)
    }
    // While the page wakes it is not known yet.
    if (id === null && hash !== location.hash) return
    open().catch((error: unknown) => left || setTrouble(troubleOf(error, '').message))
    return () => {
      left = true
    }
  }, [id, hash, lens])
  useEffect(() => tellHeight(whole.current!), [])

  return (
    <main className="embed" ref={whole}>
      <header>
        <h1>{title ?? explanation?.finding.title}</h1>
        <p>{caveat ?? explanation?.finding.caveat}</p>
        <a href={id === null ? `/${hash}` : `/e/${id}`} target="_blank" rel="noopener">
          Density Lens
          <span className="visually-hidden">, open in a new tab</span>
          <span aria-hidden="true"> ↗</span>
        </a>
      </header>
      {trouble ? (
        <p role="alert">{trouble}</p>
      ) : (
        <Figure explanation={explanation} lens={lens} theme={theme} panels={panels} notes={shared?.notes} />
      )}
    </main>
  )
}

/** What stands behind `#` in the address; nothing while the page is made by the server. */
const useHash = (): string =>
  useSyncExternalStore(
    (changed) => {
      addEventListener('hashchange', changed)
      return () => removeEventListener('hashchange', changed)
    },
    () => location.hash,
    () => ''
  )

/** Tells the page around how high everything is when it is not cut, so that its frame may fit; a number and no more. */
function tellHeight(main: HTMLElement): () => void {
  if (window.parent === window) return () => {}
  let told = 0
  const observer = new ResizeObserver(() => {
    const height = Math.ceil(main.scrollHeight)
    if (height === told) return
    told = height
    window.parent.postMessage({densityLens: {height}}, '*')
  })
  observer.observe(main)
  for (const child of main.children) observer.observe(child)
  return () => observer.disconnect()
}
