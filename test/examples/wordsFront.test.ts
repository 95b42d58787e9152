import {readFileSync} from 'node:fs'
import {beforeAll, describe, expect, it} from 'vitest'
import {sum} from '@/lib/core/statistics'
import {openLiveEncoder} from '@/lib/engine/live'
import {liveDesk} from '@/lib/engine/liveDesk'
import type {Openable} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import {oneInput} from '@/lib/explain/oneInput'
import {memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import type {FramesDescription} from '@/lib/models/encoders/description'
import {framesStretch} from '@/lib/models/encoders/framesStretch'
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

  it('and tells where a place of the last sound looks, however many were refused since', async () => {
    const desk = liveDesk(async (openable) => own(openable.kind === 'address' ? openable.url : ''))
    desk.explained({checkpoint: address(card.checkpoint), settings: {}})
    await desk.openEncoder(address(card.encoder!))
    expect(await desk.points([1], 17), 'nothing is read yet').toBeNull()
    const [yes, no] = clips()
    await desk.read({kind: 'sound', values: yes!})
    const found = (await desk.points([0, 1, 3, 5, 7], 17))!
    expect(found[0], 'windows sample no points').toBeNull()
    expect(found.slice(1).map((points) => points!.reference.length / 2)).toEqual([16, 16, 16, 16])
    for (const points of found.slice(1)) {
      const {attention, reference} = points!
      const heads = attention.length / (reference.length / 2)
      expect(sum(attention) / heads, 'attention of each head adds up to 1').toBeCloseTo(1, 4)
    }
    await expect(desk.read({kind: 'sound', values: new Float32Array(16_000)})).rejects.toThrow('Found silence')
    await expect(desk.read({kind: 'sound', values: new Float32Array(16_000).fill(Number.NaN)})).rejects.toThrow(
      'needed a sound of finite numbers'
    )
    expect(await desk.points([0, 1, 3, 5, 7], 17)).toEqual(found)
    await desk.read({kind: 'sound', values: no!})
    expect((await desk.points([1], 17))![0]!.sampled).not.toEqual(found[1]!.sampled)
  })

  it('whose frames stand for the seconds that the card tells', async () => {
    const {facts} = await openLiveEncoder(own(card.encoder!), async (name) => own(name))
    expect(card.stretch).toEqual(framesStretch(facts.description as FramesDescription))
  })
})
