import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest'
import {sourceOf} from '@/lib/engine/openable'
import type {Progress} from '@/lib/engine/protocol'
import {remotes} from '@/lib/engine/remotes'
import {type RangeServer, rangeServer, servedBytes} from '../formats/rangeServer'

const content = Uint8Array.from({length: 1_000_000}, (_, i) => i % 251)
let server: RangeServer
beforeAll(async () => {
  server = await rangeServer({'model.pt': servedBytes(content)})
})
beforeEach(() => {
  server.asked.length = 0
})
afterAll(() => server.close())

const remote = (mode: string) =>
  ({kind: 'remote', name: 'model.pt', address: `${server.base}/${mode}/model.pt`}) as const

it('a file on a server is read by its parts', async () => {
  const source = await sourceOf(remote('ranges'))
  expect(source).toMatchObject({name: 'model.pt', size: 1_000_000, remote: {host: server.host, whole: false}})
  expect([...(await source.read(500_000, 2))]).toEqual([500_000 % 251, 500_001 % 251])
  expect(source.remote?.fetched()).toBeLessThan(100_000)
})

it('what came when it was looked into does not come again, unless it is opened anew', async () => {
  const far = remotes()
  const looked = await far.open(remote('ranges').address, {fresh: true})
  await looked.read(500_000, 10)
  const explained = await far.open(remote('ranges').address)
  await explained.read(500_000, 10)
  expect(server.asked).toHaveLength(2)
  await far.open(remote('ranges').address, {fresh: true})
  expect(server.asked).toHaveLength(3)
})

it('one who looked and let go does not stop one who explains', async () => {
  const far = remotes()
  const controller = new AbortController()
  await far.open(remote('ranges').address, {signal: controller.signal})
  controller.abort()
  const explained = await far.open(remote('ranges').address, {signal: new AbortController().signal})
  expect(await explained.read(700_000, 1)).toHaveLength(1)
})

it('who is asked, and that all of it must come, is said while it comes', async () => {
  const told: Progress[] = []
  await sourceOf(remote('whole'), {onProgress: (progress) => told.push(progress)})
  expect(told[0]!.text).toBe(`Asking ${server.host} for model.pt`)
  expect(told.at(-1)).toMatchObject({done: 1_000_000, total: 1_000_000, unit: 'bytes', phase: 'opening'})
  expect(told.at(-1)!.text).toBe(
    `Fetching all of model.pt, since ${server.host} gives no parts of it: 1.0\u00a0MB of 1.0\u00a0MB`
  )
})

it('what is no address is refused before anyone is asked', async () => {
  const wrong = {kind: 'remote', name: 'x', address: 'http://example.org/x.pt'} as const
  await expect(sourceOf(wrong)).rejects.toMatchObject({title: 'This address cannot be opened'})
})
