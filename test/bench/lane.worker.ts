import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import {backend, env, getBackend, setBackend} from '@tensorflow/tfjs-core'
import {type Port, serve} from '@/lib/engine/rpc'
import {onBackend, openBackend} from '@/lib/models/backend'
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
    const {numBytesAllocatedInGPU = 0, numBytesInGPU = 0} =
      getBackend() === 'webgpu' ? (backend() as WebGPUBackend).memory() : {}
    return {allocated: numBytesAllocatedInGPU, used: numBytesInGPU}
  }
})

async function start({backend: wish, threads}: LaneOptions): Promise<LaneReport> {
  if (threads) return {report: await startThreads(), threads: await threadCount()}
  const report = await openBackend(wish)
  return {report, threads: report.name === 'wasm' ? await threadCount() : null}
}

// As a page would that wants TensorFlow.js at its fastest: our own start asks for one thread.
async function startThreads(): Promise<LaneReport['report']> {
  const {setThreadsCount, setWasmPaths} = await import('@tensorflow/tfjs-backend-wasm')
  setWasmPaths('/wasm/')
  setThreadsCount(2)
  if (!(await setBackend('wasm'))) throw new Error('bench: TensorFlow.js did not start on WASM')
  return {name: 'wasm', adapter: null, software: false, reason: 'WASM, as a peer'}
}

const threadCount = async () => {
  const {getThreadsCount} = await import('@tensorflow/tfjs-backend-wasm')
  return getThreadsCount()
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
  // What the device rejects throws here; timed runs go without the scopes.
  if (getBackend() === 'webgpu') await onBackend(() => contender.run())
  else await contender.run()
  const ms = performance.now() - began
  const errors: Record<string, number> = {}
  for (const [result, values] of Object.entries(await contender.results())) {
    errors[result] = errorOf(values, references[result], result)
  }
  contender.clear()
  await idle()
  return {errors, ms}
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
