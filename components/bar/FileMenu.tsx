'use client'

import {EngineLine} from '@/components/bar/EngineStatus'
import {Gallery} from '@/components/bar/Gallery'
import {Caret} from '@/components/controls/Glyphs'
import {Popover} from '@/components/controls/Popover'
import {Recent} from '@/components/library/Recent'
import {ReadFrom} from '@/components/open/ReadFrom'
import {useRoom} from '@/components/room'
import {shownExplanation, useSession, useStores, visibleWork} from '@/components/stores'
import {WatchActions} from '@/components/watch/WatchActions'
import {count, plural} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'

/** What is open, and everything that can be opened or looked into. */
export function FileMenu() {
  const explanation = useSession(shownExplanation)
  const opening = useSession(visibleWork)
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
      <FileActions />
      <WatchActions />
      <ReadFrom />
      <Recent />
      <Gallery />
      <EngineLine />
    </Popover>
  )
}

function FileActions() {
  const {pick, show} = useRoom()
  const {session} = useStores()
  const hasFigure = useSession(({explanation}) => explanation !== null)
  const hasTensors = useSession(({report}) => report !== null)
  const example = useSession(({example}) => example)
  const canUndo = useSession(({canUndo}) => canUndo)
  return (
    <ul className="menu-actions">
      <li>
        <button type="button" onClick={pick}>
          Open a file… <kbd>Ctrl O</kbd>
        </button>
      </li>
      <li>
        <button type="button" onClick={() => show('address')}>
          Open an address…
        </button>
      </li>
      {canUndo && (
        <li>
          <button type="button" onClick={() => session.getState().undo()}>
            Back to what was open before <kbd>Ctrl Z</kbd>
          </button>
        </li>
      )}
      {hasTensors && (
        <li>
          <button type="button" onClick={() => show('tensors')}>
            Tensors in this checkpoint
          </button>
        </li>
      )}
      {hasFigure && (
        <li>
          <button type="button" onClick={() => show('data')}>
            The numbers behind the figure <kbd>T</kbd>
          </button>
        </li>
      )}
      {hasFigure && (
        <li>
          <button type="button" onClick={() => show('export')}>
            Export this figure… <kbd>E</kbd>
          </button>
        </li>
      )}
      {example && (
        <li>
          <button type="button" onClick={() => show('about')}>
            How this example was made
          </button>
        </li>
      )}
    </ul>
  )
}

/** `12 × 64, 4 heads`; heads alone while nothing says how many rows there are. One module of several is named. */
function sizeOf({axes, model}: Explanation): string {
  const place = model.others?.length ? [model.at] : []
  const size = axes ? [`${count(axes.rows)} × ${count(axes.cols)}`] : []
  return [...place, ...size, ...(model.heads > 0 ? [plural(model.heads, 'head')] : [])].join(', ')
}
