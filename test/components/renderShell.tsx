import '@/app/styles/tokens.css'
import '@/app/styles/base.css'
import '@/app/styles/workbench.css'
import '@/app/styles/figure.css'
import '@/app/styles/foot.css'
import '@/app/styles/plane.css'
import '@/app/styles/floating.css'
import '@/app/styles/inspect.css'
import '@/app/styles/live.css'
import '@/app/styles/whatIf.css'
import '@/app/styles/notes.css'
import {act} from 'react'
import {createRoot} from 'react-dom/client'
import {onTestFinished} from 'vitest'
import {LiveContext} from '@/components/live/LiveContext'
import {NotesContext} from '@/components/notes/NotesContext'
import {loadShell, Shell} from '@/components/Shell'
import {StoresProvider} from '@/components/stores'
import {followSession} from '@/lib/state/followSession'
import {createLens, type LensStore} from '@/lib/state/lens'
import {createLive, followLive, type LiveParts, type LiveStore} from '@/lib/state/live'
import {createNotes, followNotes, type NotesStore} from '@/lib/state/notes'
import type {Session, SessionStore} from '@/lib/state/session'
import {type Asked, scriptedSession} from './scriptedSession'

;(globalThis as {IS_REACT_ACT_ENVIRONMENT?: boolean}).IS_REACT_ACT_ENVIRONMENT = true

export interface RenderedShell {
  readonly session: SessionStore
  readonly lens: LensStore
  readonly asked: Asked[]
  /** Null without an engine that reads live inputs. */
  readonly live: LiveStore | null
  readonly notes: NotesStore
  /** Takes the shell away, as leaving the page would. */
  readonly leave: () => Promise<void>
}

/** The whole window over a scripted session, with live inputs where an engine reads them; taken away when the test ends. */
export async function renderShell(
  state: Partial<Session> = {},
  engine: (Omit<LiveParts['engine'], 'livePoints'> & Partial<LiveParts['engine']>) | null = null
): Promise<RenderedShell> {
  await loadShell()
  const {session, asked} = scriptedSession(state)
  const lens = createLens()
  const notes = createNotes()
  const live = engine && createLive({engine: {livePoints: async () => null, ...engine}, session})
  const follows = [
    followSession(session, lens),
    followNotes(session, notes),
    ...(live ? [followLive(session, live)] : [])
  ]
  const host = document.body.appendChild(document.createElement('div'))
  // In the app the shell stands in the body itself.
  host.style.display = 'contents'
  const root = createRoot(host)
  await act(async () =>
    root.render(
      <StoresProvider session={session} lens={lens}>
        <LiveContext value={live}>
          <NotesContext value={notes}>
            <Shell />
          </NotesContext>
        </LiveContext>
      </StoresProvider>
    )
  )
  let left = false
  const leave = async () => {
    if (left) return
    left = true
    for (const unfollow of follows) unfollow()
    await act(async () => root.unmount())
    host.remove()
  }
  onTestFinished(leave)
  return {session, lens, asked, live, notes, leave}
}

/** The element, or a failure that names what was looked for. */
export function the<T extends HTMLElement = HTMLElement>(selector: string): T {
  const found = document.querySelector<T>(selector)
  if (!found) throw new Error(`nothing matches ${selector}`)
  return found
}

/** A button or link by its words. */
export function button(text: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find((b) => b.textContent?.trim().startsWith(text))
  if (!found) throw new Error(`no button says ${text}`)
  return found
}

export const press = (target: HTMLElement) => act(async () => target.click())

/** A key on whatever has the focus. */
export const key = (name: string, options: KeyboardEventInit = {}) =>
  act(async () => {
    const target = document.activeElement ?? document.body
    target.dispatchEvent(new KeyboardEvent('keydown', {key: name, bubbles: true, cancelable: true, ...options}))
  })
