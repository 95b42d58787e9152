import {randomBytes} from 'node:crypto'
import {describe, expect, it} from 'vitest'
import {contentId} from '@/lib/share/store/contentId'
import {hashToken} from '@/lib/share/store/deleteToken'
import type {Keep, Store} from '@/lib/share/store/store'

interface Opening {
  readonly now?: () => number
  readonly pageSize?: number
}

const far = Date.now() + 90 * 86_400_000
export const keepUntil = (expires = far, token = 'token'): Keep => ({tokenHash: hashToken(token), expires})

/** Random bytes and their id. */
export function sample(length = 4096) {
  const bytes = new Uint8Array(randomBytes(length))
  return {id: contentId(bytes), bytes}
}

async function allOf(store: Store) {
  const entries = []
  let cursor: string | null = null
  do {
    const page = await store.list(cursor)
    entries.push(...page.entries)
    cursor = page.cursor
  } while (cursor !== null)
  return entries
}

/** What every store has to do, whatever it keeps things in. `open` opens one place again and again. */
export function itKeepsTheContract(name: string, open: (options?: Opening) => Promise<Store>) {
  describe(name, () => {
    async function withStore<T>(work: (store: Store) => Promise<T>, options?: Opening) {
      const store = await open(options)
      try {
        return await work(store)
      } finally {
        await store.close()
      }
    }

    it.each([1, 4096, 8 << 20])('gives back %i bytes as they were put, and what is kept beside them', (length) =>
      withStore(async (store) => {
        const {id, bytes} = sample(length)
        expect(await store.put(id, bytes, keepUntil())).toBe('created')
        const found = await store.get(id)
        expect(found).toMatchObject({keep: keepUntil()})
        if (typeof found !== 'string') expect(Buffer.compare(found.bytes, bytes)).toBe(0)
        expect(await store.delete(id)).toBe(true)
      })
    )

    it('gives to another process what one has put', async () => {
      const {id, bytes} = sample()
      await withStore((store) => store.put(id, bytes, keepUntil()))
      expect(await withStore((store) => store.get(id))).toMatchObject({keep: keepUntil()})
    })

    it('says that it exists when it is put again, and keeps the first token and expiry', () =>
      withStore(async (store) => {
        const {id, bytes} = sample()
        await store.put(id, bytes, keepUntil(far, 'first'))
        expect(await store.put(id, bytes, keepUntil(far + 1000, 'second'))).toBe('exists')
        expect(await store.get(id)).toMatchObject({keep: keepUntil(far, 'first')})
      }))

    it('creates it once when twenty put it at once', async () => {
      const stores = await Promise.all([open(), open()])
      const {id, bytes} = sample()
      const puts = Array.from({length: 20}, (_, i) => stores[i % 2]!.put(id, bytes, keepUntil(far, `token ${i}`)))
      const answers = await Promise.all(puts)
      const first = answers.indexOf('created')
      expect(answers.filter((answer) => answer === 'created')).toHaveLength(1)
      expect(await stores[0].get(id)).toMatchObject({keep: keepUntil(far, `token ${first}`)})
      await Promise.all(stores.map((store) => store.close()))
    })

    it('has nothing under an id that was never put', () =>
      withStore(async (store) => {
        expect(await store.get(sample().id)).toBe('absent')
        expect(await store.delete(sample().id)).toBe(false)
      }))

    it('has nothing after a deletion, and takes the same content again', () =>
      withStore(async (store) => {
        const {id, bytes} = sample()
        await store.put(id, bytes, keepUntil())
        expect(await store.delete(id)).toBe(true)
        expect(await store.get(id)).toBe('absent')
        expect(await store.delete(id)).toBe(false)
        expect(await store.put(id, bytes, keepUntil())).toBe('created')
      }))

    it('gives nothing from the moment of expiry, and says once why', async () => {
      const {id, bytes} = sample()
      await withStore((store) => store.put(id, bytes, keepUntil(far)))
      expect(await withStore((store) => store.get(id), {now: () => far - 1})).toMatchObject({keep: keepUntil(far)})
      expect(await withStore((store) => store.get(id), {now: () => far})).toBe('expired')
      expect(await withStore((store) => store.get(id))).toBe('absent')
    })

    it('takes the same content again after its expiry, with the new token', async () => {
      const {id, bytes} = sample()
      const later = {now: () => far + 1}
      await withStore((store) => store.put(id, bytes, keepUntil(far, 'old')))
      await withStore(async (store) => {
        expect(await store.put(id, bytes, keepUntil(far + 5000, 'new'))).toBe('created')
        expect(await store.get(id)).toMatchObject({keep: keepUntil(far + 5000, 'new')})
        await store.delete(id)
      }, later)
    })

    it('lists everything once, in pages and in order, with size and expiry', async () => {
      const samples = Array.from({length: 7}, () => sample(500))
      await withStore((store) => Promise.all(samples.map(({id, bytes}) => store.put(id, bytes, keepUntil()))))
      const listed = await withStore(allOf, {pageSize: 3})
      const ids = listed.map(({id}) => id)
      expect(ids).toEqual([...new Set(ids)].sort())
      expect(ids).toEqual(expect.arrayContaining(samples.map(({id}) => id)))
      for (const {id} of samples) {
        const entry = listed.find((found) => found.id === id)!
        expect(entry.expires).toBe(far)
        expect(entry.size).toBeGreaterThanOrEqual(500)
        expect(entry.size).toBeLessThan(700)
      }
    })

    it('leaves out of a list what has expired, and removes it', async () => {
      const [soon, late] = [sample(), sample()]
      await withStore(async (store) => {
        await store.put(soon.id, soon.bytes, keepUntil(far - 5000))
        await store.put(late.id, late.bytes, keepUntil(far + 5000))
      })
      const listed = await withStore(allOf, {now: () => far})
      expect(listed.map(({id}) => id)).toContain(late.id)
      expect(listed.map(({id}) => id)).not.toContain(soon.id)
      expect(await withStore((store) => store.get(soon.id))).toBe('absent')
    })
  })
}
