import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend, env, getBackend, setBackend} from '@tensorflow/tfjs-core'
import {type Port, serve} from '@/lib/engine/rpc'
import {backendInForce, openBackend} from '@/lib/models/backend'
import {caseNamed} from './cases'
import type {Contender, Given} from './contender'
import {contenders} from './contenders'
import type {FirstRun, LaneCalls, LaneOptions, LaneReport, SharedCase} from './laneCalls'
import {poisonPool} from './poisonPool'
import {idle} from './tensorContender'

let given: Given | null = null
let references: SharedCase['references'] = {}
const open = new Map<string, Contender>()

serve<LaneCalls>(self as unknown as Port, {
  open: start,
  give: async ({name, x, upstream, references: held}) => {
    for (const name of open.keys()) close(name)
    given = {case: caseNamed(name), x, upstream}
    references = held
    return null
  },
  ready,
  time: async (name) => {
    const contender = open.get(name)!
    const began = performance.now()
    await contender.run()
    const ms = performance.now() - began
    contender.clear()
    await idle()
    return ms
  },
  close: async (name) => {
    close(name)
    return null
  },
  memory: async () => {
    const {gpu} = backendInForce()
    if (!gpu) throw new RangeError('bench: this lane has no device of the app')
    return {peak: gpu.memory.peak}
  }
})

async function start({backend: name, opened}: LaneOptions): Promise<LaneReport> {
  const adapter = opened === 'by the app' ? (await openBackend(name)).adapter : await startStock(name)
  return {adapter, threads: name === 'wasm' ? await threadCount() : null}
}

// With TensorFlow.js's own factory and pool of buffers, and as many threads as its WASM will take.
async function startStock(name: LaneOptions['backend']): Promise<null> {
  if (name === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu')
  else {
    const {setThreadsCount, setWasmPaths} = await import('@tensorflow/tfjs-backend-wasm')
    setWasmPaths('/wasm/')
    setThreadsCount(2)
  }
  if (!(await setBackend(name))) throw new Error(`bench: TensorFlow.js did not start on ${name}`)
  return null
}

const threadCount = async () => {
  const {getThreadsCount} = await import('@tensorflow/tfjs-backend-wasm')
  return getThreadsCount()
}

/** What the device rejects throws here; timed runs go without the scopes. */
async function checked(work: () => Promise<void>): Promise<void> {
  if (getBackend() !== 'webgpu') return work()
  const {device} = backend() as WebGPUBackend
  device.pushErrorScope('validation')
  device.pushErrorScope('out-of-memory')
  await work()
  const errors = [await device.popErrorScope(), await device.popErrorScope()]
  const first = errors.find((error) => error !== null)
  if (first) throw new Error(`WebGPU: ${first.message}`)
}

/** A kernel that fails may throw nothing and leave another's answer where it was: poison, and only then believe. */
async function ready(name: string): Promise<FirstRun> {
  const make = contenders[name]
  if (!make || !given) throw new RangeError(`bench: there is no contender ${name}, or no case for it`)
  close(name)
  if (getBackend() === 'webgpu') {
    // Or small tensors would be computed beside the device.
    env().set('WEBGPU_CPU_FORWARD', false)
    poisonPool(backend() as WebGPUBackend)
  }
  const contender = await make(given)
  open.set(name, contender)
  const began = performance.now()
  await checked(() => contender.run())
  const ms = performance.now() - began
  const errors: Record<string, number> = {}
  let bytes = contender.given
  for (const [result, values] of Object.entries(await contender.results())) {
    errors[result] = errorOf(values, references[result], result)
    bytes += values.byteLength
  }
  contender.clear()
  await idle()
  return {errors, ms, bytes}
}

function errorOf(values: Float32Array, reference: Float64Array | undefined, name: string): number {
  if (reference?.length !== values.length) {
    throw new RangeError(`bench: ${name} has ${values.length} values; its reference has ${reference?.length ?? 'none'}`)
  }
  let peak = 0
  let largest = 0
  for (let i = 0; i < values.length; i++) {
    const error = Math.abs(values[i]! - reference[i]!)
    // Not a number is the worst of errors, and compares with nothing.
    if (!(error <= largest)) largest = error
    if (Number.isNaN(largest)) return Number.POSITIVE_INFINITY
    peak = Math.max(peak, Math.abs(reference[i]!))
  }
  return largest / peak
}

function close(name: string): void {
  open.get(name)?.close()
  open.delete(name)
}
