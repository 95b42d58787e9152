import fc from 'fast-check'
import {expect, it} from 'vitest'
import {CancelledError} from '@/lib/core/errors'
import {httpBlocks} from '@/lib/formats/http/httpBlocks'

const size = 1000
const file = Uint8Array.from({length: size}, (_, i) => i % 251)

/** Blocks of 16 bytes over a file of 1,000, and the stretches that were fetched. */
function watched({keep = 160, latency = 0} = {}) {
  const asked: [number, number][] = []
  const blocks = httpBlocks({
    size,
    blockBytes: 16,
    keep,
    fetchRange: async (start, end, signal) => {
      asked.push([start, end])
      if (latency) await new Promise((resolve) => setTimeout(resolve, latency))
      if (signal?.aborted) throw new CancelledError()
      return file.slice(start, end)
    }
  })
  return {blocks, asked}
}

it('give what the file holds, whatever is read in whatever order, and never fetch beyond its end', async () => {
  const reads = fc.array(fc.tuple(fc.nat(size), fc.nat(300), fc.boolean()), {minLength: 1, maxLength: 20})
  await fc.assert(
    fc.asyncProperty(reads, async (wanted) => {
      const {blocks, asked} = watched()
      const waiting: Promise<void>[] = []
      for (const [offset, length, wait] of wanted) {
        const end = Math.min(size, offset + length)
        const read = blocks.read(offset, end - offset).then((bytes) => expect(bytes).toEqual(file.slice(offset, end)))
        waiting.push(read)
        if (wait) await read
      }
      await Promise.all(waiting)
      expect(asked.every(([start, end]) => start < end && end <= size)).toBe(true)
    })
  )
})

it('that lie apart are fetched alone, neighbours together', async () => {
  const {blocks, asked} = watched()
  await Promise.all([blocks.read(40, 30), blocks.read(64, 10), blocks.read(500, 1)])
  expect(asked).toEqual([
    [32, 80],
    [496, 512]
  ])
})

it('are forgotten when they were used longest ago', async () => {
  const {blocks, asked} = watched({keep: 48})
  for (const at of [0, 160, 320, 0, 640, 160]) await blocks.read(at, 1)
  expect(asked.map(([start]) => start)).toEqual([0, 160, 320, 640, 160])
})

it('are fetched ahead of a reader that walks on, twice as far each time', async () => {
  const {blocks, asked} = watched({keep: 1e6})
  for (let at = 0; at < 480; at += 16) await blocks.read(at, 16)
  expect(asked.map(([start, end]) => (end - start) / 16)).toEqual([1, 2, 3, 5, 9, 17])
})

it('may be there from the start, the last one too if it is whole', async () => {
  const {blocks, asked} = watched({keep: 1e6})
  blocks.seed(file.slice(0, 40))
  await blocks.read(0, 32)
  expect(asked).toEqual([])
  await blocks.read(32, 8)
  expect(asked).toEqual([[32, 48]])
  blocks.seed(file)
  await blocks.read(990, 10)
  expect(asked).toHaveLength(1)
})

it('that one reader lets go of are fetched anew for the other', async () => {
  const {blocks, asked} = watched({latency: 10})
  const one = new AbortController()
  const mine = blocks.read(0, 4, one.signal)
  const other = blocks.read(0, 4)
  one.abort()
  await expect(mine).rejects.toBeInstanceOf(CancelledError)
  expect(await other).toEqual(file.slice(0, 4))
  expect(asked).toEqual([
    [0, 16],
    [0, 16]
  ])
})

it('that failed are asked for again by the next reader', async () => {
  let fail = true
  const blocks = httpBlocks({
    size,
    blockBytes: 16,
    fetchRange: async (start, end) => {
      if (fail) throw new Error('gone')
      return file.slice(start, end)
    }
  })
  await expect(blocks.read(0, 20)).rejects.toThrow('gone')
  fail = false
  expect(await blocks.read(0, 20)).toEqual(file.slice(0, 20))
})
