'use client'

import {useComing} from '@/components/BesideProvider'
import {Caret} from '@/components/controls/Glyphs'
import {Popover} from '@/components/controls/Popover'
import {later} from '@/components/later'
import {shownExplanation, useSession, visibleWork} from '@/components/stores'
import {count, plural} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'

const FilePanel = later(async () => (await import('@/components/bar/FilePanel')).FilePanel)

/** Fetches what the menu holds. */
export const loadFilePanel = FilePanel.load

/** What is open, and everything that can be opened or looked into. */
export function FileMenu() {
  const explanation = useSession(shownExplanation)
  const opening = useSession(visibleWork)
  const coming = useComing()
  const name = explanation?.provenance.checkpoint.name ?? opening ?? 'No file open'
  const gloss = explanation ? sizeOf(explanation) : opening ? 'opening' : ''
  return (
    <Popover
      className="bar-file"
      panelClass="menu"
      button={
        <>
          <span className="visually-hidden">Checkpoint: </span>
          <b>{name}</b>
          {gloss && <span className="gloss">{gloss}</span>}
          <Caret />
        </>
      }
    >
      {/* Behind the first picture, as what it leads to. */}
      {coming === null && <FilePanel />}
    </Popover>
  )
}

/** `12 × 64, 4 heads`; heads alone while nothing says how many rows there are. One module of several is named. */
function sizeOf({axes, model}: Explanation): string {
  const place = model.others?.length ? [model.at] : []
  const size = axes ? [`${count(axes.rows)} × ${count(axes.cols)}`] : []
  return [...place, ...size, ...(model.heads > 0 ? [plural(model.heads, 'head')] : [])].join(', ')
}
