import {deflateRawSync} from 'node:zlib'
import {describe, expect, it} from 'vitest'
import {crc32} from '@/lib/formats/crc32'
import {memorySource} from '@/lib/formats/source'
import {openZip} from '@/lib/formats/zip'
import {zipBytes as writtenZip} from '@/lib/formats/zipBytes'
import {bytes, type Member, zipBytes} from './bytes'
import {counted} from './fixture'

const hello = bytes('hello, zip')
const open = (members: readonly Member[], options = {}) => openZip(memorySource(zipBytes(members, options), 'x.zip'))

// Nothing that deflate can shrink.
const noise = Uint8Array.from(
  {length: 4e6},
  (_, i) => Math.imul(Math.imul(i, 2_654_435_761) ^ (i >>> 7), 2_246_822_519) >>> 24
)

function deflated(name: string, content: Uint8Array): Member {
  return {name, content: deflateRawSync(content), method: 8, size: content.length, crc: crc32(content)}
}

async function readAll(members: readonly Member[], options = {}): Promise<string> {
  const zip = await open(members, options)
  const entry = zip.entries.get('a')!
  return Buffer.from(await zip.read(entry, 0, entry.size)).toString()
}

describe('a zip', () => {
  it('gives a stored entry', async () => {
    expect(await readAll([{name: 'a', content: hello}])).toBe('hello, zip')
  })

  it('gives a stretch of a stored entry and reads no more of the file than that', async () => {
    const source = counted(memorySource(zipBytes([{name: 'a', content: new Uint8Array(1e6).fill(7)}]), 'x'))
    const zip = await openZip(source)
    const before = source.bytes
    expect(await zip.read(zip.entries.get('a')!, 500_000, 3)).toEqual(new Uint8Array([7, 7, 7]))
    expect(source.bytes - before).toBe(30 + 3)
  })

  it('gives a deflated entry, whole or in part', async () => {
    const text = 'density '.repeat(50_000)
    const zip = await open([deflated('a', bytes(text))])
    const entry = zip.entries.get('a')!
    expect(Buffer.from(await zip.read(entry, 0, entry.size)).toString()).toBe(text)
    expect(Buffer.from(await zip.read(entry, 8, 7)).toString()).toBe('density')
    expect((await zip.read(entry, 0, 0)).length).toBe(0)
  })

  it('inflates only as far as it is asked to', async () => {
    const source = counted(memorySource(zipBytes([deflated('a', noise)]), 'x'))
    const zip = await openZip(source)
    await zip.read(zip.entries.get('a')!, 0, 100)
    expect(source.size).toBeGreaterThan(noise.length / 2)
    expect(source.bytes).toBeLessThan(noise.length / 4)
  })

  it('stops inflating as soon as there is more than the directory says', async () => {
    const source = counted(memorySource(zipBytes([{...deflated('a', noise), size: 100}]), 'x'))
    const zip = await openZip(source)
    await expect(zip.read(zip.entries.get('a')!, 0, 100)).rejects.toThrow('zip: a does not inflate to the 100 bytes')
    expect(source.size).toBeGreaterThan(noise.length / 2)
    expect(source.bytes).toBeLessThan(noise.length / 4)
  })

  it('finds sizes and places in zip64 records', async () => {
    expect(
      await readAll(
        [
          {name: 'b', content: hello},
          {name: 'a', content: hello, zip64: true}
        ],
        {zip64: true}
      )
    ).toBe('hello, zip')
  })

  it('of more entries than 16 bits count is read whole, whether its writer says so in zip64 records or counts on from 0', async () => {
    const members = Array.from({length: 65_537}, (_, i) => ({name: i.toString(36), parts: [Uint8Array.of(i & 255)]}))
    const whole = writtenZip(members)
    const end = whole.length - 22
    const plain = whole.slice()
    // The zip64 records before the end are overwritten, and the end counts as an older writer does.
    plain.fill(0, end - 76, end)
    plain.set([1, 0, 1, 0], end + 8)
    for (const file of [whole, plain]) {
      const zip = await openZip(memorySource(file, 'x'))
      expect(zip.entries.size).toBe(65_537)
      expect([...(await zip.read(zip.entries.get('1ekg')!, 0, 1))]).toEqual([65_536 & 255])
    }
  })

  it('is found though a comment follows it', async () => {
    const file = zipBytes([{name: 'a', content: hello}])
    file.set([5, 0], file.length - 2)
    const zip = await openZip(memorySource(bytes(file, 'hello'), 'x'))
    expect([...zip.entries.keys()]).toEqual(['a'])
  })

  it.each<[string, readonly Member[], object, string]>([
    [
      'the same name twice',
      [
        {name: 'a', content: hello},
        {name: 'a', content: hello}
      ],
      {},
      'zip: a stands in the directory twice; once is needed'
    ],
    [
      'a name that leads out',
      [{name: 'x/../../etc', content: hello}],
      {},
      'zip: an entry is named x/../../etc; names may not lead out of the archive'
    ],
    [
      'a password',
      [{name: 'a', content: hello, flags: 1}],
      {},
      'zip: a is encrypted; an archive without a password is needed'
    ],
    [
      'another method',
      [{name: 'a', content: hello, method: 12}],
      {},
      'zip: a is packed by method 12; stored (0) and deflated (8) entries are read'
    ],
    [
      'two sizes for a stored entry',
      [{name: 'a', content: hello, size: 9}],
      {},
      'zip: a is stored, yet claims 10 bytes for 9; the file is damaged'
    ],
    [
      'more entries than there are',
      [{name: 'a', content: hello}],
      {count: 2},
      'zip: the directory claims 2 entries and holds 1; the file is damaged'
    ],
    [
      'fewer entries than there are',
      [
        {name: 'a', content: hello},
        {name: 'b', content: hello}
      ],
      {count: 1},
      'zip: the directory claims 1 entries and holds 2; the file is damaged'
    ],
    [
      'a size past the end',
      [{name: 'a', content: hello, size: 1e6, compressedSize: 1e6}],
      {},
      'x.zip: bytes 31 to 1000031 are needed, the file has 110; it may be incomplete'
    ],
    [
      'a place that is no entry',
      [{name: 'a', content: hello, offset: 2}],
      {},
      'zip: a has no header at byte 2, where the directory says it is'
    ],
    [
      'a place past the end',
      [{name: 'a', content: hello, offset: 1e9}],
      {},
      'x.zip: bytes 1000000000 to 1000000030 are needed, the file has 110; it may be incomplete'
    ],
    [
      'a zip64 size past any file',
      [{name: 'a', content: hello, zip64: true, size: 2 ** 60, compressedSize: 2 ** 60}],
      {zip64: true},
      'x.zip: bytes 31 to 1152921504606847000 are needed, the file has 214; it may be incomplete'
    ],
    [
      'a bomb by its own word',
      [{...deflated('a', hello), size: 1e9}],
      {},
      'zip: a claims 1000000000 bytes from 12, more than deflate can pack'
    ],
    [
      'more to unpack than we hold',
      [{...deflated('a', hello), size: 2 ** 31}],
      {},
      'zip: a unpacks to 2.1 GB, at most 1.1 GB are unpacked; save it without compression'
    ],
    [
      'more than it says',
      [{...deflated('a', hello), size: 9}],
      {},
      'zip: a does not inflate to the 9 bytes and the checksum it claims'
    ],
    [
      'less than it says',
      [{...deflated('a', hello), size: 11}],
      {},
      'zip: a does not inflate to the 11 bytes and the checksum it claims'
    ],
    [
      'another checksum',
      [{...deflated('a', hello), crc: 1}],
      {},
      'zip: a does not inflate to the 10 bytes and the checksum it claims'
    ],
    [
      'no deflate at all',
      [{name: 'a', content: hello, method: 8}],
      {},
      'zip: a does not inflate to the 10 bytes and the checksum it claims'
    ]
  ])('is refused with %s', async (_, members, options, sentence) => {
    await expect(readAll(members, options)).rejects.toThrow(sentence)
  })

  it('is refused when a name is longer than any path', async () => {
    const member = {name: 'x'.repeat(401), content: bytes()}
    await expect(openZip(memorySource(zipBytes([member]), 'x'))).rejects.toThrow(
      'zip: entry 0 has a name of 401 bytes; at most 400 are read'
    )
  })

  it('is refused when its end is missing', async () => {
    const file = zipBytes([{name: 'a', content: new Uint8Array(5000)}])
    await expect(openZip(memorySource(file.subarray(0, 4000), 'x'))).rejects.toThrow(
      'zip: the file ends (at 4 kB) without the directory that closes every zip; the download may be incomplete'
    )
  })

  it('claiming much and holding little is refused before much is set aside', async () => {
    const content = deflateRawSync(new Uint8Array(2e6))
    const member: Member = {name: 'a', content, method: 8, size: content.length * 1000, crc: 0}
    const before = process.memoryUsage().arrayBuffers
    await expect(readAll([member])).rejects.toThrow('zip: a does not inflate to')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20e6)
  })
})
