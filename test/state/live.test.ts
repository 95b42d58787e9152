import {expect, it, vi} from 'vitest'
import {CancelledError, ReaderError} from '@/lib/core/errors'
import {grid} from '@/lib/core/grid'
import type {EncoderFacts, LivePoints, LiveReading, LiveSample} from '@/lib/engine/protocol'
import {encodeExplanation} from '@/lib/explain/json'
import {createLive, followLive, onReading} from '@/lib/state/live'
import {createSession, type ExampleCard} from '@/lib/state/session'
import {explanationOf, nameOf, scriptedEngine} from './scriptedEngine'

const card: ExampleCard = {
  id: 'digits',
  title: 'Handwritten digits',
  summary: '2 layers × 3',
  about: [],
  checkpoint: 'checkpoint.pth',
  inputs: ['inputs.npz'],
  encoder: 'encoder.safetensors',
  explanation: 'explanation.json',
  classes: ['zero', 'one'],
  bytes: 4096,
  pictures: null
}

const facts: EncoderFacts = {
  name: 'encoder.safetensors',
  parameters: 10,
  description: {
    version: 1,
    input: {kind: 'tokens', tokenizer: 'tokenizer.json', tokens: 8, pad: 0},
    blocks: 2,
    features: 3,
    heads: 1,
    norm: 'pre',
    activation: 'gelu',
    epsilon: 1e-5,
    states: 'mean over tokens after each block'
  }
}

/** A reading whose density is `level` in every cell. */
const readingOf = (level: number): LiveReading => ({
  density: grid(2, 3, new Float32Array(6).fill(level)),
  untrained: grid(2, 3, new Float32Array(6)),
  layers: [],
  signal: null,
  logits: [level, 0],
  tokens: null,
  encoderMs: 2,
  modelMs: 1
})

const text = (said: string): LiveSample => ({kind: 'text', text: said})

/** An example that is open, and an engine that reads when it is told to. */
async function opened() {
  const script = scriptedEngine()
  const asked: string[] = []
  const answers: {resolve: (reading: LiveReading) => void; reject: (error: Error) => void}[] = []
  const engine = {
    ...script,
    openEncoder: async (openable: Parameters<typeof script.openEncoder>[0]) => {
      asked.push(`open ${nameOf(openable)}`)
      return facts
    },
    readLive: (sample: LiveSample) => {
      asked.push(sample.kind === 'text' ? sample.text : sample.kind)
      return new Promise<LiveReading>((resolve, reject) => {
        answers.push({resolve, reject})
      })
    },
    livePoints: async (rows: readonly number[], column: number): Promise<LivePoints | null> => {
      asked.push(`points ${rows} ${column}`)
      return rows.map(() => null)
    }
  }
  const explanation = explanationOf('checkpoint.pth')
  const session = createSession({engine, examples: [card], fetchText: async () => encodeExplanation(explanation)})
  await session.getState().openExample(card)
  let clock = 100
  const live = createLive({engine, session, now: () => clock++})
  const stop = followLive(session, live)
  await live.getState().open()
  asked.length = 0
  const settle = () => new Promise((resolve) => setTimeout(resolve))
  return {session, live, asked, stop, settle, answer: (at: number) => answers[at]!, script, engine}
}

it("opens the example's own encoder, or the one that is given", async () => {
  const {live, asked} = await opened()
  expect(live.getState().encoder).toBe(facts)
  await live.getState().open()
  await live.getState().open({kind: 'file', file: new File(['x'], 'mine.safetensors')})
  expect(asked).toEqual(['open encoder.safetensors', 'open mine.safetensors'])
})

it('without an encoder of its own the place waits for one, which stays chosen until another file is opened', async () => {
  const {session, live, asked} = await opened()
  const mine = {kind: 'file', file: new File(['x'], 'mine.safetensors')} as const
  await session.getState().openFiles([new File(['x'], 'other.pth')])
  await live.getState().open()
  expect(live.getState()).toMatchObject({wanting: true, encoder: null})
  await live.getState().open(mine)
  expect(live.getState()).toMatchObject({wanting: false, encoder: facts})
  live.getState().close()
  await live.getState().open()
  expect(asked).toEqual(['open mine.safetensors', 'open mine.safetensors'])
  await session.getState().openFiles([new File(['x'], 'third.pth')])
  await live.getState().open()
  expect(live.getState()).toMatchObject({wanting: true, encoder: null})
})

it('what is no encoder is refused with what was found, and another can be chosen', async () => {
  const {live, engine} = await opened()
  engine.openEncoder = async () => {
    throw new ReaderError('Not an encoder that runs here', 'mine.safetensors: found no description')
  }
  await live.getState().open({kind: 'file', file: new File(['x'], 'mine.safetensors')})
  expect(live.getState()).toMatchObject({wanting: true, trouble: 'mine.safetensors: found no description'})
})

