import type {ByteSource} from '@/lib/formats/source'
import {type SeenVersion, type VersionWatch, versionWatch, type WatchedFile} from './versionWatch'

/** How the files stand after a look. */
export interface WatchLook {
  /** Being written, or gone; null while all stand still. */
  readonly writing: {readonly name: string; readonly because: string | null; readonly gone: boolean} | null
  /** Versions that were written over before they could be read, so far. */
  readonly missed: number
}

/** A version to be read, and how many were missed before it. */
export interface FollowedVersion<S> extends SeenVersion<S> {
  readonly missed: number
}

export interface FollowOptions<S extends ByteSource> {
  /** The files to look at now: one, or those that a folder holds. */
  readonly files: () => Promise<readonly WatchedFile<S>[]>
  /** Resolves after so many milliseconds or sooner, and not before looking may go on. */
  readonly wait: (ms: number) => Promise<void>
  readonly signal: AbortSignal
  readonly onLook?: (look: WatchLook) => void
  /** Reads what was seen whole, in its order. Looking goes on meanwhile: of a file only the newest waits. */
  readonly onVersions: (versions: readonly FollowedVersion<S>[]) => Promise<void>
}

/** Copies that may wait to be read; more are left on the disk. */
const mostWaiting = 8

/**
 * Follows files until `signal` is aborted. Every version that was seen whole goes to `onVersions` or is counted as
 * missed. Rejects with what a file or `onVersions` throws.
 */
export async function followVersions<S extends ByteSource>({
  files,
  wait,
  signal,
  onLook,
  onVersions
}: FollowOptions<S>): Promise<void> {
  const watches = new Map<string, VersionWatch<S>>()
  const waiting = new Map<string, FollowedVersion<S>>()
  let replaced = 0
  let reading: Promise<void> | null = null
  let failed: {readonly error: unknown} | null = null

  const missed = () => [...watches.values()].reduce((sum, watch) => sum + watch.missed, replaced)

  function read() {
    if (reading || waiting.size === 0 || signal.aborted) return
    const versions = [...waiting.values()]
    waiting.clear()
    reading = onVersions(versions)
      .catch((error: unknown) => {
        failed = {error}
      })
      .finally(() => {
        reading = null
        read()
      })
  }

  async function lookAt(file: WatchedFile<S>): Promise<WatchLook['writing']> {
    const watch = watches.get(file.name) ?? versionWatch(file)
    watches.set(file.name, watch)
    const look = await watch.look()
    if (look.kind === 'version') {
      // In its place, so that what came between stays between.
      if (waiting.delete(look.name)) replaced++
      const {name, stamp, copy} = look
      waiting.set(name, {name, stamp, copy, missed: missed()})
    }
    if (look.kind === 'writing') return {name: file.name, because: look.because, gone: false}
    return look.kind === 'gone' ? {name: file.name, because: null, gone: true} : null
  }

  while (!signal.aborted && !failed) {
    const busy: NonNullable<WatchLook['writing']>[] = []
    const now = await files()
    for (const file of now) {
      if (signal.aborted) break
      if (waiting.size >= mostWaiting && !waiting.has(file.name)) continue
      const writing = await lookAt(file)
      if (writing) busy.push(writing)
    }
    onLook?.({writing: busy[0] ?? null, missed: missed()})
    read()
    await wait(Math.min(...now.map(({name}) => watches.get(name)?.pause ?? 500), 8000))
  }
  await reading
  if (failed) throw (failed as {error: unknown}).error
}
