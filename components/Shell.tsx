'use client'

import {useCallback, useEffect, useMemo, useRef, useState} from 'react'
import type {Awaited} from '@/components/awaited'
import {Bar} from '@/components/bar/Bar'
import {Dialogs, loadDialogs} from '@/components/dialogs/Dialogs'
import {useDrop} from '@/components/drop/useDrop'
import {Figure} from '@/components/figure/Figure'
import {useTheme} from '@/components/hooks/useTheme'
import {later} from '@/components/later'
import {useOneInput} from '@/components/live/LiveContext'
import {LiveDock, loadLivePlot} from '@/components/live/LiveDock'
import {Notice} from '@/components/Notice'
import {useNoteList} from '@/components/notes/NotesContext'
import {ProgressLine, ReadingTitle} from '@/components/Progress'
import {type DialogName, type Room, RoomContext} from '@/components/room'
import {SpokenReading} from '@/components/SpokenReading'
import {SharedLink} from '@/components/share/SharedLink'
import {shownExplanation, takesOver, useSession, useStores} from '@/components/stores'
import {Title} from '@/components/Title'
import {Trouble} from '@/components/Trouble'
import {useKeys} from '@/components/useKeys'
import {useEditsStore, useSupposed} from '@/components/whatIf/EditsContext'

// What stands beside or instead of the first picture comes after it.
const Foot = later(async () => (await import('@/components/foot/Foot')).Foot)
const EmptyState = later(async () => (await import('@/components/drop/EmptyState')).EmptyState)
// It listens for N, so it is there before it is seen.
const NotesPanel = later(async () => (await import('@/components/notes/NotesPanel')).NotesPanel)
const DropOverlay = later(async () => (await import('@/components/drop/DropOverlay')).DropOverlay)

/** Fetches all that the window shows later than its first picture. */
export const loadShell = async (): Promise<void> => {
  await Promise.allSettled([
    loadDialogs(),
    loadLivePlot(),
    ...[Foot, EmptyState, DropOverlay, NotesPanel].map(({load}) => load())
  ])
}

/** The whole window, over whatever session and lens it is given. */
export function Shell({awaited = false}: {awaited?: Awaited}) {
  const {session} = useStores()
  const picker = useRef<HTMLInputElement>(null)
  const [dialog, setDialog] = useState<DialogName | null>(null)
  const room = useMemo<Room>(() => ({pick: () => picker.current!.click(), show: setDialog}), [])
  const close = useCallback(() => setDialog(null), [])
  const dropping = useDrop()
  useKeys(room)

  return (
    <RoomContext value={room}>
      <a className="skip" href="#figure">
        Skip to the figure
      </a>
      <Bar />
      <main className={dropping === null ? undefined : 'dropping'}>
        <ProgressLine />
        <SharedLink />
        <Stage awaited={awaited} />
        {dropping !== null && <DropOverlay files={dropping} />}
      </main>
      <LiveDock />
      <NotesPanel />
      <Trouble />
      <Notice />
      <SpokenReading />
      <Dialogs open={dialog} onClose={close} />
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={({target}) => {
          session.getState().openFiles([...(target.files ?? [])])
          // The same file may be picked again.
          target.value = ''
        }}
      />
    </RoomContext>
  )
}

/** Title, figure and foot; or what stands there while nothing is open. */
function Stage({awaited}: {awaited: Awaited}) {
  const {lens} = useStores()
  const theme = useTheme()
  const open = useSession(({explanation}) => explanation)
  const explanation = useSession(shownExplanation)
  const sampleMap = useSession(({sampleMap}) => sampleMap)
  const sumUp = useSession(({sumUp}) => sumUp)
  // A software adapter draws on the processor too, and slower.
  const device = useSession(({backend, device}) => (backend?.name === 'webgpu' && !backend.software ? device : null))
  const reading = useSession(takesOver)
  const one = useOneInput()
  const supposed = useSupposed()
  const edits = useEditsStore()
  const notes = useNoteList()
  // What came by a link has no files to run again.
  const runs = useSession(({files}) => files !== null)
  const nothing = explanation === null && !reading && !awaited
  const drawn = explanation !== null
  useEffect(() => {
    if (!drawn) return
    // After the picture, and while the server that has them is there.
    const timer = setTimeout(() => void loadShell(), 1000)
    return () => clearTimeout(timer)
  }, [drawn])
  return (
    <>
      {reading ? <ReadingTitle /> : <Title awaited={explanation === null && awaited} />}
      {nothing ? (
        <EmptyState />
      ) : (
        <Figure
          explanation={one ?? supposed ?? open}
          partial={explanation === open ? null : explanation}
          state={explanation === open ? 'rest' : 'loading'}
          lens={lens}
          theme={theme}
          sampleMap={sampleMap}
          sumUp={sumUp}
          device={device}
          notes={notes}
          edits={one || !runs ? null : edits}
          original={one === null && supposed ? open : null}
        />
      )}
      {explanation && <Foot explanation={supposed ?? explanation} one={one} settled={explanation === open} />}
    </>
  )
}