it('opens an encoder that was dropped, after the checkpoint that came with it', async () => {
  const {session, live, asked} = await opened()
  const {openFiles} = session.getState()
  await openFiles([new File(['x'], 'encoder.safetensors')])
  await vi.waitFor(() => expect(live.getState().encoder).toBe(facts))
  expect(session.getState()).toMatchObject({
    trouble: null,
    explanation: {provenance: {checkpoint: {name: 'checkpoint.pth'}}}
  })
  await openFiles(['encoder.safetensors', 'other.pth', 'tokenizer.json'].map((name) => new File(['x'], name)))
  await vi.waitFor(() => expect(live.getState().encoder).toBe(facts))
  expect(session.getState().explanation!.provenance.checkpoint.name).toBe('other.pth')
  expect(session.getState().encoder).toMatchObject({
    kind: 'set',
    files: [{name: 'encoder.safetensors'}, {name: 'tokenizer.json'}]
  })
  expect(asked).toEqual(['open encoder.safetensors', 'open encoder.safetensors'])
})

it('an encoder without a checkpoint, or beside another, is refused in a sentence', async () => {
  const session = createSession({engine: scriptedEngine()})
  await session.getState().openFiles([new File(['x'], 'encoder.safetensors')])
  expect(session.getState().trouble?.message).toBe(
    'Found encoder.safetensors, an encoder, and no open checkpoint; drop the checkpoint first, or both together.'
  )
  await session
    .getState()
    .openFiles([new File(['x'], 'encoder-a.safetensors'), new File(['x'], 'encoder-b.safetensors')])
  expect(session.getState().trouble?.title).toBe('More than one encoder')
})

it('reads one input at a time; the newest overtakes those that wait, and they are counted', async () => {
  const {live, asked, settle, answer} = await opened()
  for (const said of ['a', 'ab', 'abc', 'abcd']) live.getState().give(text(said), 'this text')
  await settle()
  // Three were given before the engine was asked for the first.
  expect(asked).toEqual(['abcd'])
  for (const said of ['b', 'bc']) live.getState().give(text(said), 'this text')
  await settle()
  expect(asked).toEqual(['abcd'])
  answer(0).resolve(readingOf(0.5))
  await settle()
  expect(asked).toEqual(['abcd', 'bc'])
  answer(1).resolve(readingOf(0.6))
  await settle()
  expect(live.getState()).toMatchObject({read: 2, skipped: 4})
})

it('hands every reading on once, with a rising index and the time it came', async () => {
  const {live, settle, answer} = await opened()
  const heard: unknown[] = []
  const stop = onReading(live, ({index, at, from, reading}) => heard.push([index, at, from, reading.logits![0]]))
  for (const [i, said] of ['a', 'b'].entries()) {
    live.getState().give(text(said), said)
    await settle()
    answer(i).resolve(readingOf(i))
    await settle()
  }
  live.getState().pause()
  live.getState().leave()
  expect(heard).toEqual([
    [0, 100, 'a', 0],
    [1, 101, 'b', 1]
  ])
  stop()
})

it('reads nothing while paused, and the newest once it goes on', async () => {
  const {live, asked, settle} = await opened()
  live.getState().pause()
  live.getState().give(text('a'), 'a')
  live.getState().give(text('b'), 'b')
  await settle()
  expect(asked).toEqual([])
  live.getState().resume()
  await settle()
  expect(asked).toEqual(['b'])
})

it('drops what was asked before the reader went back to the figure of the checkpoint', async () => {
  const {live, settle, answer} = await opened()
  live.getState().give(text('a'), 'a')
  await settle()
  live.getState().leave()
  answer(0).resolve(readingOf(0.5))
  await settle()
  expect(live.getState()).toMatchObject({current: null, read: 0, encoder: facts})
  live.getState().give(text('b'), 'b')
  await settle()
  answer(1).resolve(readingOf(0.6))
  await settle()
  expect(live.getState().current?.from).toBe('b')
})

it('says why an input could not be read, keeps the reading before it, and goes on', async () => {
  const {live, settle, answer} = await opened()
  live.getState().give(text('a'), 'a')
  await settle()
  answer(0).resolve(readingOf(0.5))
  await settle()
  live.getState().give(text(''), 'b')
  await settle()
  answer(1).reject(new ReaderError('Nothing to read', 'Found no word in this text; needed one or more.'))
  await settle()
  expect(live.getState()).toMatchObject({trouble: 'Found no word in this text; needed one or more.'})
  expect(live.getState().current?.from).toBe('a')
  live.getState().give(text('c'), 'c')
  await settle()
  answer(2).reject(new CancelledError())
  await settle()
  live.getState().give(text('d'), 'd')
  await settle()
  answer(3).resolve(readingOf(0.7))
  await settle()
  expect(live.getState()).toMatchObject({trouble: null, read: 2})
})

