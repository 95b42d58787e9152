import {enableProdMode, env, setBackend} from '@tensorflow/tfjs-core'
import {type AdapterReport, describeAdapter, findAdapter} from './adapter'
import {stockCpu, stockWasm} from './stock/stock'
import {type DeviceTraits, largestTensor, startWebGPU} from './webgpu'

export type BackendName = 'webgpu' | 'wasm' | 'cpu'
export type BackendWish = 'auto' | BackendName

/** Where models run and why there. */
export interface BackendReport {
  readonly name: BackendName
  /** The adapter as the browser names it, or null. */
  readonly adapter: string | null
  readonly software: boolean
  /** One sentence for the screen. */
  readonly reason: string
}

export interface BackendOptions {
  /** Folder that serves the .wasm binaries, with its last slash. Default `/wasm/`; Node finds them in the package. */
  readonly wasmPaths?: string
}

/** The GPU went away while something ran on it. */
export class BackendLostError extends Error {
  override readonly name = 'BackendLostError'
}

interface Running extends BackendInForce {
  readonly wish: BackendWish
  readonly options: BackendOptions
  /** Why it can no longer be used; null while it can. */
  lost: string | null
  /** What the device complained of outside any error scope. */
  complaint: string | null
}

type Listener = (report: BackendReport, lost: string | null) => void

let running: Running | null = null
let losses = 0
/** The same work lost its device time and again, so even a wish for WebGPU is passed over. */
let gaveUp = false
const listeners = new Set<Listener>()

/**
 * Puts a backend in force: WebGPU, else WASM, else plain JavaScript, saying which and why. `auto` passes over a
 * software WebGPU adapter, because WASM is faster than it; `webgpu` takes it. Does nothing when the same wish is in
 * force and healthy.
 */
export function openBackend(wish: BackendWish = 'auto', options: BackendOptions = {}): Promise<BackendReport> {
  // One at a time: TensorFlow.js has one backend in force, and two callers at once would open two devices.
  const opened = turn.then(() => open(wish, options))
  turn = opened.catch(() => {})
  return opened
}

let turn: Promise<unknown> = Promise.resolve()

async function open(wish: BackendWish, options: BackendOptions): Promise<BackendReport> {
  if (running?.wish === wish && running.lost === null) return running.report
  const before = running
  if (before?.wish !== wish) {
    // Asked for anew: what happened under another wish is over.
    losses = 0
    gaveUp = false
  }
  running = await start(wish, options)
  before?.gpu?.device.destroy()
  for (const listener of listeners) listener(running.report, null)
  return running.report
}

