import {readFileSync} from 'node:fs'
import {beforeAll, describe, expect, it} from 'vitest'
import {openLiveEncoder} from '@/lib/engine/live'
import {liveDesk} from '@/lib/engine/liveDesk'
import type {Openable} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import {oneInput} from '@/lib/explain/oneInput'
import {memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import type {ExampleCard} from '@/lib/state/exampleCard'
import {expectClose, type Packed, unpack} from '../models/fixtures'

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
// By PyTorch in float64: test/reference/make_words.py.
const expected = json('test/fixtures/sounds/words.json') as {readonly frames: Packed; readonly logits: Packed}
const card = json('public/examples/words/card.json') as ExampleCard

/** Samples of a WAV file of 16 bits, one channel. */
function wave(path: string): Float32Array<ArrayBuffer> {
  const bytes = readFileSync(path)
  const at = bytes.indexOf('data') + 8
  return Float32Array.from({length: (bytes.length - at) / 2}, (_, i) => bytes.readInt16LE(at + 2 * i) / 32768)
}
const clips = () => card.clips!.map((clip) => wave(`public${clip}`))
const own = (name: string) => memorySource(readFileSync(`public/examples/words/${name}`), name)
const address = (name: string): Openable => ({kind: 'address', name, url: name})

describe('the words example reads a sound', () => {
  beforeAll(() => openBackend('wasm'))

  it('by the log mel frames that its training script makes, within 1e-3', async () => {
    const front = await openLiveEncoder(own(card.encoder!), async (name) => own(name))
    const {features} = await front.features({kind: 'sound', values: clips()[0]!})
    expect(features.shape).toEqual([1, 64, 96])
    const wanted = unpack(expected.frames)
    const apart = wanted.map((value, i) => Math.abs(value - Number(features.values[i])))
    expect(Math.max(...apart)).toBeLessThan(1e-3)
  })

  it('with the logits of PyTorch, a map of its plane, a ranking, and the untrained twin’s', async () => {
    const desk = liveDesk(async (openable) => own(openable.kind === 'address' ? openable.url : ''))
    desk.explained({checkpoint: address(card.checkpoint), settings: {}})
    await desk.openEncoder(address(card.encoder!))
    const readings = []
    for (const values of clips()) readings.push(await desk.read({kind: 'sound', values}))
    expectClose('logits', Float32Array.from(readings.flatMap(({logits}) => [...logits!])), expected.logits)

    const explanation = json(`public/examples/words/${card.explanation}`) as Explanation
    const {rows, cols, plane} = explanation.axes!
    for (const reading of readings) {
      expect(reading.density).toMatchObject({rows, cols})
      expect(reading.density.values.every(Number.isFinite)).toBe(true)
      const byRank = reading.layers.toSorted((a, b) => a.rank - b.rank)
      expect(byRank).toHaveLength(rows)
      expect(byRank[0]!.rank).toBe(1)
      // Windows keep all their attention, and tie.
      for (const [i, {importance}] of byRank.slice(1).entries())
        expect(importance).toBeLessThan(byRank[i]!.importance + 1e-6)
      const shown = oneInput(explanation, reading)
      expect(shown.axes!.plane).toEqual(plane)
      expect(shown.finding.title).toMatch(/^This input alone: blocks? [\d, and–]+ leads?/)
      expect(shown.layers.every(({untrained}) => untrained !== null)).toBe(true)
    }
    await expect(desk.read({kind: 'sound', values: new Float32Array(16_000)})).rejects.toThrow('Found silence')
  })
})
