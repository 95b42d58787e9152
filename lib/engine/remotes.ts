import {ReaderError} from '@/lib/core/errors'
import {bytes, plural} from '@/lib/core/number'
import {fileSet} from '@/lib/formats/fileSet'
import type {HttpSource} from '@/lib/formats/http/httpSource'
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
/** The largest models have a few hundred; each is a request. */
const mostShards = 1000

/** How files on servers are read, which the files of this site do without. */
async function reading() {
  const [{httpAddress}, {httpSource}, {namedBy}] = await Promise.all([
    import('@/lib/formats/http/httpAddress'),
    import('@/lib/formats/http/httpSource'),
    import('@/lib/formats/sharded/groupFiles')
  ])
  return {httpAddress, httpSource, namedBy}
}

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
      const {httpAddress, httpSource, namedBy} = await reading()
      const target = httpAddress(address)
      const tell = (done: number, total: number, text: string) =>
        onProgress?.({phase: 'opening', done, total, unit: 'bytes', text, partial: null})
      tell(0, 0, `Asking ${target.host} for ${target.name}`)
      const far = (total: number | null, done: number) =>
        total === null ? bytes(done) : `${bytes(done)} of ${bytes(total)}`
      const options = {
        signal,
        onProgress: (done: number, total: number | null) =>
          tell(
            done,
            total ?? 0,
            `Fetching all of ${target.name}, since ${target.host} gives no parts of it: ${far(total, done)}`
          )
      }
      const first = await httpSource(target, options)
      const names = (await namedBy(first)) ?? []
      if (names.length > mostShards) throw tooMany(target.name, names.length)
      const shards: HttpSource[] = []
      for (const [index, name] of names.entries()) {
        tell(0, 0, `Asking ${target.host} for ${name}, file ${index + 1} of ${names.length}`)
        shards.push(await httpSource(first.beside(name), options))
      }
      const source = shards.length > 0 ? remoteSet(first, shards) : first
      keep(address, source)
      return source.heldBy(signal)
    }
  }
}

const tooMany = (name: string, count: number) =>
  new ReaderError(
    'This address cannot be read',
    `${name}: names ${plural(count, 'file')} beside itself; at most ${plural(mostShards, 'file')} are asked for.`
  )

/** An index on a server and the shards it names, as one checkpoint. */
function remoteSet(index: HttpSource, shards: readonly HttpSource[]): HttpSource {
  const all = [index, ...shards]
  const remote: HttpSource['remote'] = {
    host: index.remote.host,
    fetched: () => all.reduce((sum, {remote}) => sum + remote.fetched(), 0),
    whole: all.every(({remote}) => remote.whole)
  }
  const heldBy = (signal: AbortSignal | undefined): HttpSource => ({
    ...fileSet(all.map((each) => each.heldBy(signal))),
    remote,
    heldBy,
    beside: index.beside
  })
  return heldBy(undefined)
}

const memoryOf = ({size, remote}: HttpSource) => (remote.whole ? size : Math.min(size, heldByParts))
