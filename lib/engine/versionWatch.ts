import {FormatError} from '@/lib/core/errors'
import {openArchive} from '@/lib/formats/openArchive'
import type {ByteSource} from '@/lib/formats/source'
import {tornBecause} from '@/lib/formats/tornBecause'

// A file that someone else writes is never told when it is done. Size and time of change are looked at over and over;
// when two looks find the same, its bytes are copied, and what was copied must open whole.

/** What tells one state of a file from another: bytes, and milliseconds since 1970. */
export interface Stamp {
  readonly size: number
  readonly modified: number
}

/** A file on a disk, as far as it can be watched. Each throws ReaderError when it may not be looked at any more. */
export interface WatchedFile<S extends ByteSource> {
  readonly name: string
  /** null: it is not there. */
  stamp(): Promise<Stamp | null>
  /** Its bytes where they lie; null when they changed or went meanwhile. */
  open(): Promise<ByteSource | null>
  /** A copy of its bytes, which no one writes to; null when they changed or went meanwhile. */
  copy(): Promise<S | null>
}

/** A state of the file that was seen whole. */
export interface SeenVersion<S> {
  readonly name: string
  readonly stamp: Stamp
  readonly copy: S
}

export type Look<S> =
  | {readonly kind: 'still'}
  | {readonly kind: 'gone'}
  /** Being written; `because` says why what is there is no whole file, once that was looked at. */
  | {readonly kind: 'writing'; readonly because: string | null}
  | ({readonly kind: 'version'} & SeenVersion<S>)

export interface VersionWatch<S> {
  /** To be called again and again, one at a time. */
  look(): Promise<Look<S>>
  /** Versions that looked whole once and were written over before they could be read. */
  readonly missed: number
  /** Milliseconds to let pass before the next look; grows while it is torn, or gone. */
  readonly pause: number
}

const shortestPause = 500
const longestPause = 8000

/** Watches one file for versions. None is given that is not whole. */
export function versionWatch<S extends ByteSource>(file: WatchedFile<S>): VersionWatch<S> {
  /** The state that was given last. */
  let given: Stamp | null = null
  /** The state of the last look. */
  let last: Stamp | null = null
  /** Whether that looked whole, and has not been given. */
  let waiting = false
  let missed = 0
  let pause = shortestPause

  function lose() {
    if (waiting) missed++
    waiting = false
  }

  async function meet(stamp: Stamp): Promise<Look<S>> {
    lose()
    last = stamp
    pause = shortestPause
    // Of what is only met, the directory is read; a version that passes by is counted by it.
    waiting = await opens(file)
    return {kind: 'writing', because: null}
  }

  function again(look: Look<S>): Look<S> {
    pause = Math.min(longestPause, pause * 2)
    return look
  }

  return {
    get missed() {
      return missed
    },
    get pause() {
      return pause
    },
    async look() {
      const stamp = await file.stamp()
      if (stamp === null) {
        lose()
        last = null
        given = null
        return again({kind: 'gone'})
      }
      if (same(stamp, given)) {
        lose()
        last = stamp
        pause = shortestPause
        return {kind: 'still'}
      }
      if (!same(stamp, last)) return meet(stamp)
      const copy = await file.copy()
      const because = copy && (await tornBecause(copy))
      const after = await file.stamp()
      // What was copied may be half of each.
      if (after && !same(after, stamp)) return meet(after)
      if (copy === null || after === null) return again({kind: 'writing', because: null})
      if (because !== null) {
        // It only looked whole.
        waiting = false
        return again({kind: 'writing', because})
      }
      waiting = false
      given = stamp
      pause = shortestPause
      return {kind: 'version', name: file.name, stamp, copy}
    }
  }
}

async function opens<S extends ByteSource>(file: WatchedFile<S>): Promise<boolean> {
  const source = await file.open()
  if (source === null) return false
  try {
    await openArchive(source)
    return true
  } catch (error) {
    if (error instanceof FormatError) return false
    throw error
  }
}

const same = (a: Stamp, b: Stamp | null) => b !== null && a.size === b.size && a.modified === b.modified
