import {gzipSync} from 'node:zlib'
import {describe, expect, it} from 'vitest'
import {limits, weigh} from '@/scripts/size/weigh.mjs'

const small = Buffer.from('const a = 1')
/** Bytes that no packing makes smaller. */
const noise = (length: number) => {
  let state = 1
  return Buffer.from(
    Array.from({length}, () => {
      state = Math.imul(state, 1664525) + 1013904223
      return state >>> 24
    })
  )
}

describe('weigh', () => {
  it('adds up what each script takes when packed by itself', () => {
    const [page] = weigh({first: [small, small], later: [], engines: {}})
    expect(page).toMatchObject({files: 2, bytes: 2 * gzipSync(small).length, met: true})
  })

  it('finds the page too heavy above its limit', () => {
    const [page] = weigh({first: [noise(limits.page)], later: [], engines: {}})
    expect(page!.bytes).toBeGreaterThan(limits.page)
    expect(page!.met).toBe(false)
  })

  it('holds the engine to its limit on every backend', () => {
    const rows = weigh({first: [], later: [], engines: {webgpu: [noise(limits.engine)], wasm: [small]}})
    expect(rows.map(({met}) => met)).toEqual([true, null, false, true])
  })

  it('sets no limit to what comes after the first picture', () => {
    const [, later] = weigh({first: [], later: [noise(limits.page * 2)], engines: {}})
    expect(later).toMatchObject({atMost: null, met: null})
  })
})
