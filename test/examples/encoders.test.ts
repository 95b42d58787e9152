import {readFileSync} from 'node:fs'
import {beforeAll, describe, expect, it} from 'vitest'
import {openLiveEncoder} from '@/lib/engine/live'
import {memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import type {ExampleCard} from '@/lib/state/exampleCard'
import {expectClose, type Packed, unpack} from '../models/fixtures'

interface Expected {
  readonly states: Packed
  readonly logits: Packed
  readonly pictures?: Packed
  readonly ids?: readonly (readonly number[])[]
}

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
// By PyTorch in float64: test/reference/make_live.py.
const expected: Readonly<Record<string, Expected>> = json('test/fixtures/encoders/live.json')

const source = async (example: string, name: string) =>
  memorySource(readFileSync(`public/examples/${example}/${name}`), name)
const cardOf = (example: string): ExampleCard => json(`public/examples/${example}/card.json`)
const opened = async (example: string) =>
  openLiveEncoder(await source(example, cardOf(example).encoder!), (name) => source(example, name))

/** Samples of a WAV file of 16 bits, one channel, as the example ships it. */
function wave(path: string): Float32Array {
  const bytes = readFileSync(path)
  const at = bytes.indexOf('data') + 8
  return Float32Array.from({length: (bytes.length - at) / 2}, (_, i) => bytes.readInt16LE(at + 2 * i) / 32768)
}

describe('the encoders that examples ship give PyTorch’s hidden states', () => {
  beforeAll(() => openBackend('wasm'))

  it('of digits', async () => {
    const encoder = await opened('digits')
    const {pictures, states} = expected.digits!
    const all = unpack(pictures!)
    const found = await Promise.all(
      Array.from({length: pictures!.shape[0]!}, (_, i) =>
        encoder.features({kind: 'picture', values: all.slice(i * 64, (i + 1) * 64)})
      )
    )
    expectClose('states', joined(found.map(({features}) => features.values as Float32Array)), states)
    encoder.dispose()
  })

  it('of spoken words', async () => {
    const encoder = await opened('speech')
    const {clips} = cardOf('speech')
    const found = []
    for (const clip of clips!) {
      const {features} = await encoder.features({kind: 'sound', values: wave(`public/examples/speech/${clip}`)})
      found.push(features.values as Float32Array)
    }
    expectClose('states', joined(found), expected.speech!.states)
    encoder.dispose()
  })

  it('of texts, cut into the same tokens', async () => {
    const encoder = await opened('docstrings')
    const found = []
    for (const text of cardOf('docstrings').texts!) {
      const {features, tokens} = await encoder.features({kind: 'text', text})
      expect(tokens?.length).toBe(expected.docstrings!.ids![found.length]!.length)
      found.push(features.values as Float32Array)
    }
    expectClose('states', joined(found), expected.docstrings!.states)
    encoder.dispose()
  })
})

function joined(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => Array.from(part)))
}
