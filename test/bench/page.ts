import {type Caller, connect} from '@/lib/engine/rpc'
import type {BackendName} from '@/lib/models/backend'
import {caseNamed} from './cases'
import type {DeformableTimes} from './deformable'
import type {DeviceMemory, FirstRun, LaneCalls, LaneOptions, LaneReport, SharedCase} from './laneCalls'
import {type Gaps, longestGap} from './longestGap'
import type {Redraws} from './redraw'
import {sharedCase} from './sharedCase'
import type {StackedSize, StackedTimes} from './stacked'
import type {Strokes} from './strokes'

/** What the script that drives the page may call; plain values in and out. */
export interface BenchPage {
  openLane(lane: string, options: LaneOptions): Promise<LaneReport>
  closeLane(lane: string): void
  /** Makes the numbers of a case and gives them to every open lane. */
  give(name: string): Promise<void>
  describe(name: string): Description
  ready(lane: string, contender: string): Promise<FirstRun>
  time(lane: string, contender: string): Promise<number>
  close(lane: string, contender: string): Promise<void>
  /** Of the app's device since the lane was opened. Throws where the lane has none. */
  memory(lane: string): Promise<DeviceMemory>
  /** Reference values at these places of one of the case's results. */
  reference(result: string, places: readonly number[]): number[]
  longestGap(name: string, backend: BackendName): Promise<Gaps>
  /** Pans and zooms large maps through so many views. */
  redraws(steps: number): Promise<Redraws>
  /** Draws so many strokes, each read until its ranking has come. */
  strokes(backend: BackendName, strokes: number): Promise<Strokes>
  /** Runs the shipped deformable pyramid on so many inputs, with our kernels and with stock functions. */
  deformable(backend: BackendName, inputs: number, rounds: number): Promise<DeformableTimes>
  /** Runs stacked latent attention of this size as the app does, and as a graph of stock functions. */
  stacked(backend: BackendName, size: StackedSize, rounds: number): Promise<StackedTimes>
}

/** What another language needs to run the same case. */
export interface Description {
  readonly shape: readonly number[]
  readonly heads: number
  readonly components: number
  readonly offset: readonly number[]
  readonly spread: readonly number[]
}

interface Lane {
  readonly worker: Worker
  readonly caller: Caller<LaneCalls>
}

const lanes = new Map<string, Lane>()
let current: SharedCase | null = null

const caller = (lane: string): Caller<LaneCalls> => {
  const found = lanes.get(lane)
  if (!found) throw new RangeError(`bench: lane ${lane} is not open`)
  return found.caller
}

const page: BenchPage = {
  async openLane(lane, options) {
    page.closeLane(lane)
    const worker = new Worker(new URL('./lane.worker.ts', import.meta.url), {type: 'module'})
    const own = connect<LaneCalls>(worker)
    worker.addEventListener('error', ({message}) => own.fail(new Error(`bench: lane ${lane} stopped (${message})`)))
    lanes.set(lane, {worker, caller: own})
    const report = await own.call('open', options)
    if (current) await own.call('give', current)
    return report
  },
  closeLane(lane) {
    lanes.get(lane)?.worker.terminate()
    lanes.get(lane)?.caller.fail(new Error(`bench: lane ${lane} was closed`))
    lanes.delete(lane)
  },
  async give(name) {
    current = null
    current = sharedCase(name)
    for (const {caller} of lanes.values()) await caller.call('give', current)
  },
  describe(name) {
    const {shape, gaussians} = caseNamed(name)
    return {...gaussians, shape, offset: [...gaussians.offset], spread: [...gaussians.spread]}
  },
  ready: (lane, contender) => caller(lane).call('ready', contender),
  time: (lane, contender) => caller(lane).call('time', contender),
  close: async (lane, contender) => void (await caller(lane).call('close', contender)),
  memory: (lane) => caller(lane).call('memory', null),
  reference: (result, places) => places.map((place) => current!.references[result]![place]!),
  longestGap,
  redraws: async (steps) => (await import('./redraw')).measureRedraws(steps),
  strokes: async (backend, strokes) => (await import('./strokes')).measureStrokes(backend, strokes),
  deformable: async (backend, inputs, rounds) =>
    (await import('./deformable')).measureDeformable(backend, inputs, rounds),
  stacked: async (backend, size, rounds) => (await import('./stacked')).measureStacked(backend, size, rounds)
}

Object.assign(globalThis, {bench: page})
