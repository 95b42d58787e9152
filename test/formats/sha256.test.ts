import {createHash} from 'node:crypto'
import {describe, expect, it} from 'vitest'
import {CancelledError} from '@/lib/core/errors'
import {sha256} from '@/lib/formats/sha256'
import {memorySource} from '@/lib/formats/source'
import {counted} from './fixture'

const noise = Uint8Array.from({length: 9_000_000}, (_, i) => (i * 2_654_435_761) >>> 11)
const hash = (bytes: Uint8Array) => sha256(memorySource(bytes, 'x'))

describe('sha256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'
    ]
  ])('has the published value for %o', async (text, digest) => {
    expect(await hash(new TextEncoder().encode(text))).toBe(digest)
  })

  it('agrees with the platform around the ends of blocks and pieces', async () => {
    const piece = 4 << 20
    for (const length of [1, 55, 56, 63, 64, 65, 119, 120, piece - 1, piece, piece + 1, 2 * piece, noise.length]) {
      const bytes = noise.subarray(0, length)
      expect(await hash(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
  })

  it('reads a piece at a time and says how far it has come', async () => {
    const source = counted(memorySource(noise, 'x'))
    const progress: number[] = []
    await sha256(source, {onProgress: (done, total) => progress.push(done / total)})
    expect(source.reads).toBe(3)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
    expect(progress.at(-1)).toBe(1)
  })

  it('reads nothing of a source above the limit', async () => {
    const source = counted(memorySource(noise, 'x'))
    expect(await sha256(source, {limit: noise.length - 1})).toBeNull()
    expect(source.reads).toBe(0)
    expect(await sha256(source, {limit: noise.length})).not.toBeNull()
  })

  it('stops between pieces when it is let go of', async () => {
    const control = new AbortController()
    const source = counted(memorySource(noise, 'x'))
    const hashing = sha256(source, {signal: control.signal, onProgress: () => control.abort()})
    await expect(hashing).rejects.toThrow(CancelledError)
    expect(source.reads).toBe(1)
  })
})
