import {CancelledError, ReaderError} from '@/lib/core/errors'
import type {BackendWish} from '@/lib/models/backend'
import type {EngineCalls} from './calls'
import type {Engine, ExplainRequest, Openable} from './protocol'
import {type Caller, connect, type Port} from './rpc'

/** The part of a Worker that the page's side needs. */
export interface EngineWorker extends Port {
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  addEventListener(type: 'error' | 'messageerror', listener: (event: Event) => void): void
  terminate(): void
}

export interface EngineOptions {
  /** Default: what the page's address asks for, `?backend=webgpu|wasm|cpu`, else `auto`. */
  readonly backend?: BackendWish
  /** Starts the worker; tests give their own. */
  readonly startWorker?: () => EngineWorker
}

/** The page's hand on the engine. The worker starts with the first call, and anew with the first call after a crash. */
export function createEngine({backend = wishOfPage(), startWorker = newWorker}: EngineOptions = {}): Engine {
  let running: Running | null = null
  /** What `sampleMap` and `readLive` ask about; a new worker has to be told again. */
  let explained: ExplainRequest | null = null
  let openEncoder: Openable | null = null

  function start(): Running {
    const worker = startWorker()
    const started: Running = {worker, caller: connect<EngineCalls>(worker), explained: null, encoder: null}
    const stop = (event: Event) => {
      worker.terminate()
      if (running === started) running = null
      started.caller.fail(stopped(event))
    }
    worker.addEventListener('error', stop)
    worker.addEventListener('messageerror', stop)
    started.caller.call('begin', backend).catch(() => {})
    return started
  }

  const reach = () => {
    running ??= start()
    return running
  }

  /** The worker, knowing what was explained last. */
  async function told(): Promise<Running> {
    const target = reach()
    if (target.explained !== explained && explained) {
      await target.caller.call('explain', explained).catch(forReaders)
      target.explained = explained
    }
    return target
  }

  return {
    backend: () => reach().caller.call('backend', null).catch(forReaders),
    inspect: (file, options) => reach().caller.call('inspect', reachable(file), options).catch(forReaders),
    explain: async (request, options) => {
      const target = reach()
      const {checkpoint, inputs} = request
      const sent = {...request, checkpoint: reachable(checkpoint), inputs: inputs.map(reachable)}
      const reply = await target.caller.call('explain', sent, options).catch(forReaders)
      if (reply.kind === 'explained') {
        explained = sent
        target.explained = sent
      }
      return reply
    },
    sampleMap: async (index) => (await told()).caller.call('sampleMap', index).catch(forReaders),
    whatIf: async (edits) => (await told()).caller.call('whatIf', edits).catch(forReaders),
    saveEdited: async (heads, which, options) =>
      (await told()).caller.call('saveEdited', {heads, which}, options).catch(forReaders),
    openEncoder: (encoder, options) => {
      openEncoder = reachable(encoder)
      const target = reach()
      target.encoder = openEncoder
      return target.caller.call('openEncoder', openEncoder, options).catch(forReaders)
    },
    readLive: async (sample) => {
      const target = await told()
      if (target.encoder !== openEncoder && openEncoder) {
        await target.caller.call('openEncoder', openEncoder).catch(forReaders)
        target.encoder = openEncoder
      }
      const moved = sample.kind === 'text' ? [] : [sample.values.buffer as ArrayBuffer]
      return target.caller.call('readLive', sample, {transfer: moved}).catch(forReaders)
    },
    // A worker that died has read nothing.
    livePoints: async (rows, column) =>
      running ? running.caller.call('livePoints', {rows, column}).catch(forReaders) : null,
    samplingPoints: async (index, row, column) =>
      (await told()).caller.call('samplingPoints', {index, row, column}).catch(forReaders),
    takeCanvas: async (canvas) => void (await reach().caller.call('takeCanvas', canvas, {transfer: [canvas]})),
    drawSample: async (index, picture) => void (await reach().caller.call('drawSample', {index, picture})),
    sumUp: (map) => reach().caller.call('sumUp', map).catch(forReaders),
    statistics: (file, name, options) =>
      reach()
        .caller.call('statistics', {file: reachable(file), name}, options)
        .catch(forReaders),
    slice: (file, name, slice, options) =>
      reach()
        .caller.call('slice', {file: reachable(file), name, slice}, options)
        .catch(forReaders),
    exportTensor: (file, name, options) =>
      reach()
        .caller.call('exportTensor', {file: reachable(file), name}, options)
        .catch(forReaders),
    dispose: () => {
      running?.worker.terminate()
      running?.caller.fail(new CancelledError())
      running = null
    }
  }
}

interface Running {
  readonly worker: EngineWorker
  readonly caller: Caller<EngineCalls>
  explained: ExplainRequest | null
  encoder: Openable | null
}

const newWorker = (): EngineWorker => new Worker(new URL('./engine.worker.ts', import.meta.url), {type: 'module'})

/** What the address of the page asks for. */
export function wishOfPage(search = globalThis.location?.search ?? ''): BackendWish {
  const wish = new URLSearchParams(search).get('backend')
  return wish === 'webgpu' || wish === 'wasm' || wish === 'cpu' ? wish : 'auto'
}

// The worker's own address differs from the page's, so a path must be resolved before it crosses.
const reachable = (openable: Openable): Openable =>
  openable.kind !== 'address' ? openable : {...openable, url: new URL(openable.url, globalThis.location?.href).href}

function stopped(event: Event): ReaderError {
  const reason = 'message' in event && typeof event.message === 'string' ? event.message : ''
  return new ReaderError(
    'The engine stopped',
    `The worker that runs the model stopped${reason ? ` (${reason})` : ''}; it needs to start again, which your next step does.`
  )
}

// Whatever fails beyond the wall reaches the reader as a sentence.
function forReaders(error: unknown): never {
  if (error instanceof ReaderError || error instanceof CancelledError) throw error
  const {message} = error as Error
  throw new ReaderError('The engine made a mistake', `engine: ${message}; your file may be in order.`)
}
