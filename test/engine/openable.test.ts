import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterAll, beforeAll, expect, it} from 'vitest'
import {sourceOf} from '@/lib/engine/openable'
import type {Progress} from '@/lib/engine/protocol'

const content = Uint8Array.from({length: 300_000}, (_, i) => i % 251)
let server: Server
let base: string

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/gone') return response.writeHead(404).end()
    response.writeHead(200, {'content-length': content.length})
    if (request.url === '/whole') return response.end(content)
    response.write(content.subarray(0, 1000))
    // '/broken' hangs up in the middle, '/slow' never ends.
    if (request.url === '/broken') setTimeout(() => response.destroy(), 20)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const at = (path: string) => ({kind: 'address', name: 'inputs.npz', url: base + path}) as const

it('a file of this site is fetched whole, with its progress', async () => {
  const told: Progress[] = []
  const source = await sourceOf(at('/whole'), {onProgress: (progress) => told.push(progress)})
  expect(source).toMatchObject({name: 'inputs.npz', size: 300_000})
  expect([...(await source.read(1000, 3))]).toEqual([...content.subarray(1000, 1003)])
  expect(told.at(-1)).toMatchObject({phase: 'opening', done: 300_000, total: 300_000, unit: 'bytes'})
})

it('a file that a person gave is read in place', async () => {
  const source = await sourceOf({kind: 'file', file: new File([content], 'mine.pth')})
  expect(source).toMatchObject({name: 'mine.pth', size: 300_000})
  expect([...(await source.read(251, 2))]).toEqual([0, 1])
})

it.each([
  ['/gone', 'inputs.npz: the server answered 404; needed the whole file.'],
  ['/broken', 'inputs.npz: the connection broke after 1.0\u00a0KB; needed the whole file.']
])('%s says what went wrong', async (path, message) => {
  await expect(sourceOf(at(path))).rejects.toMatchObject({name: 'ReaderError', message})
})

it('a server that cannot be reached is said to be so', async () => {
  const nowhere = {kind: 'address', name: 'inputs.npz', url: 'http://127.0.0.1:1/'} as const
  await expect(sourceOf(nowhere)).rejects.toThrow('inputs.npz: the server could not be reached; needed the whole file.')
})

it('cancelling stops the fetching', async () => {
  const controller = new AbortController()
  const fetching = sourceOf(at('/slow'), {signal: controller.signal, onProgress: () => controller.abort()})
  await expect(fetching).rejects.toMatchObject({name: 'CancelledError'})
})
