import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {expect, it} from 'vitest'
import {followVersions, type WatchLook} from '@/lib/engine/followVersions'
import type {WatchedFile} from '@/lib/engine/versionWatch'
import {type ByteSource, memorySource} from '@/lib/formats/source'
import {fixture} from './files'

const first = new Uint8Array(readFileSync(fixture('pool.pth')))

/** The same checkpoint with its own number in the file: safetensors, whose header may hold any text. */
function versionOf(number: number): Uint8Array {
  const header = JSON.stringify({
    __metadata__: {number: `${number}`},
    w: {dtype: 'F32', shape: [16], data_offsets: [0, 64]}
  })
  const text = new TextEncoder().encode(header)
  const bytes = new Uint8Array(8 + text.length + 64)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  bytes.fill(number % 251, 8 + text.length)
  return bytes
}
const numberIn = async (source: ByteSource) =>
  Number(/"number":"(\d+)"/.exec(new TextDecoder().decode(await source.read(0, source.size)))?.[1])

/** A disk of one file. */
function disk() {
  let bytes: Uint8Array | null = null
  let modified = 0
  const file: WatchedFile<ByteSource> = {
    name: 'checkpoint.safetensors',
    stamp: async () => bytes && {size: bytes.length, modified},
    open: async () => bytes && memorySource(bytes.slice(), 'checkpoint.safetensors'),
    copy: async () => bytes && memorySource(bytes.slice(), 'checkpoint.safetensors')
  }
  return {
    file,
    write: (next: Uint8Array | null) => {
      bytes = next
      modified++
    }
  }
}

type Act =
  | {readonly kind: 'torn'; readonly share: number}
  | {readonly kind: 'whole'; readonly looks: number}
  | {readonly kind: 'gone'}

/** Lets a writer act between looks, and gives what was read and what was missed. */
async function follow(acts: readonly Act[], readingLooks = 0) {
  const {file, write} = disk()
  const end = new AbortController()
  const seen: number[] = []
  const stood: {number: number; looks: number}[] = []
  const pauses: number[] = []
  const looks: WatchLook[] = []
  let number = 0
  let rest = 0
  let turn = 0
  let ticks = 0
  const queue = [...acts]
  await followVersions({
    files: async () => [file],
    signal: end.signal,
    onLook: (look) => looks.push(look),
    onVersions: async (versions) => {
      const until = ticks + readingLooks
      while (ticks < until && !end.signal.aborted) await new Promise((go) => setTimeout(go))
      for (const {copy} of versions) seen.push(await numberIn(copy))
    },
    wait: async (ms) => {
      pauses.push(ms)
      ticks++
      if (readingLooks > 0) await new Promise((go) => setTimeout(go))
      if (rest-- > 0) return
      const act = queue.shift()
      if (!act) {
        if (turn++ > 4 + readingLooks) end.abort()
        return
      }
      if (act.kind === 'gone') return write(null)
      const bytes = versionOf(++number)
      if (act.kind === 'torn') return write(bytes.slice(0, Math.floor(act.share * bytes.length)))
      stood.push({number, looks: act.looks})
      write(bytes)
      rest = act.looks - 1
    }
  })
  return {seen, stood, pauses, looks, missed: looks.at(-1)!.missed}
}

const acts = fc.array(
  fc.oneof(
    fc.record({kind: fc.constant('torn' as const), share: fc.double({min: 0, max: 0.999, noNaN: true})}),
    fc.record({kind: fc.constant('whole' as const), looks: fc.integer({min: 1, max: 4})}),
    fc.constant({kind: 'gone' as const})
  ),
  {minLength: 50, maxLength: 80}
)

it('every version that stood at a look is read or counted as missed, and nothing torn is read', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (acts) => {
      const {seen, stood, missed} = await follow(acts)
      const whole = stood.map(({number}) => number)
      expect(whole).toEqual(expect.arrayContaining(seen))
      expect(seen).toEqual([...seen].sort((a, b) => a - b))
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.length + missed).toBe(stood.length)
      // Two looks are enough.
      for (const {number, looks} of stood) if (looks >= 2) expect(seen).toContain(number)
    }),
    {numRuns: 40}
  )
})

it('what is written while a version is being read waits its turn, or is counted', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (acts) => {
      const {seen, stood, missed} = await follow(acts, 5)
      expect(stood.map(({number}) => number)).toEqual(expect.arrayContaining(seen))
      expect(seen.length + missed).toBe(stood.length)
    }),
    {numRuns: 8}
  )
})

it('a torn file is looked at with growing pauses, and says why it is not whole', async () => {
  const {pauses, looks, seen} = await follow([{kind: 'torn', share: 0.6}])
  expect(seen).toEqual([])
  expect(pauses.slice(1, 6)).toEqual([500, 1000, 2000, 4000, 8000])
  expect(looks.at(-1)).toMatchObject({
    missed: 0,
    writing: {gone: false, because: expect.stringContaining('safetensors')}
  })
})

it('a file that is written over in place while it is copied is not given', async () => {
  const end = new AbortController()
  const read: string[] = []
  let modified = 1
  let copies = 0
  await followVersions({
    files: async () => [
      {
        name: 'pool.pth',
        stamp: async () => ({size: first.length, modified}),
        open: async () => memorySource(first, 'pool.pth'),
        copy: async () => {
          if (++copies === 1) modified++
          return memorySource(first, 'pool.pth')
        }
      }
    ],
    signal: end.signal,
    onVersions: async (versions) => {
      read.push(...versions.map(({stamp, missed}) => `${stamp.modified}, ${missed} missed`))
      end.abort()
    },
    wait: () => new Promise((go) => setTimeout(go))
  })
  expect(read).toEqual(['2, 1 missed'])
})
