'use client'

import {useSyncExternalStore} from 'react'
import {useRoom} from '@/components/room'
import {useStores} from '@/components/stores'
import {useWatchStore} from '@/components/watch/WatchContext'
import {handleOf} from '@/lib/state/fileHandles'
import type {WatchStore, WatchTarget} from '@/lib/state/watch'
import {canWatch, fileTarget, pickedFile, pickedFolder} from '@/lib/state/watchTargets'

/** The lines of the file menu that follow a file while it is rewritten. */
export function WatchActions() {
  const watch = useWatchStore()
  return watch && <Actions watch={watch} />
}

function Actions({watch}: {watch: WatchStore}) {
  const {pick} = useRoom()
  const {session} = useStores()
  const begin = async (target: Promise<WatchTarget | null> | WatchTarget) => {
    const chosen = await target
    if (chosen) void watch.getState().begin(chosen)
  }
  // A dropped file leads to where it lies; any other must be chosen.
  const openFile = () => {
    const checkpoint = session.getState().files?.checkpoint
    const handle = checkpoint?.kind === 'file' ? handleOf(checkpoint.file) : null
    return handle ? fileTarget(handle) : pickedFile()
  }
  // The server cannot know.
  const can = useSyncExternalStore(never, canWatch, () => true)
  if (!can) {
    return (
      <section className="menu-watch" aria-label="Watch">
        <p className="menu-note">
          This browser gives a page no way to look at a file again, so none can be watched here; open it again after
          each new version.
        </p>
        <ul className="menu-actions">
          <li>
            <button type="button" onClick={pick}>
              Open it again…
            </button>
          </li>
        </ul>
      </section>
    )
  }
  return (
    <section className="menu-watch" aria-label="Watch">
      <ul className="menu-actions">
        <li>
          <button type="button" onClick={() => begin(openFile())}>
            Watch this file…
          </button>
        </li>
        <li>
          <button type="button" onClick={() => begin(pickedFolder())}>
            Watch a folder…
          </button>
        </li>
      </ul>
      <p className="menu-note">Every version that is written is explained, and kept in a history.</p>
    </section>
  )
}

const never = () => () => {}
