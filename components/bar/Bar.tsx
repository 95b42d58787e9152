'use client'

import {EngineStatus} from '@/components/bar/EngineStatus'
import {FileMenu} from '@/components/bar/FileMenu'
import {InputsMenu} from '@/components/bar/InputsMenu'
import {ThemeMenu} from '@/components/bar/ThemeMenu'
import {Mark, QuestionMark} from '@/components/controls/Glyphs'
import {EmbedButton} from '@/components/embed/EmbedButton'
import {ExportButton} from '@/components/export/ExportButton'
import {later} from '@/components/later'
import {PlotButton} from '@/components/live/PlotButton'
import {useRoom} from '@/components/room'
import {ShareButton} from '@/components/share/ShareButton'
import {useWatchStore} from '@/components/watch/WatchContext'

// Nothing is watched before it is asked for.
const WatchStrip = later(async () => (await import('@/components/watch/WatchStrip')).WatchStrip)

/** The top line: what is open, what it runs on, and the few things one can always do. */
export function Bar() {
  const {pick, show} = useRoom()
  const watch = useWatchStore()
  return (
    <>
      <header className="bar">
        {/* A full load: the way back to the first screen. */}
        <a className="brand" href="/" aria-label="Density Lens">
          <Mark />
          <span>Density Lens</span>
        </a>
        <FileMenu />
        <InputsMenu />
        <EngineStatus />
        <div className="bar-end">
          <button type="button" className="bar-open" onClick={pick}>
            Open…
          </button>
          <ShareButton />
          <ExportButton />
          <EmbedButton />
          <span className="bar-rule" />
          <PlotButton />
          <ThemeMenu />
          <button type="button" className="bar-icon" aria-label="Help" onClick={() => show('help')}>
            <QuestionMark />
          </button>
        </div>
      </header>
      {watch && <WatchStrip />}
    </>
  )
}
