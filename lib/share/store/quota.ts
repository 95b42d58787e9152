import type {Now, Store} from './store'

const recountMs = 600_000
// Someone may have deleted something: a full store looks again, but not for every request.
const fullRecountMs = 10_000

/** Room in a store for `maxBytes` and `maxCount` explanations. What other processes add is seen at the next count. */
export interface Quota {
  /** Whether `size` more bytes have room. */
  hasRoom(size: number): Promise<boolean>
  /** Tells of bytes that were put. */
  add(size: number): void
  /** Counts again; what has expired is removed on the way. */
  count(): Promise<void>
}

export function quota(store: Store, maxBytes: number, maxCount: number, now: Now = Date.now): Quota {
  let used = {bytes: 0, count: 0}
  let countedAt = Number.NEGATIVE_INFINITY
  let counting: Promise<void> | null = null

  const fits = (size: number) => used.bytes + size <= maxBytes && used.count < maxCount

  async function countAll() {
    const found = {bytes: 0, count: 0}
    let cursor: string | null = null
    do {
      const page = await store.list(cursor)
      for (const {size} of page.entries) found.bytes += size
      found.count += page.entries.length
      cursor = page.cursor
    } while (cursor !== null)
    used = found
    countedAt = now()
  }

  const count = () => {
    counting ??= countAll().finally(() => {
      counting = null
    })
    return counting
  }

  return {
    async hasRoom(size) {
      if (now() - countedAt > (fits(size) ? recountMs : fullRecountMs)) await count()
      return fits(size)
    },
    add(size) {
      used = {bytes: used.bytes + size, count: used.count + 1}
    },
    count
  }
}