/** Calls back when the backend changes, and with a reason when the GPU is lost. Returns the way to stop. */
export function watchBackend(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** What runs now, as far as models and kernels need to know it. */
export interface BackendInForce {
  readonly report: BackendReport
  /** Bytes of the largest tensor. */
  readonly largest: number
  /** The device and what it can do; null where none is in force. */
  readonly gpu: DeviceTraits | null
}

/** The backend in force. The object changes whenever tensors made before it are no longer to be used. */
export function backendInForce(): BackendInForce {
  if (!running) throw new RangeError('backend: none is open; call openBackend first')
  return running
}

/** How often one piece of work may lose its device before it is done without a GPU. */
const mostLosses = 3

/**
 * Runs GPU work so that no error passes unseen: what the device rejects throws, and when the device is lost a new
 * backend is opened and the work runs again, without a GPU where it loses one after the other. Work must take its
 * tensors from `backendInForce` each time it runs.
 */
export async function onBackend<T>(work: () => Promise<T>): Promise<T> {
  for (let lost = 1; ; lost++) {
    try {
      return await attempt(work)
    } catch (error) {
      if (!(error instanceof BackendLostError)) throw error
      gaveUp ||= lost >= mostLosses
      const {wish, options} = running!
      await openBackend(wish, options)
    }
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  const at = backendInForce() as Running
  if (at.lost !== null) throw new BackendLostError(at.lost)
  if (!at.gpu) return work()
  const {device} = at.gpu
  at.complaint = null
  device.pushErrorScope('validation')
  device.pushErrorScope('out-of-memory')
  const outcome = await settle(work)
  // What nobody waits for is still recorded; while it is, no buffer may be sent away.
  at.gpu.settle(Number.POSITIVE_INFINITY)
  const scopes = await Promise.all([popScope(device), popScope(device)])
  // Loss is told by a promise that may still be on its way when a read-back has already failed.
  if (!outcome.ok) await Promise.race([device.lost, new Promise((resolve) => setTimeout(resolve, 100))])
  if (at.lost !== null) throw new BackendLostError(at.lost)
  if (!outcome.ok) throw outcome.error
  const complaint = scopes.find((message) => message !== null) ?? at.complaint
  if (complaint) throw new Error(`WebGPU: ${complaint}`)
  return outcome.value
}

type Outcome<T> = {readonly ok: true; readonly value: T} | {readonly ok: false; readonly error: unknown}

const settle = <T>(work: () => Promise<T>): Promise<Outcome<T>> =>
  work().then(
    (value) => ({ok: true, value}),
    (error: unknown) => ({ok: false, error})
  )

// On a lost device popping rejects; loss is reported elsewhere.
const popScope = (device: GPUDevice): Promise<string | null> =>
  device.popErrorScope().then(
    (error) => error?.message ?? null,
    () => null
  )

async function start(wish: BackendWish, options: BackendOptions): Promise<Running> {
  // Or the CPU backend prints an advertisement in Node.
  enableProdMode()
  const asked = (name: BackendName) => wish === name
  let why = ''
  if (wish === 'auto' || asked('webgpu')) {
    const found = await tryWebGPU(wish, options)
    if (typeof found !== 'string') return found
    why = found
  }
  if (!asked('cpu')) {
    const failure = await tryWasm(options)
    if (failure === null) return plain('wasm', asked('wasm') ? 'WASM, as asked' : `WASM, because ${why}`, wish, options)
    why = why ? `${why}, and ${failure}` : failure
  }
  await stockCpu()
  if (!(await setBackend('cpu'))) throw new Error(`no backend starts: ${why || 'plain JavaScript failed'}`)
  return plain('cpu', asked('cpu') ? 'plain JavaScript, as asked' : `plain JavaScript, because ${why}`, wish, options)
}

/** The running backend, or one clause saying why it is not this one. */
async function tryWebGPU(wish: BackendWish, options: BackendOptions): Promise<Running | string> {
  if (gaveUp || (wish === 'auto' && losses > 1)) return `the GPU was lost ${losses} times`
  const adapter = await findAdapter()
  if (typeof adapter === 'string') return adapter
  const described = describeAdapter(adapter)
  if (wish === 'auto' && described.software) return 'this WebGPU adapter is software and slower'
  try {
    return watched(await startWebGPU(adapter, described.software), described, wish, options)
  } catch (error) {
    return `WebGPU failed on ${described.name} (${error instanceof Error ? error.message : String(error)})`
  }
}

function watched(gpu: DeviceTraits, adapter: AdapterReport, wish: BackendWish, options: BackendOptions): Running {
  const {device} = gpu
  const kind = adapter.software ? 'software adapter' : 'adapter'
  const report: BackendReport = {
    name: 'webgpu',
    adapter: adapter.name,
    software: adapter.software,
    reason: wish === 'webgpu' ? `WebGPU, as asked, on the ${kind} ${adapter.name}` : `WebGPU on ${adapter.name}`
  }
  const at: Running = {report, wish, options, gpu, largest: largestTensor(device), lost: null, complaint: null}
  device.addEventListener('uncapturederror', ({error}) => {
    at.complaint ??= error.message
  })
  void device.lost.then(({reason, message}) => {
    at.lost = `the GPU was lost (${message || reason})`
    // A device that we replaced ourselves is not a loss.
    if (running !== at) return
    losses += 1
    for (const listener of listeners) listener(at.report, at.lost)
  })
  return at
}

/** Null when it is in force, else one clause saying why not. */
async function tryWasm({wasmPaths}: BackendOptions): Promise<string | null> {
  try {
    const {setWasmPaths} = await stockWasm()
    const inBrowser = typeof location !== 'undefined'
    // Its threads start from the package's own source text, which a bundler does not leave whole.
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
    if (!wasmStarted && (wasmPaths || inBrowser)) setWasmPaths(wasmPaths ?? '/wasm/')
    wasmStarted = await setBackend('wasm')
    return wasmStarted ? null : 'WASM did not start'
  } catch (error) {
    return `WASM did not start (${error instanceof Error ? error.message : String(error)})`
  }
}

// TensorFlow.js refuses new paths once its binary is loaded.
let wasmStarted = false

const plain = (name: 'wasm' | 'cpu', reason: string, wish: BackendWish, options: BackendOptions): Running => ({
  report: {name, adapter: null, software: false, reason},
  wish,
  options,
  gpu: null,
  largest: Number.POSITIVE_INFINITY,
  lost: null,
  complaint: null
})
