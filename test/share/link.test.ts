import {expect, it} from 'vitest'
import {FormatError} from '@/lib/core/errors'
import {fromBase64url, toBase64url} from '@/lib/share/base64url'
import {fitRecord} from '@/lib/share/fitRecord'
import {hashLink, isHashLink, mostHashCharacters, readHashLink} from '@/lib/share/link'
import {named, namesOf} from '@/lib/share/named'
import {everyPart, example} from './explanations'

const link = (id: string) => hashLink({explanation: example(id), view: null, without: ['samples']})

it.each([0, 1, 2, 3, 255])('%i bytes become what Buffer calls base64url, and come back', (count) => {
  const bytes = Uint8Array.from({length: count}, (_, i) => (i * 37) & 255)
  const text = toBase64url(bytes)
  expect(text).toBe(Buffer.from(bytes).toString('base64url'))
  expect(fromBase64url(text)).toEqual(bytes)
})

it.each(['digits', 'speech', 'docstrings'])('%s fits into a link with its ranking in full', async (id) => {
  const {hash, dropped} = await link(id)
  expect(hash.length).toBeLessThanOrEqual(mostHashCharacters)
  const read = await readHashLink(`https://lens.example/${hash}`)
  expect(read.unread).toEqual([])
  expect(read.explanation.layers).toEqual(example(id).layers)
  expect(read.left).toEqual([...dropped, 'samples'])
})

it('carries the density maps of the digits, each cell within half a step of 256', async () => {
  const {hash} = await link('digits')
  const {explanation, errors} = await readHashLink(hash)
  const {density, scale} = example('digits')
  const step = (scale![1] - scale![0]) / 255
  expect(errors.find(({part}) => part === 'density')!.error).toBeLessThan(step * 0.5001)
  explanation.density!.values.forEach((value, i) => {
    expect(Math.abs(value - density!.values[i]!)).toBeLessThan(step * 0.5001)
  })
})

it('gives up digits before parts, and maps before Gaussians and the ranking', async () => {
  const explanation = everyPart()
  const dropped = await Promise.all(
    [200_000, 20_000, 6_000, 3_600, 3_000].map(
      async (most) => (await fitRecord({explanation, view: null}, most)).dropped
    )
  )
  const sizes = dropped.map((parts) => parts.length)
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b))
  expect(dropped[0]).toEqual([])
  expect(dropped.at(-1)).toContain('density')
  expect(dropped.at(-1)).not.toContain('gaussians')
})

it('says so when not even the ranking has room', async () => {
  await expect(fitRecord({explanation: example('digits'), view: null}, 300)).rejects.toThrow(/needed at most 300/)
})

it('a link that a program cut off, or put a full stop behind, is read as far as it goes', async () => {
  const {hash} = await link('digits')
  expect((await readHashLink(`${hash}).`)).unread).toEqual([])
  const cut = await readHashLink(hash.slice(0, hash.length - 700))
  expect(cut.unread.length).toBeGreaterThan(0)
  expect(cut.explanation.layers).toEqual(example('digits').layers)
})

it('a link that a mail program broke into lines is whole; a letter that no link has costs one part of it', async () => {
  const {hash} = await link('digits')
  const broken = hash.replace(/.{72}/g, '$&%0A ')
  expect((await readHashLink(`${broken}\n> `)).unread).toEqual([])
  const smudged = await readHashLink(`${hash.slice(0, -300)}…${hash.slice(-299)}`)
  expect(smudged.unread).toHaveLength(1)
  expect(smudged.explanation.layers).toEqual(example('digits').layers)
})

it.each(['#x=', '#x=AAAA', '#x=%%%', '#x=RExOUwEA'])('%s is refused in a sentence', async (hash) => {
  await expect(readHashLink(hash)).rejects.toThrow(FormatError)
})

it('tells its own hashes from others', () => {
  expect(isHashLink('https://lens.example/#x=abc')).toBe(true)
  expect(isHashLink('#inputs')).toBe(false)
})

it('without names nothing in a record says what a file was called', async () => {
  const secret = 'patient-0042'
  const base = everyPart()
  const explanation = {
    ...base,
    provenance: {
      ...base.provenance,
      checkpoint: {...base.provenance.checkpoint, name: `${secret}.pth`},
      inputs: base.provenance.inputs.map((file) => ({...file, name: `${secret}.npz`}))
    },
    samples: base.samples.map((sample) => ({...sample, name: `${secret}.wav`})),
    caveats: [
      {id: 'unusable-inputs', text: `1 of 9 files could not be used and is left out. ${secret}.npy: found nothing.`}
    ]
  } as typeof base
  const hidden = named(explanation, null)
  expect(JSON.stringify(hidden)).not.toContain(secret)
  expect(hidden.provenance.checkpoint.sha256).toBe(base.provenance.checkpoint.sha256)
  expect(JSON.stringify(named(explanation, {checkpoint: 'a.pth', inputs: ['b.npz']}))).not.toContain(secret)
  expect(named(explanation, namesOf(explanation))).toEqual(explanation)
})
