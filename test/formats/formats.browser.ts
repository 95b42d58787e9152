import {expect, it} from 'vitest'
import {openArchive} from '@/lib/formats/openArchive'
import {sha256} from '@/lib/formats/sha256'
import {blobSource} from '@/lib/formats/source'
import {type ExpectedFile, spelled} from './expectedFile'

// The same files, through a Blob and this browser's own inflate and arrays; of folders, which no name ends, node knows.
// Fetched, not imported: a bundler that turns JSON into a module makes 0 of −0.
const told = {...(await table('expected.json')), ...(await table('expected_more.json'))}
const files = Object.entries(told).filter(([name]) => name.includes('.'))

async function table(name: string): Promise<Record<string, ExpectedFile>> {
  return JSON.parse(await (await fixture(name)).text())
}

async function fixture(name: string): Promise<Blob> {
  const response = await fetch(new URL(`../fixtures/formats/${name}`, import.meta.url))
  return response.blob()
}

it('reads every file of the corpus as the library that wrote it does', async () => {
  for (const [name, file] of files) {
    if (file.error !== undefined) continue
    const archive = await openArchive(blobSource(await fixture(name), name))
    for (const {name: tensor, values} of file.tensors) {
      expect({name, tensor, values: spelled(await archive.read(tensor))}).toStrictEqual({name, tensor, values})
    }
  }
})

it('refuses what it does not read in the same sentences', async () => {
  for (const [name, file] of files) {
    if (file.error === undefined) continue
    await expect(openArchive(blobSource(await fixture(name), name))).rejects.toThrow(file.error)
  }
})

it('refuses a deflated array with one wrong byte', async () => {
  const bytes = new Uint8Array(await (await fixture('compressed.npz')).arrayBuffer())
  bytes[200] = bytes[200]! ^ 1
  const reading = openArchive(blobSource(new Blob([bytes]), 'x.npz')).then((archive) => archive.read('features'))
  await expect(reading).rejects.toThrow('zip: features.npy does not inflate to')
})

it('hashes as the platform does', async () => {
  const bytes = Uint8Array.from({length: 5_000_000}, (_, i) => (i * 2_654_435_761) >>> 11)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  expect(await sha256(blobSource(new Blob([bytes]), 'x'))).toBe(hex)
})
