import {bytes} from '@/lib/core/number'
import {httpAddress} from '@/lib/formats/httpAddress'
import {type HttpSource, httpSource} from '@/lib/formats/httpSource'
import type {Progress} from './protocol'

export interface FetchOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** Files on servers that are open: what was fetched to look into one is not fetched again to explain it. */
export interface Remotes {
  /** The file at `https://…` or `owner/name`, asked for anew if `fresh`. Throws ReaderError. */
  open(address: string, options?: FetchOptions & {readonly fresh?: boolean}): Promise<HttpSource>
}

/** What a file that is read by its parts may hold in memory, in bytes, and what all of them may. */
const heldByParts = 8e6
const mostHeld = 512e6

export function remotes(): Remotes {
  const held = new Map<string, HttpSource>()

  function keep(address: string, source: HttpSource) {
    held.delete(address)
    held.set(address, source)
    let total = [...held.values()].reduce((sum, each) => sum + memoryOf(each), 0)
    for (const [oldest, each] of held) {
      if (total <= mostHeld || oldest === address) break
      held.delete(oldest)
      total -= memoryOf(each)
    }
  }

  return {
    async open(address, {signal, onProgress, fresh = false} = {}) {
      const found = fresh ? undefined : held.get(address)
      if (found) return found.heldBy(signal)
      const target = httpAddress(address)
      const tell = (done: number, total: number, text: string) =>
        onProgress?.({phase: 'opening', done, total, unit: 'bytes', text, partial: null})
      tell(0, 0, `Asking ${target.host} for ${target.name}`)
      const source = await httpSource(target, {
        signal,
        onProgress: (done, total) => {
          const far = total === null ? bytes(done) : `${bytes(done)} of ${bytes(total)}`
          tell(done, total ?? 0, `Fetching all of ${target.name}, since ${target.host} gives no parts of it: ${far}`)
        }
      })
      keep(address, source)
      return source
    }
  }
}

const memoryOf = ({size, remote}: HttpSource) => (remote.whole ? size : Math.min(size, heldByParts))
