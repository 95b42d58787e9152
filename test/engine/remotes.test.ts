import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest'
import {inspect} from '@/lib/engine/fileReport'
import {sourceOf} from '@/lib/engine/openable'
import type {Progress} from '@/lib/engine/protocol'
import {remotes} from '@/lib/engine/remotes'
import {largeModel, largeSafetensors} from '../formats/largeFiles'
import {type RangeServer, rangeServer, servedBytes} from '../formats/rangeServer'

const content = Uint8Array.from({length: 1_000_000}, (_, i) => i % 251)
let server: RangeServer
beforeAll(async () => {
  const [one, two] = [largeModel(1e6, 20, 2).slice(0, 10), largeModel(1e6, 20, 2).slice(10)]
  const index = (names: readonly string[]) => {
    const map = [...one.map(({name}) => [name, names[0]]), ...two.map(({name}) => [name, names[1]])]
    return servedBytes(new TextEncoder().encode(JSON.stringify({weight_map: Object.fromEntries(map)})))
  }
  server = await rangeServer({
    'model.pt': servedBytes(content),
    'a/model.safetensors.index.json': index(['one.safetensors', 'parts/two.safetensors']),
    'a/one.safetensors': largeSafetensors(one),
    'a/parts/two.safetensors': largeSafetensors(two),
    'a/lost.index.json': index(['one.safetensors', 'three.safetensors']),
    'a/out.index.json': index(['../model.pt', 'one.safetensors']),
    'a/away.index.json': index(['https://example.org/x', 'one.safetensors'])
  })
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

it('an index brings the files that it names, as one checkpoint', async () => {
  const source = await remotes().open(`${server.base}/ranges/a/model.safetensors.index.json`)
  const report = await inspect(source)
  expect(report.entries).toHaveLength(20)
  expect(report.detection).toMatchObject({family: 'layer-density', headCount: 2})
  expect(report.from).toMatchObject({host: server.host, whole: false})
  expect(server.asked.map(({path}) => path.replace('/ranges/a/', ''))).toEqual(
    expect.arrayContaining(['model.safetensors.index.json', 'one.safetensors', 'parts/two.safetensors'])
  )
})

it.each([
  ['lost', 'three.safetensors at HOST: there is no such file (404)'],
  ['out', 'out.index.json at HOST: names "../model.pt" as a part of it, which leads out of its folder'],
  ['away', 'there is no such file (404)']
])('an index whose parts are not beside it is refused, and nobody else is asked: %s', async (name, sentence) => {
  const opening = remotes().open(`${server.base}/ranges/a/${name}.index.json`)
  await expect(opening).rejects.toThrow(sentence.replace('HOST', server.host))
  expect(server.asked.every(({path}) => path.startsWith('/ranges/a/'))).toBe(true)
})
