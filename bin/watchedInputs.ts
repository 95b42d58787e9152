import {stat} from 'node:fs/promises'
import {resolve} from 'node:path'
import type {Stamp, WatchedFile} from '@/lib/engine/versionWatch'
import type {ByteSource} from '@/lib/formats/source'
import {tornBecause} from '@/lib/formats/tornBecause'
import {isAddress} from './addressSource'
import {inputSource} from './inputSource'
import {pathsAt} from './inputSources'

/**
 * The inputs on disk that words name, watched as if they were one file: it has a new version once one was written or
 * appended, all stand still and all are whole. Folders are listed anew at every look; `checkpoint` is none of them. Null
 * where no word names a path.
 */
export function watchedInputs(words: readonly string[], checkpoint: string): WatchedFile<ByteSource> | null {
  const paths = words.filter((word) => !isAddress(word))
  if (paths.length === 0) return null
  const isOther = (path: string) => resolve(path) !== resolve(checkpoint)
  /** The stamps of files that were found whole. */
  const whole = new Map<string, number>()

  async function stamps(): Promise<Map<string, Stamp>> {
    const listed = (await Promise.all(paths.map((path) => pathsAt(path).catch(() => [])))).flat().filter(isOther)
    const found = await Promise.all(listed.map(async (path) => [path, await stat(path).catch(() => null)] as const))
    return new Map(
      found.flatMap(([path, stats]) =>
        stats?.isFile() ? [[path, {size: stats.size, modified: Math.floor(stats.mtimeMs)}] as const] : []
      )
    )
  }

  return {
    name: paths.join(', '),
    stamp: async () => {
      const now = [...(await stamps()).values()]
      if (now.length === 0) return null
      // Whatever was written or appended changes the sums.
      return {
        size: now.reduce((sum, {size}) => sum + size, 0),
        modified: now.reduce((sum, {modified}) => sum + modified, 0)
      }
    },
    // What passes by unread is read with the next run: none of it is missed.
    open: async () => null,
    copy: async () => {
      let last: ByteSource | null = null
      for (const [path, {modified}] of await stamps()) {
        if (last && whole.get(path) === modified) continue
        const source = await inputSource(path).catch(() => null)
        // A torn one stands for all of them: they are not whole yet.
        if (source === null || (await tornBecause(source)) !== null) return source
        whole.set(path, modified)
        last = source
      }
      return last
    }
  }
}
