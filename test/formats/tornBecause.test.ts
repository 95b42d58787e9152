import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {memorySource} from '@/lib/formats/source'
import {tornBecause} from '@/lib/formats/tornBecause'

const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))))
const torn = (bytes: Uint8Array) => tornBecause(memorySource(bytes, 'checkpoint.pth'))

const files = [
  'formats/state_dict.pt',
  'formats/state_dict_deflated.pt',
  'formats/state_dict_legacy.pt',
  'formats/checkpoint.pth',
  'formats/checkpoint_legacy.pth',
  'formats/plain_protocol2.pkl',
  'formats/dtypes.safetensors',
  'formats/c.npy',
  'formats/stored.npz',
  'formats/compressed.npz',
  'formats/model.gguf',
  'digits/checkpoint.safetensors'
]

describe('a file that is being written', () => {
  it.each(files)('%s is whole at its end and nowhere before', async (name) => {
    const bytes = bytesOf(name)
    expect(await torn(bytes)).toBeNull()
    const ends = fc.oneof(
      fc.nat(bytes.length - 1),
      fc.nat(Math.min(63, bytes.length - 1)).map((n) => bytes.length - 1 - n)
    )
    await fc.assert(
      fc.asyncProperty(ends, async (end) => {
        expect(await torn(bytes.slice(0, end))).toEqual(expect.any(String))
      }),
      {numRuns: 60}
    )
  })

  it('a zip written over another of the same size is not whole until its last byte', async () => {
    const older = bytesOf('formats/state_dict.pt')
    const newer = older.slice()
    // The storages: other numbers under the checksums of the older.
    newer.fill(7, Math.floor(older.length / 2), Math.floor(older.length / 2) + 16)
    expect(await torn(newer)).toMatch(/checksum/)
  })

  it('a zip without checksums is taken at its word', async () => {
    const bytes = bytesOf('formats/stored.npz')
    const view = new DataView(bytes.buffer)
    for (let at = 0; at + 46 < bytes.length; at++) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 16, 0, true)
    }
    expect(await torn(bytes)).toBeNull()
  })
})
