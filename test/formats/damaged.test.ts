import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {FormatError} from '@/lib/core/errors'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {expected, fixtureBytes, singles} from './fixture'

const names = singles
// In milliseconds, and generous: a machine may be busy, a hang lasts for ever.
const patience = 5000
// The end of a table as text is wherever it ends.
const closed = names.filter((name) => expected[name]!.error === undefined && expected[name]!.format !== 'CSV')

/** Opens the bytes and reads every tensor in them: true when all went well, false when they were refused properly. */
async function isRead(bytes: Uint8Array, name: string): Promise<boolean> {
  try {
    const archive = await openArchive(memorySource(bytes, name))
    for (const {name} of archive.entries) await archive.read(name)
    return true
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    expect(error.message).toMatch(/^.+: .+/s)
    expect(error.message.length).toBeLessThan(600)
    return false
  }
}

describe('a file cut short is refused in a sentence, wherever it is cut', () => {
  it.each(closed)('%s', async (name) => {
    const bytes = fixtureBytes(name)
    for (let part = 0; part < 100; part++) {
      const cut = bytes.subarray(0, Math.floor((bytes.length * part) / 100))
      expect({part, read: await isRead(cut, name)}).toEqual({part, read: false})
    }
    expect(await isRead(bytes.subarray(0, bytes.length - 1), name)).toBe(false)
  })
})

describe('a file with wrong bytes is read or refused, and never takes long', () => {
  it.each(names)('%s', async (name) => {
    const bytes = fixtureBytes(name)
    const wrong = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({min: 0, max: 255})), {
      minLength: 1,
      maxLength: 6
    })
    await fc.assert(
      fc.asyncProperty(wrong, async (changes) => {
        const damaged = bytes.slice()
        for (const [at, byte] of changes) damaged[at] = byte
        const start = performance.now()
        await isRead(damaged, name)
        expect(performance.now() - start).toBeLessThan(patience)
      }),
      {seed: 20_260_214, numRuns: 200}
    )
  })

  it.each(names)('%s, when the wrong bytes are large lengths', async (name) => {
    const bytes = fixtureBytes(name)
    await fc.assert(
      fc.asyncProperty(fc.nat(Math.max(0, bytes.length - 8)), fc.constantFrom(2, 4, 8), async (at, width) => {
        const damaged = bytes.slice()
        damaged.fill(0xff, at, at + width - 1)
        damaged[at + width - 1] = 0x7f
        const start = performance.now()
        await isRead(damaged, name)
        expect(performance.now() - start).toBeLessThan(patience)
      }),
      {seed: 20_260_214, numRuns: 100}
    )
  })
})
