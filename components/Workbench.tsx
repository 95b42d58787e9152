'use client'

import {useEffect, useState} from 'react'
import {BesideProvider} from '@/components/BesideProvider'
import {Shell} from '@/components/Shell'
import {SharedId} from '@/components/shared/SharedId'
import {type Stores, StoresProvider} from '@/components/stores'
import {lateEngine} from '@/lib/engine/lateEngine'
import type {ExampleCard} from '@/lib/state/exampleCard'
import {followSession} from '@/lib/state/followSession'
import {createLens} from '@/lib/state/lens'
import {createSession} from '@/lib/state/session'

export interface WorkbenchProps {
  /** The shipped example to start with, `none`, or null for the first. */
  example: string | null
  /** Files of other servers to open, as the page's own address names them. */
  addresses?: readonly string[]
  /** An explanation that this site keeps, to open instead, and its finding, which stands there before it comes. */
  stored?: StoredFinding | null
}

export interface StoredFinding {
  readonly id: string
  readonly title: string
  readonly caveat: string
}

/** The app: makes its stores once, and opens what its address names, else the first example. */
export function Workbench({example, addresses = [], stored = null}: WorkbenchProps) {
  const [engine] = useState(lateEngine)
  const [stores] = useState<Stores>(() => ({session: createSession({engine}), lens: createLens()}))
  const [awaited, setAwaited] = useState(stored !== null || example !== 'none' || addresses.length > 0)
  const [given] = useState(addresses)
  const id = stored?.id ?? null

  useEffect(() => followSession(stores.session, stores.lens), [stores])
  useEffect(() => {
    let left = false
    const {session} = stores
    const opened = id === null ? null : openStored(session, id)
    readExamples().then(async (examples) => {
      await opened
      if (left) return
      session.setState({examples})
      const first = examples.find(({id}) => id === example) ?? (example === null ? examples[0] : undefined)
      // Whoever was quicker with a file of their own keeps it.
      const {work, explanation, trouble} = session.getState()
      // A link that cannot be read says so; an example in its place would pass for it.
      const idle = work.kind === 'ready' && explanation === null && trouble === null
      if (first && idle) await session.getState().openExample(first)
      else if (idle && example && example !== 'none') {
        const {noSuchExample} = await import('@/lib/state/noSuchExample')
        session.setState({trouble: noSuchExample(example, examples)})
      }
      if (!left && session.getState().work.kind === 'ready') await session.getState().openAddresses(given)
      setAwaited(false)
    })
    return () => {
      left = true
    }
  }, [stores, example, given, id])

  return (
    <StoresProvider {...stores}>
      <BesideProvider engine={engine} atOnce={!awaited || (example === 'none' && stored === null)}>
        <SharedId value={id}>
          <Shell awaited={awaited && (stored ?? true)} />
        </SharedId>
      </BesideProvider>
    </StoresProvider>
  )
}

/** What the site keeps under an id; a link behind the `#` is meant more than the page it stands on. */
async function openStored({getState}: Stores['session'], id: string) {
  if (location.hash.startsWith('#x=')) return
  const {storedRecord} = await import('@/lib/share/storedRecord')
  await getState().openShared(() => storedRecord(id), 'link', 'this explanation')
}

/** The cards of all shipped examples; those that cannot be read are left out, for the app works without them. */
async function readExamples(): Promise<ExampleCard[]> {
  const json = async (url: string) => (await fetch(url)).json()
  try {
    const ids: string[] = await json('/examples/index.json')
    const cards = await Promise.allSettled(ids.map((id) => json(`/examples/${id}/card.json`)))
    return cards.flatMap((card) => (card.status === 'fulfilled' ? [card.value as ExampleCard] : []))
  } catch {
    return []
  }
}
