import fc from 'fast-check'
import {expect, it} from 'vitest'
import {FormatError} from '@/lib/core/errors'
import {crc32} from '@/lib/formats/crc32'
import {byteWriter} from '@/lib/share/byteWriter'
import {pack, type Section, unpack} from '@/lib/share/container'
import {deflated} from '@/lib/share/deflated'
import {readHashLink} from '@/lib/share/link'
import {decodeRecord, encodeRecord} from '@/lib/share/record'
import {example} from './explanations'

/** Reads it, or refuses it in a sentence; anything else that is thrown fails. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    return (await decodeRecord(bytes)).unread.join()
  } catch (error) {
    if (error instanceof FormatError) return error.message
    throw error
  }
}

const small = () =>
  encodeRecord({
    explanation: {...example('digits'), samples: example('digits').samples.slice(0, 3)},
    view: null,
    plan: {gaussians: 'u8', density: 'u8', signal: 'u8', samples: 'u8'}
  })

it('any bytes are read or refused in a sentence', async () => {
  const magic = fc.constantFrom([], [0x44, 0x4c, 0x4e, 0x53], [0x44, 0x4c, 0x4e, 0x53, 1])
  const anything = fc
    .tuple(magic, fc.uint8Array({maxLength: 200}))
    .map(([head, rest]) => Uint8Array.of(...head, ...rest))
  await fc.assert(fc.asyncProperty(anything, async (bytes) => void (await outcome(bytes))))
})

it('a record that is broken in any way is read in part or refused in a sentence', async () => {
  const whole = await small()
  const breaks = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), {minLength: 1, maxLength: 8})
  await fc.assert(
    fc.asyncProperty(breaks, fc.nat(whole.length), async (places, length) => {
      const broken = whole.slice()
      for (const [at, value] of places) broken[at] = value
      await outcome(broken.subarray(0, length))
    }),
    {numRuns: 60}
  )
})

it('sections whose checksums are right and whose content is not are refused or named', async () => {
  const {sections} = await unpack(await small())
  const broken = fc.tuple(
    fc.nat(sections.length - 1),
    fc.array(fc.tuple(fc.double({min: 0, max: 1, maxExcluded: true, noNaN: true}), fc.nat(255)), {maxLength: 6}),
    fc.double({min: 0, max: 1, noNaN: true})
  )
  await fc.assert(
    fc.asyncProperty(broken, async ([which, places, kept]) => {
      const changed: Section[] = sections.map((section, i) => {
        if (i !== which) return section
        const bytes = section.bytes.slice(0, Math.ceil(section.bytes.length * kept))
        for (const [at, value] of places) bytes[Math.floor(at * bytes.length)] = value
        return {...section, bytes}
      })
      await outcome(await pack(changed))
    }),
    {numRuns: 120}
  )
})

it('any hash is read or refused in a sentence', async () => {
  const hash = fc.oneof(
    fc.string(),
    fc.base64String().map((text) => `#x=${text}`),
    fc.string().map((text) => `#x=RExOUwE${text}`)
  )
  await fc.assert(
    fc.asyncProperty(hash, async (text) => {
      await readHashLink(text).catch((error: unknown) => expect(error).toBeInstanceOf(FormatError))
    })
  )
})

/** A record of one section, which claims `size` bytes. */
function claiming(size: number, stored: Uint8Array): Uint8Array {
  const to = byteWriter()
  to.bytes(Uint8Array.of(0x44, 0x4c, 0x4e, 0x53, 1, 1, 1, 1))
  to.varint(size)
  to.varint(stored.length)
  to.u32(0)
  to.u32(crc32(to.finish()))
  to.bytes(stored)
  return to.finish()
}

it('a section that claims more than a record may unpack to is refused before it is unpacked', async () => {
  expect(await outcome(claiming(2 ** 31, new Uint8Array(9)))).toContain('needed at most')
})

it('a stream longer than it claims is not unpacked beyond its claim', async () => {
  const bomb = await deflated(new Uint8Array(16 << 20))
  expect(await outcome(claiming(1000, bomb))).toContain('the summary of this explanation is damaged')
})

it('counts that no bytes stand behind cost no memory', async () => {
  const {sections} = await unpack(await small())
  const huge = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0xff, 0xff, 0xff, 0xff, 0x0f)
  for (const tag of [3, 5, 6, 9, 10, 11, 12, 13, 14, 15]) {
    const others = sections.filter((section) => section.tag !== tag)
    expect(await outcome(await pack([...others, {tag, bytes: huge}]))).not.toBe('')
  }
})
