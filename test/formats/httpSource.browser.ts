import {expect, inject, it} from 'vitest'
import {httpAddress} from '@/lib/formats/http/httpAddress'
import {httpSource} from '@/lib/formats/http/httpSource'
import {openArchive} from '@/lib/formats/openArchive'

// What a browser lets a page read of another site, and what it says when it does not.
const base = inject('rangeServer')
const open = (mode: string, name = 'model.pt') => httpSource(httpAddress(`${base}/${mode}/${name}`))

it('a server of another site is read by its parts, without being asked for leave first', async () => {
  // The server refuses every preflight, so a request that needed one would fail.
  const source = await open('ranges')
  expect(source).toMatchObject({size: 1_000_000, remote: {whole: false}})
  expect([...(await source.read(999_998, 2))]).toEqual([999_998 % 251, 999_999 % 251])
  expect(source.remote.fetched()).toBeLessThan(100_000)
})

it('a server that lets the range be sent and not be seen is asked for the size', async () => {
  const source = await open('hidden')
  expect(source).toMatchObject({size: 1_000_000, remote: {whole: false}})
  expect([...(await source.read(500_000, 1))]).toEqual([500_000 % 251])
})

it('a server that sends on to another place is followed', async () => {
  const source = await open('redirect')
  expect([...(await source.read(500_000, 1))]).toEqual([500_000 % 251])
})

it.each(['whole', 'gzip', 'packed'])('a server without ranges gives all of it: %s', async (mode) => {
  const source = await open(mode)
  expect(source).toMatchObject({size: 1_000_000, remote: {whole: true}})
  expect([...(await source.read(999_999, 1))]).toEqual([999_999 % 251])
})

it('a server that lets no other site read is explained, with what to do', async () => {
  await expect(open('nocors')).rejects.toMatchObject({
    title: 'This address cannot be read',
    message: expect.stringMatching(
      /^model\.pt at 127\.0\.0\.1:\d+: the browser gave no answer to read; .*\(CORS\), so download the file and open it from your disk, or run density-lens on the command line/
    )
  })
})

it.each([
  ['ranges/none.pt', 'there is no such file (404)'],
  ['gated/model.pt', 'is not given to everyone (40']
])('%s is said as on the command line', async (path, sentence) => {
  await expect(httpSource(httpAddress(`${base}/${path}`))).rejects.toThrow(sentence)
})

it('a file of 3 GB is listed', async () => {
  const source = await open('ranges', '3GB.safetensors')
  expect((await openArchive(source)).entries).toHaveLength(300)
  expect(source.remote.fetched()).toBeLessThan(1_000_000)
})
