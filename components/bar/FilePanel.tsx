'use client'

import {EngineLine} from '@/components/bar/EngineNote'
import {Gallery} from '@/components/bar/Gallery'
import {Recent} from '@/components/library/Recent'
import {ReadFrom} from '@/components/open/ReadFrom'
import {useRoom} from '@/components/room'
import {useSession, useStores} from '@/components/stores'
import {WatchActions} from '@/components/watch/WatchActions'

/** Everything that can be opened or looked into. */
export function FilePanel() {
  return (
    <>
      <FileActions />
      <WatchActions />
      <ReadFrom />
      <Recent />
      <Gallery />
      <EngineLine />
    </>
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
