import {CancelledError} from '@/lib/core/errors'

export interface BlocksOptions {
  /** Of the whole file, in bytes. */
  readonly size: number
  /** Gives exactly the bytes from `start` to `end` (exclusive). */
  readonly fetchRange: (start: number, end: number, signal: AbortSignal | undefined) => Promise<Uint8Array>
  readonly blockBytes?: number
  /** How much is kept, in bytes; what was used longest ago goes first. */
  readonly keep?: number
}

/** A far file, in blocks that are fetched once, together with their neighbours, and kept for a while. */
export interface Blocks {
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>
  /** Bytes that are there already, from the start of the file. */
  seed(bytes: Uint8Array): void
}

const defaultBlock = 32 << 10
const defaultKeep = 8 << 20
/** A tensor this large is read alone, past the blocks: nobody asks for it twice. */
const largeRead = 1 << 20
const mostAhead = 16

/** Blocks over a far file. Reads begun in one breath share their requests; a reader that walks on is read ahead for. */
export function httpBlocks({size, fetchRange, blockBytes = defaultBlock, keep = defaultKeep}: BlocksOptions): Blocks {
  const kept = new Map<number, Uint8Array>()
  const coming = new Map<number, Promise<Uint8Array>>()
  const wanted = new Map<number, (fetched: Promise<Uint8Array>) => void>()
  const lastBlock = Math.floor(Math.max(0, size - 1) / blockBytes)
  /** The block that follows the last request, and how far the next is to reach if it begins there. */
  let next = -1
  let ahead = 0

  function put(index: number, block: Uint8Array) {
    kept.delete(index)
    kept.set(index, block)
    for (const oldest of kept.keys()) {
      if (kept.size * blockBytes <= keep) break
      kept.delete(oldest)
    }
  }

  /** One block; one that somebody else let go of is asked for anew. */
  async function block(index: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const found = kept.get(index)
    if (found) {
      put(index, found)
      return found
    }
    const underWay = coming.get(index) ?? want(index, signal)
    try {
      return await underWay
    } catch (error) {
      if (error instanceof CancelledError && !signal?.aborted) return block(index, signal)
      throw error
    }
  }

  function want(index: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    if (wanted.size === 0) queueMicrotask(() => fetchWanted(signal))
    const promise = new Promise<Uint8Array>((resolve) => wanted.set(index, resolve))
    return expect(index, promise)
  }

  function expect(index: number, promise: Promise<Uint8Array>): Promise<Uint8Array> {
    coming.set(index, promise)
    const arrived = promise.then((block) => put(index, block))
    arrived.catch(() => {}).finally(() => coming.delete(index))
    return promise
  }

  function fetchWanted(signal: AbortSignal | undefined) {
    const asked = new Map(wanted)
    wanted.clear()
    for (const [first, last] of runs([...asked.keys()].sort((a, b) => a - b))) {
      const end = readAhead(first, last)
      const stretch = fetchRange(first * blockBytes, Math.min(size, (end + 1) * blockBytes), signal)
      const blockOf = async (index: number) => {
        const start = (index - first) * blockBytes
        // A copy: a view would keep the whole stretch alive.
        return (await stretch).slice(start, start + blockBytes)
      }
      for (let index = first; index <= end; index++) {
        const promise = blockOf(index)
        const resolve = asked.get(index)
        if (resolve) resolve(promise)
        // Read ahead, and nobody's yet: a failure concerns only those who come to ask.
        else expect(index, promise).catch(() => {})
      }
    }
  }

  function readAhead(first: number, last: number): number {
    ahead = first === next ? Math.min(mostAhead, Math.max(1, 2 * ahead)) : 0
    let end = last
    while (end < lastBlock && end - last < ahead && !kept.has(end + 1) && !coming.has(end + 1)) end++
    next = end + 1
    return end
  }

  return {
    async read(offset, length, signal) {
      if (length > largeRead) return fetchRange(offset, offset + length, signal)
      const bytes = new Uint8Array(length)
      if (length === 0) return bytes
      const first = Math.floor(offset / blockBytes)
      const count = Math.floor((offset + length - 1) / blockBytes) - first + 1
      const blocks = await Promise.all(Array.from({length: count}, (_, i) => block(first + i, signal)))
      for (const [i, part] of blocks.entries()) {
        const at = (first + i) * blockBytes - offset
        const piece = part.subarray(Math.max(0, -at), Math.min(part.length, length - at))
        bytes.set(piece, Math.max(0, at))
      }
      return bytes
    },
    seed(bytes) {
      for (let index = 0; index <= lastBlock; index++) {
        const end = Math.min(size, (index + 1) * blockBytes)
        if (end > bytes.length) return
        put(index, bytes.slice(index * blockBytes, end))
      }
    }
  }
}

/** Sorted numbers as stretches of neighbours. */
function runs(sorted: readonly number[]): [first: number, last: number][] {
  const found: [number, number][] = []
  for (const index of sorted) {
    const current = found.at(-1)
    if (current && index <= current[1] + 1) current[1] = index
    else found.push([index, index])
  }
  return found
}
