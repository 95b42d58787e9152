'use client'

import {useEffect, useState} from 'react'
import {Shell} from '@/components/Shell'
import {type Stores, StoresProvider} from '@/components/stores'
import {createEngine} from '@/lib/engine/client'
import type {ExampleCard} from '@/lib/state/exampleCard'
import {followSession} from '@/lib/state/followSession'
import {createLens} from '@/lib/state/lens'
import {createSession} from '@/lib/state/session'

/** The app: makes its two stores once, and opens the first example, unless it is asked to start empty. */
export function Workbench({example}: {example: string | null}) {
  const [stores] = useState<Stores>(() => ({session: createSession({engine: createEngine()}), lens: createLens()}))
  const [awaited, setAwaited] = useState(example !== 'none')

  useEffect(() => followSession(stores.session, stores.lens), [stores])
  useEffect(() => {
    let left = false
    readExamples().then(async (examples) => {
      if (left) return
      const {session} = stores
      session.setState({examples})
      const first = examples.find(({id}) => id === example) ?? (example === null ? examples[0] : undefined)
      // Whoever was quicker with a file of their own keeps it.
      if (first && session.getState().work.kind === 'ready') await session.getState().openExample(first)
      setAwaited(false)
    })
    return () => {
      left = true
    }
  }, [stores, example])

  return (
    <StoresProvider {...stores}>
      <Shell awaited={awaited} />
    </StoresProvider>
  )
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