const sound = (...values: number[]): LiveSample => ({kind: 'sound', values: Float32Array.from(values)})

it('keeps the sound that is shown, and neither one that is refused nor any before it', async () => {
  const {live, settle, answer} = await opened()
  const given = sound(1, 2)
  live.getState().give(given, 'a.wav')
  await settle()
  expect(live.getState().heard, 'not before it is read').toBeNull()
  answer(0).resolve(readingOf(0.5))
  await settle()
  expect([...live.getState().heard!]).toEqual([1, 2])
  expect(live.getState().heard, 'the engine takes the numbers away').not.toBe((given as {values: unknown}).values)
  live.getState().give(sound(0, 0), 'b.wav')
  await settle()
  answer(1).reject(new ReaderError('Silence', 'Found silence; needed a sound.'))
  await settle()
  expect(live.getState()).toMatchObject({current: {from: 'a.wav'}, trouble: 'Found silence; needed a sound.'})
  expect([...live.getState().heard!]).toEqual([1, 2])
  live.getState().give(sound(3), 'c.wav')
  await settle()
  answer(2).resolve(readingOf(0.6))
  await settle()
  expect([...live.getState().heard!]).toEqual([3])
  live.getState().leave()
  expect(live.getState().heard).toBeNull()
})

it('tells where a place looks in what is shown, and from then on together with each reading', async () => {
  const {live, asked, settle, answer} = await opened()
  const wish = {rows: [1], column: 4}
  live.getState().wishPoints(wish)
  await settle()
  expect(asked, 'nothing is read yet').toEqual([])
  const alone: unknown[] = []
  live.subscribe(({current, points}, was) => {
    if (current !== was.current) alone.push(points)
  })
  live.getState().give(sound(1), 'a.wav')
  await settle()
  answer(0).resolve(readingOf(0.5))
  await settle()
  expect(alone).toEqual([{wish, found: [null]}])
  const other = {rows: [0, 1], column: 2}
  live.getState().wishPoints(other)
  await settle()
  expect(live.getState().points).toEqual({wish: other, found: [null, null]})
  live.getState().wishPoints(null)
  await settle()
  expect(live.getState().points).toBeNull()
  expect(asked).toEqual(['sound', 'points 1 4', 'points 0,1 2'])
})

it('asks where a place looks only between readings, so that the answer is of the one that is shown', async () => {
  const {live, asked, settle, answer} = await opened()
  live.getState().give(sound(1), 'a.wav')
  await settle()
  answer(0).resolve(readingOf(0.5))
  await settle()
  live.getState().give(sound(2), 'b.wav')
  await settle()
  const wish = {rows: [1], column: 4}
  live.getState().wishPoints(wish)
  await settle()
  expect(asked).toEqual(['sound', 'sound'])
  answer(1).reject(new ReaderError('Silence', 'Found silence; needed a sound.'))
  await settle()
  expect(asked.at(-1)).toBe('points 1 4')
  expect(live.getState()).toMatchObject({current: {from: 'a.wav'}, points: {wish}})
  live.getState().leave()
  expect(live.getState().points).toBeNull()
})

it('shows a reading whose points cannot be told', async () => {
  const {live, settle, answer, engine} = await opened()
  engine.livePoints = async () => {
    throw new Error('column 900 was asked for')
  }
  live.getState().wishPoints({rows: [1], column: 900})
  live.getState().give(sound(1), 'a.wav')
  await settle()
  answer(0).resolve(readingOf(0.5))
  await settle()
  expect(live.getState()).toMatchObject({current: {from: 'a.wav'}, points: null, trouble: null})
})

it('lets go of encoder and readings when another file is opened', async () => {
  const {session, live, settle, answer} = await opened()
  live.getState().give(text('a'), 'a')
  await settle()
  answer(0).resolve(readingOf(0.5))
  await settle()
  expect(live.getState().current).not.toBeNull()
  await session.getState().openFiles([new File(['x'], 'other.pth')])
  expect(live.getState()).toMatchObject({encoder: null, current: null, read: 0, skipped: 0})
})

it('waits until the engine holds what is open: after an undo it is explained again first', async () => {
  const {session, live, settle, script, stop} = await opened()
  stop()
  await session.getState().openFiles([new File(['x'], 'other.pth')])
  session.getState().undo()
  const before = script.requests.length
  live.getState().give(text('a'), 'a')
  await vi.waitFor(() => expect(script.requests.length).toBe(before + 1))
  expect(nameOf(script.requests.at(-1)!.checkpoint)).toBe('checkpoint.pth')
  await settle()
})
