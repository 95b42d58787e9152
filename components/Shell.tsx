'use client'

import {useCallback, useEffect, useMemo, useRef, useState} from 'react'
import type {Awaited} from '@/components/awaited'
import {Bar} from '@/components/bar/Bar'
import {loadEngineNote} from '@/components/bar/EngineStatus'
import {loadFilePanel} from '@/components/bar/FileMenu'
import {NotLoaded} from '@/components/dialogs/NotLoaded'
import {useDrop} from '@/components/drop/useDrop'
import {loadAnnotate} from '@/components/figure/annotateLater'
import {loadEditHandles} from '@/components/figure/editHandlesLater'
import {Figure} from '@/components/figure/Figure'
import {useTheme} from '@/components/hooks/useTheme'
import {later} from '@/components/later'
import {useOneInput} from '@/components/live/LiveContext'
import {LiveDock, loadLivePlot} from '@/components/live/LiveDock'
import {useNoteList, useNotesStore} from '@/components/notes/NotesContext'
import {ProgressLine} from '@/components/ProgressLine'
import {loadPlane, PlanePlace} from '@/components/plane/PlanePlace'
import {type DialogName, type Room, RoomContext} from '@/components/room'
import {loadSharedNote, SharedLink} from '@/components/share/SharedLink'
import {shownExplanation, takesOver, useSession, useStores} from '@/components/stores'
import {Title} from '@/components/Title'
import {loadTrouble, Trouble} from '@/components/Trouble'
import {useKeys} from '@/components/useKeys'
import {useEditsStore, useSupposed} from '@/components/whatIf/EditsContext'
import {loadWhatIf} from '@/components/whatIf/WhatIfPlace'
import {loadMapZoom} from '@/lib/draw/mapZoomLater'

// What stands beside or instead of the first picture comes after it.
const Foot = later(async () => (await import('@/components/foot/Foot')).Foot)
const EmptyState = later(async () => (await import('@/components/drop/EmptyState')).EmptyState)
// It listens for N, so it is there before it is seen.
const NotesPanel = later(async () => (await import('@/components/notes/NotesPanel')).NotesPanel)
const Notice = later(async () => (await import('@/components/Notice')).Notice)
const DropOverlay = later(async () => (await import('@/components/drop/DropOverlay')).DropOverlay)
const ReadingTitle = later(async () => (await import('@/components/ReadingTitle')).ReadingTitle, null, TitlePlace)
const SpokenReading = later(async () => (await import('@/components/SpokenReading')).SpokenReading)
const Dialogs = later(async () => (await import('@/components/dialogs/Dialogs')).Dialogs, NotLoaded)
const parts = [Dialogs, Foot, EmptyState, NotesPanel, Notice, DropOverlay, ReadingTitle, SpokenReading]

/** Fetches all that the window shows later than its first picture. */
export const loadShell = async (): Promise<void> => {
  const scripts = [
    import('@/components/dialogs/Dialogs').then(({loadDialogs}) => loadDialogs()),
    loadLivePlot(),
    loadWhatIf(),
    loadEditHandles(),
    loadAnnotate(),
    loadMapZoom(),
    loadFilePanel(),
    loadEngineNote(),
    loadSharedNote(),
    loadTrouble(),
    loadPlane(),
    import('@/lib/state/opening'),
    ...parts.map(({load}) => load())
  ]
  await Promise.allSettled(scripts)
}

/** The whole window, over whatever session and lens it is given. */
export function Shell({awaited = false}: {awaited?: Awaited}) {
  const {session} = useStores()
  const picker = useRef<HTMLInputElement>(null)
  const [dialog, setDialog] = useState<DialogName | null>(null)
  const room = useMemo<Room>(() => ({pick: () => picker.current!.click(), show: setDialog}), [])
  const close = useCallback(() => setDialog(null), [])
  const dropping = useDrop()
  const notes = useNotesStore()
  const asked = useSession(({question}) => question !== null)
  const drawn = useSession((now) => shownExplanation(now) !== null)
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
      {notes && <NotesPanel />}
      <Trouble />
      {drawn && <Notice />}
      {drawn && <SpokenReading />}
      {(dialog || asked) && <Dialogs open={dialog} onClose={close} />}
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

/** Holds the title's place until its words have come. */
function TitlePlace() {
  return <div className="title" />
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
      {explanation && <PlanePlace explanation={one ?? supposed ?? explanation} />}
    </>
  )
}
