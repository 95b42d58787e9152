import {afterEach, expect, it} from 'vitest'
import {grid} from '@/lib/core/grid'
import type {EngineCalls} from '@/lib/engine/calls'
import {createEngine, type EngineWorker, wishOfPage} from '@/lib/engine/client'
import type {BackendReport, EncoderFacts, ExplainReply, ExplainRequest, LiveReading} from '@/lib/engine/protocol'
import {type Handlers, serve} from '@/lib/engine/rpc'

const report: BackendReport = {name: 'cpu', adapter: null, software: false, reason: 'plain arrays, as asked'}
const checkpoint = {kind: 'file', file: new File(['c'], 'checkpoint.pth')} as const
const request: ExplainRequest = {checkpoint, inputs: [], settings: {}}
const reply = {kind: 'explained'} as ExplainReply

const ports: MessagePort[] = []
afterEach(() => {
  for (const port of ports.splice(0)) port.close()
})

/** Workers that live on this thread: each remembers what it was asked and can be made to crash. */
function stage(answers: Partial<Handlers<EngineCalls>> = {}) {
  const asked: string[][] = []
  const crash: ((message: string) => void)[] = []
  const startWorker = (): EngineWorker => {
    const {port1, port2} = new MessageChannel()
    ports.push(port1, port2)
    const log: string[] = []
    asked.push(log)
    const note =
      <A, R>(name: string, answer: (argument: A) => Promise<R>) =>
      (argument: A) => {
        log.push(name)
        return answer(argument)
      }
    serve<EngineCalls>(port2, {
      begin: note('begin', async () => null),
      backend: note('backend', async () => report),
      inspect: note('inspect', () => new Promise(() => {})),
      explain: note('explain', async () => reply),
      sampleMap: note('sampleMap', async (index) => grid(1, 1, new Float32Array([index]))),
      samplingPoints: note('samplingPoints', async () => null),
      whatIf: note('whatIf', () => new Promise(() => {})),
      saveEdited: note('saveEdited', () => new Promise(() => {})),
      openEncoder: note('openEncoder', () => new Promise(() => {})),
      readLive: note('readLive', () => new Promise(() => {})),
      livePoints: note('livePoints', async () => null),
      takeCanvas: note('takeCanvas', () => new Promise(() => {})),
      drawSample: note('drawSample', () => new Promise(() => {})),
      sumUp: note('sumUp', () => new Promise(() => {})),
      statistics: note('statistics', () => new Promise(() => {})),
      slice: note('slice', () => new Promise(() => {})),
      exportTensor: note('exportTensor', () => new Promise(() => {})),
      ...answers
    })
    const errors: ((event: Event) => void)[] = []
    crash.push((message) => {
      for (const listener of errors) listener(Object.assign(new Event('error'), {message}))
    })
    return {
      postMessage: (message: unknown, transfer: Transferable[]) => port1.postMessage(message, transfer),
      addEventListener: (type: string, listener: (event: never) => void) => {
        if (type === 'message') port1.addEventListener(type, listener as (event: Event) => void)
        else errors.push(listener as (event: Event) => void)
        port1.start()
      },
      terminate: () => port1.close()
    }
  }
  return {asked, crash, engine: createEngine({backend: 'cpu', startWorker})}
}

it('no worker starts before the first call', async () => {
  const {asked, engine} = stage()
  expect(asked).toEqual([])
  expect(await engine.backend()).toEqual(report)
  expect(asked).toEqual([['begin', 'backend']])
})

it('a crash rejects what waits with a sentence, and the next call starts a new worker', async () => {
  const {asked, crash, engine} = stage()
  const call = engine.inspect(checkpoint)
  crash[0]!('out of memory')
  await expect(call).rejects.toMatchObject({
    name: 'ReaderError',
    title: 'The engine stopped',
    message:
      'The worker that runs the model stopped (out of memory); it needs to start again, which your next step does.'
  })
  expect(await engine.backend()).toEqual(report)
  expect(asked).toHaveLength(2)
})

it('after a crash, the map of one input is asked of the same request again', async () => {
  const {asked, crash, engine} = stage()
  await engine.explain(request)
  crash[0]!('')
  expect((await engine.sampleMap(3)).values[0]).toBe(3)
  expect(asked[1]).toEqual(['begin', 'explain', 'sampleMap'])
})

it('after a crash, an input is read with the same checkpoint and the same encoder again', async () => {
  const facts = {name: 'encoder.safetensors'} as EncoderFacts
  const reading = {encoderMs: 1} as LiveReading
  const told: string[] = []
  const {asked, crash, engine} = stage({
    openEncoder: async () => {
      told.push('openEncoder')
      return facts
    },
    readLive: async () => {
      told.push('readLive')
      return reading
    }
  })
  await engine.explain(request)
  await engine.openEncoder(checkpoint)
  crash[0]!('')
  const values = new Float32Array(8)
  expect(await engine.readLive({kind: 'picture', values})).toEqual(reading)
  expect(asked[1]).toEqual(['begin', 'explain'])
  expect(told).toEqual(['openEncoder', 'openEncoder', 'readLive'])
  expect(values, 'moved away, not copied').toHaveLength(0)
})

it('a mistake beyond the wall reaches the reader as a sentence', async () => {
  const {engine} = stage({
    backend: async () => {
      throw new TypeError('x is undefined')
    }
  })
  await expect(engine.backend()).rejects.toMatchObject({
    name: 'ReaderError',
    message: 'engine: x is undefined; your file may be in order.'
  })
})

it('disposing lets go of what waits', async () => {
  const {engine} = stage()
  const call = engine.inspect(checkpoint)
  engine.dispose()
  await expect(call).rejects.toMatchObject({name: 'CancelledError'})
})

it.each([
  ['', 'auto'],
  ['?backend=webgpu', 'webgpu'],
  ['?pin=5&backend=wasm', 'wasm'],
  ['?backend=abacus', 'auto']
])('the address %j asks for %s', (search, wish) => expect(wishOfPage(search)).toBe(wish))
