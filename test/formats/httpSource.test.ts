import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {httpAddress} from '@/lib/formats/http/httpAddress'
import {type HttpSourceOptions, httpSource} from '@/lib/formats/http/httpSource'
import {type Mode, type RangeServer, rangeServer, servedBytes} from './rangeServer'

const content = Uint8Array.from({length: 3_000_000}, (_, i) => (i * 7 + (i >> 8)) % 251)
let server: RangeServer

beforeAll(async () => {
  server = await rangeServer({'model.pt': servedBytes(content), small: servedBytes(content.subarray(0, 500))})
})
beforeEach(() => {
  server.asked.length = 0
})
afterAll(() => server.close())

const open = (mode: Mode, name = 'model.pt', options: HttpSourceOptions = {}) =>
  httpSource(httpAddress(`${server.base}/${mode}/${name}`), options)
const slice = (offset: number, length: number) => content.slice(offset, offset + length)
// Comparing element by element takes seconds for megabytes.
const expectBytes = (found: Uint8Array, offset: number, length: number) =>
  expect(Buffer.compare(found, slice(offset, length)), `${length} bytes at ${offset}`).toBe(0)

describe('a server with ranges', () => {
  it('is asked once to know the size, without saying who asks, and for bytes that are not packed', async () => {
    const source = await open('ranges')
    expect(source).toMatchObject({name: 'model.pt', size: 3_000_000})
    expect(source.remote).toMatchObject({host: server.host, whole: false})
    expect(server.asked).toHaveLength(1)
    const [{method, headers}] = server.asked as [(typeof server.asked)[number]]
    expect(method).toBe('GET')
    expect(headers.range).toBe('bytes=0-65535')
    expect(headers['accept-encoding']).toBe('identity')
    expect(headers.cookie ?? headers.referer ?? headers.authorization ?? headers['if-range']).toBeUndefined()
  })

  it('gives every stretch exactly, small or large, first or last', async () => {
    const source = await open('ranges')
    for (const [offset, length] of [
      [0, 8],
      [65_530, 12],
      [32_768, 32_768],
      [2_999_999, 1],
      [1_234_567, 300_000],
      [500_000, 2_000_000],
      [3_000_000, 0]
    ] as const) {
      expectBytes(await source.read(offset, length), offset, length)
    }
  })

  it('is not asked again for what has come', async () => {
    const source = await open('ranges')
    await source.read(10, 60_000)
    expect(server.asked).toHaveLength(1)
    await source.read(1_000_000, 40)
    await source.read(1_000_040, 4000)
    expect(server.asked).toHaveLength(2)
    expect(source.remote.fetched()).toBe(65_536 + 32_768)
  })

  it('gives bytes that belong to the caller', async () => {
    const source = await open('ranges')
    const bytes = await source.read(100, 10)
    bytes.fill(0)
    expect(await source.read(100, 10)).toEqual(slice(100, 10))
  })

  it('is asked once for neighbours that are wanted in one breath', async () => {
    const source = await open('ranges')
    const reads = [0, 1, 2, 3].map((i) => source.read(1_000_000 + i * 32_768, 100))
    expect(await Promise.all(reads)).toEqual([0, 1, 2, 3].map((i) => slice(1_000_000 + i * 32_768, 100)))
    expect(server.asked).toHaveLength(2)
  })

  it('is asked for longer and longer stretches by a reader that walks on', async () => {
    const source = await open('ranges')
    for (let at = 0; at < 2_900_000; at += 10_000) expectBytes(await source.read(at, 10_000), at, 10_000)
    expect(server.asked.length).toBeLessThan(15)
  })

  it('refuses a range outside the file', async () => {
    const source = await open('ranges')
    await expect(source.read(2_999_999, 2)).rejects.toThrow('the file has 3000000')
  })

  it('gives a file smaller than the first request', async () => {
    const source = await open('ranges', 'small')
    expect(source.size).toBe(500)
    expect(await source.read(0, 500)).toEqual(slice(0, 500))
  })

  it('that hides the range is asked for the size alone, without the bytes', async () => {
    const source = await open('bare')
    expect(source.size).toBe(3_000_000)
    expect(server.asked.map(({method}) => method)).toEqual(['GET', 'HEAD'])
    expectBytes(await source.read(2_999_990, 10), 2_999_990, 10)
  })
})

describe('a server that sends on', () => {
  it('is asked once; later stretches come from where it sent', async () => {
    const source = await open('redirect')
    expect(await source.read(1_000_000, 10)).toEqual(slice(1_000_000, 10))
    expect(server.asked.map(({path}) => path)).toEqual(['/redirect/model.pt', '/ranges/model.pt', '/ranges/model.pt'])
  })

  it('is asked for the way again when the place has expired', async () => {
    const source = await open('expiring')
    expect(await source.read(1_000_000, 10)).toEqual(slice(1_000_000, 10))
    expect(await source.read(2_000_000, 10)).toEqual(slice(2_000_000, 10))
  })
})

