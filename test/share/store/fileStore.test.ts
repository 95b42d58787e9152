import {mkdtempSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {fileStore} from '@/lib/share/store/fileStore'
import {itKeepsTheContract, keepUntil, sample} from './contract'

const folder = mkdtempSync(join(tmpdir(), 'dl-files-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

itKeepsTheContract('explanations as files', (options) => fileStore(join(folder, 'contract'), options))

describe('the folder of files', () => {
  it('holds one file for each explanation, and nothing unfinished', async () => {
    const place = join(folder, 'clean')
    const store = await fileStore(place)
    const {id, bytes} = sample()
    await store.put(id, bytes, keepUntil())
    await store.put(id, bytes, keepUntil())
    expect(readdirSync(place).sort()).toEqual([id, 'unfinished'].sort())
    expect(readdirSync(join(place, 'unfinished'))).toEqual([])
  })

  it('gives nothing from a file that is cut short or changed, and mends it when it is put again', async () => {
    const place = join(folder, 'damaged')
    const store = await fileStore(place)
    const {id, bytes} = sample()
    for (const damage of [
      () => truncateSync(join(place, id), 300),
      () => truncateSync(join(place, id), 5),
      () => writeFileSync(join(place, id), 'something else entirely')
    ]) {
      await store.put(id, bytes, keepUntil())
      damage()
      expect(await store.get(id)).toBe('absent')
      expect(await store.put(id, bytes, keepUntil())).toBe('created')
      expect(await store.get(id)).toMatchObject({keep: keepUntil()})
    }
  })

  it('takes the expiry from the file itself when its time was changed, as a restored backup does', async () => {
    const place = join(folder, 'restored')
    const store = await fileStore(place)
    const {id, bytes} = sample()
    await store.put(id, bytes, keepUntil())
    utimesSync(join(place, id), 1000, 1000)
    expect((await store.list(null)).entries).toMatchObject([{id, expires: keepUntil().expires}])
    expect(await store.get(id)).toMatchObject({keep: keepUntil()})
  })

  it('is made again when somebody has cleared it', async () => {
    const place = join(folder, 'cleared')
    const store = await fileStore(place)
    rmSync(place, {recursive: true})
    const {id, bytes} = sample()
    expect(await store.get(id)).toBe('absent')
    expect(await store.put(id, bytes, keepUntil())).toBe('created')
    expect(await store.get(id)).toMatchObject({keep: keepUntil()})
  })

  it('lists no file that is not an explanation', async () => {
    const place = join(folder, 'strangers')
    const store = await fileStore(place)
    writeFileSync(join(place, 'notes.txt'), 'mine')
    expect((await store.list(null)).entries).toEqual([])
    expect(readdirSync(place)).toContain('notes.txt')
  })
})
