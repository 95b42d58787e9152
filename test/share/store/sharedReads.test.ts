import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, expect, it, vi} from 'vitest'
import {fileStore} from '@/lib/share/store/fileStore'
import {sharedReads} from '@/lib/share/store/sharedReads'
import type {Store} from '@/lib/share/store/store'
import {itKeepsTheContract, keepUntil, sample} from './contract'

const folder = mkdtempSync(join(tmpdir(), 'dl-shared-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

itKeepsTheContract('a store whose reads are shared', async (options) => sharedReads(await fileStore(folder, options)))

/** A store whose reads end when told. */
function slowStore() {
  const ends: (() => void)[] = []
  const get = vi.fn(() => new Promise<'absent'>((resolve) => ends.push(() => resolve('absent'))))
  const store: Store = {
    name: 'slow',
    get,
    put: async () => 'created',
    delete: async () => true,
    list: async () => ({entries: [], cursor: null}),
    close: async () => {}
  }
  return {shared: sharedReads(store), get, ends}
}

it('one read serves all who ask while it lasts, and the next one reads anew', async () => {
  const {shared, get, ends} = slowStore()
  const reads = [shared.get('a'), shared.get('a'), shared.get('b')]
  expect(get).toHaveBeenCalledTimes(2)
  for (const end of ends) end()
  await Promise.all(reads)
  void shared.get('a')
  expect(get).toHaveBeenCalledTimes(3)
})

it('a read asked for after a put or a deletion does not join one from before it', async () => {
  const {shared, get} = slowStore()
  const {id, bytes} = sample()
  void shared.get(id)
  await shared.put(id, bytes, keepUntil())
  void shared.get(id)
  expect(get).toHaveBeenCalledTimes(2)
  await shared.delete(id)
  void shared.get(id)
  expect(get).toHaveBeenCalledTimes(3)
})