describe('a server without ranges', () => {
  it.each(['whole', 'untold', 'gzip', 'packed'] as const)(
    'gives all of a small file, with progress: %s',
    async (mode) => {
      const told: [number, number | null][] = []
      const source = await open(mode, 'model.pt', {onProgress: (...progress) => told.push(progress)})
      expect(source.size).toBe(3_000_000)
      expect(source.remote.whole).toBe(true)
      expect(await source.read(2_345_678, 1000)).toEqual(slice(2_345_678, 1000))
      expect(told.at(-1)).toEqual([3_000_000, mode === 'whole' ? 3_000_000 : null])
    }
  )

  it.each([
    ['whole', 'the server gives no parts of a file, and all 3 MB are more than the 1 MB that are fetched whole'],
    ['untold', 'the server gives no parts of a file, and it is larger than the 1 MB that are fetched whole'],
    ['packed', 'the server packs what it sends, so no part can be asked for, and it is larger than the 1 MB']
  ] as const)('is not asked for all of a large one: %s', async (mode, sentence) => {
    const opening = open(mode, 'model.pt', {most: 1e6})
    await expect(opening).rejects.toThrow(sentence)
    await expect(opening).rejects.toThrow('download the file and open it from your disk')
  })

  it('can be let go of on the way', async () => {
    const controller = new AbortController()
    const opening = open('whole', 'model.pt', {signal: controller.signal, onProgress: () => controller.abort()})
    await expect(opening).rejects.toMatchObject({name: 'CancelledError'})
  })
})

describe('what cannot be read is said in a sentence', () => {
  it.each([
    ['ranges', 'absent.pt', 'absent.pt at HOST: there is no such file (404); the address of one that exists is needed'],
    ['gated', 'model.pt', 'is not given to everyone (40'],
    ['busy', 'model.pt', 'the server answered 503; needed the file'],
    ['cut', 'model.pt', 'the connection broke off after 33 kB'],
    ['other-part', 'model.pt', 'the server sent bytes from 1 where bytes from 0 were needed'],
    ['more', 'model.pt', 'the server sent more than 65536 bytes where 65536 bytes were needed']
  ] as const)('%s/%s', async (mode, name, sentence) => {
    const opening = open(mode, name)
    await expect(opening).rejects.toMatchObject({title: 'This address cannot be read'})
    await expect(opening).rejects.toThrow(sentence.replace('HOST', server.host))
  })

  it('a server that is not there', async () => {
    const opening = httpSource(httpAddress('http://127.0.0.1:1/x.pt'))
    await expect(opening).rejects.toThrow('x.pt at 127.0.0.1:1: the server could not be reached')
  })

  it('a server that falls silent', async () => {
    await expect(open('slow', 'model.pt', {patience: 50})).rejects.toThrow('the server sent nothing for 0 seconds')
  })

  it.each(['changing', 'changing-date'] as const)('a file that changes while it is read: %s', async (mode) => {
    const source = await open(mode)
    const reading = source.read(1_000_000, 10)
    await expect(reading).rejects.toMatchObject({title: 'The file changed while it was read'})
    await expect(reading).rejects.toThrow('the server now gives another version than the one that was begun')
  })
})

it('a connection that breaks off is tried once more', async () => {
  const source = await open('breaking')
  expect(await source.read(1_000_000, 10)).toEqual(slice(1_000_000, 10))
  expect(server.asked).toHaveLength(3)
})

it('letting go ends the wait, and only for the one who let go', async () => {
  const opening = new AbortController()
  setTimeout(() => opening.abort(), 50)
  await expect(open('slow', 'model.pt', {signal: opening.signal})).rejects.toMatchObject({name: 'CancelledError'})

  const source = await open('ranges')
  const one = new AbortController()
  const mine = source.heldBy(one.signal).read(1_000_000, 10)
  const other = source.heldBy(new AbortController().signal).read(1_000_000, 10)
  one.abort()
  await expect(mine).rejects.toMatchObject({name: 'CancelledError'})
  expect(await other).toEqual(slice(1_000_000, 10))
})

it('places are tried in order until one holds a file', async () => {
  const place = (name: string) => ({name, url: `${server.base}/ranges/${name}`})
  const address = {name: 'owner/name', host: server.host, places: [place('absent'), place('small'), place('model.pt')]}
  expect((await httpSource(address)).name).toBe('small')
  const none = {...address, places: [place('a'), place('b')]}
  await expect(httpSource(none)).rejects.toThrow(
    `owner/name at ${server.host}: holds none of a, b; give the file's path`
  )
})
