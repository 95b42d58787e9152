import {readFileSync} from 'node:fs'
import {beforeAll, describe, expect, it} from 'vitest'
import {rowOf} from '@/lib/core/grid'
import {mean, sum} from '@/lib/core/statistics'
import {inspect} from '@/lib/engine/fileReport'
import {type LiveDesk, liveDesk} from '@/lib/engine/liveDesk'
import {sourceOf} from '@/lib/engine/openable'
import type {LiveSample, Openable} from '@/lib/engine/protocol'
import {memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import {expectClose, type Packed, unpack} from '../models/fixtures'

// By PyTorch in float64: test/reference/make_live.py.
const expected = JSON.parse(readFileSync('test/fixtures/encoders/live.json', 'utf8')) as {
  readonly digits: {readonly pictures: Packed; readonly states: Packed; readonly logits: Packed}
}
const file = (example: string, name: string): Openable => ({
  kind: 'address',
  name,
  url: `http://site/${example}/${name}`
})
const desk = () =>
  liveDesk(async (openable) => {
    const path = new URL(openable.kind === 'address' ? openable.url : '').pathname
    return memorySource(readFileSync(`public/examples${path}`), path)
  })
const picture = (i: number): LiveSample => ({
  kind: 'picture',
  values: unpack(expected.digits.pictures).slice(i * 64, (i + 1) * 64)
})

async function ofDigits(): Promise<LiveDesk> {
  const opened = desk()
  opened.explained({checkpoint: file('digits', 'checkpoint.pth'), settings: {}})
  await opened.openEncoder(file('digits', 'encoder.safetensors'))
  return opened
}

describe('one input after the other', () => {
  beforeAll(() => openBackend('wasm'))

  it('a picture goes through encoder and model as in PyTorch, and through the untrained twin', async () => {
    const live = await ofDigits()
    const readings = []
    for (let i = 0; i < 10; i++) readings.push(await live.read(picture(i)))
    expectClose('logits', Float32Array.from(readings.flatMap(({logits}) => [...logits!])), expected.digits.logits)
    for (const {layers, density, untrained, signal} of readings) {
      expect(density).toMatchObject({rows: 12, cols: 64})
      for (const {layer, untrained: twin, meanAbsZ} of layers) {
        expect(mean(rowOf(untrained, layer))).toBeCloseTo(twin!.density, 6)
        expect(sum(rowOf(signal!.counts, layer)), 'each of its z once').toBe(64)
        expect(meanAbsZ).toBeGreaterThan(0)
      }
      expect(layers.map(({rank}) => rank).toSorted((a, b) => a - b)).toEqual(Array.from({length: 12}, (_, i) => i + 1))
      expect(layers.every(({untrained}) => untrained !== null)).toBe(true)
    }
  })

  it('hidden states need no encoder, and give the map that the encoder leads to', async () => {
    const live = desk()
    live.explained({checkpoint: file('digits', 'checkpoint.pth'), settings: {}})
    const states = unpack(expected.digits.states).slice(0, 12 * 64)
    const {density, encoderMs} = await live.read({kind: 'features', shape: [12, 64], values: states})
    expect(encoderMs).toBe(0)
    const withEncoder = await (await ofDigits()).read(picture(0))
    expect(
      Math.max(...density.values.map((value, i) => Math.abs(value - withEncoder.density.values[i]!)))
    ).toBeLessThan(1e-4)
  })

  it('opens the tokenizer beside an encoder of texts, and says how it cut one', async () => {
    const live = desk()
    live.explained({checkpoint: file('docstrings', 'checkpoint.pth'), settings: {}})
    await live.openEncoder(file('docstrings', 'encoder.safetensors'))
    const {tokens, logits} = await live.read({kind: 'text', text: 'Return a socket connected to the server.'})
    expect(tokens).toContain('socket')
    expect(logits).toHaveLength(5)
    await expect(live.read({kind: 'text', text: '   '})).rejects.toThrow('Found no word in this text')
  })

  it('an encoder from a person’s own files takes its tokenizer from among them', async () => {
    const own = (example: string, name: string) => new File([readFileSync(`public/examples/${example}/${name}`)], name)
    const live = liveDesk((openable) => sourceOf(openable))
    const files = [own('docstrings', 'tokenizer.json'), own('docstrings', 'encoder.safetensors')]
    const {description} = await live.openEncoder({kind: 'set', name: 'encoder.safetensors', files})
    expect(description).toMatchObject({blocks: 6, input: {kind: 'tokens'}})
    const alone: Openable = {kind: 'file', file: files[1]!}
    await expect(live.openEncoder(alone)).rejects.toThrow('Found no tokenizer.json beside the encoder')
    const other: Openable = {kind: 'file', file: own('digits', 'checkpoint.pth')}
    await expect(live.openEncoder(other)).rejects.toThrow(
      'checkpoint.pth: found no description; needed one as JSON under `encoder` in the safetensors metadata'
    )
  })

  it('a file that describes itself as an encoder is told from checkpoints and inputs', async () => {
    const looked = async (name: string) =>
      (await inspect(memorySource(readFileSync(`public/examples/digits/${name}`), name))).encoder
    expect(await looked('encoder.safetensors')).toBe(true)
    expect(await looked('checkpoint.pth')).toBeUndefined()
    expect(await looked('inputs.npz')).toBeUndefined()
  })

  it('says what it lacks', async () => {
    const live = desk()
    await expect(live.read(picture(0))).rejects.toThrow('Found nothing explained')
    live.explained({checkpoint: file('digits', 'checkpoint.pth'), settings: {}})
    await expect(live.read(picture(0))).rejects.toThrow('Found no encoder to read a picture with')
    await live.openEncoder(file('docstrings', 'encoder.safetensors'))
    await expect(live.read(picture(0))).rejects.toThrow(/takes token ids/)
  })

  it('another checkpoint is another model', async () => {
    const live = await ofDigits()
    await live.read(picture(0))
    live.explained({checkpoint: file('speech', 'checkpoint.pth'), settings: {}})
    const {logits} = await live.read(picture(0))
    expect(logits).toHaveLength(10)
    expect(logits![0]).not.toBeCloseTo(unpack(expected.digits.logits)[0]!, 2)
  })
})
