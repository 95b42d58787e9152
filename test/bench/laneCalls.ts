/** Where a lane's contenders run: on a backend as the app opens it, or as TensorFlow.js alone would. */
export interface LaneOptions {
  readonly backend: 'webgpu' | 'wasm'
  readonly opened: 'by the app' | 'by TensorFlow.js'
}

export interface LaneReport {
  /** The app's name for its adapter; null for what is none of the app's. */
  readonly adapter: string | null
  /** Threads of TensorFlow.js's WASM; null elsewhere. */
  readonly threads: number | null
}

/** The numbers of a case, in memory that every lane shares. */
export interface SharedCase {
  readonly name: string
  readonly x: Float32Array
  readonly upstream: Float32Array
  /** By the name that contenders give their results. */
  readonly references: Readonly<Record<string, Float64Array>>
}

export interface FirstRun {
  /** The largest difference from the reference, over the reference's largest value; by result. */
  readonly errors: Readonly<Record<string, number>>
  /** What the run took, compiling included. */
  readonly ms: number
  /** Of what it was given and what it made. */
  readonly bytes: number
}

export interface DeviceMemory {
  /** Most bytes that the device held at once. */
  readonly peak: number
}

/** What can be asked of a lane: a worker with one backend and some contenders. */
export type LaneCalls = {
  open: {argument: LaneOptions; progress: never; result: LaneReport}
  give: {argument: SharedCase; progress: never; result: null}
  /** Opens a contender, runs it once to warm it up and holds that to the reference. */
  ready: {argument: string; progress: never; result: FirstRun}
  /** Milliseconds of one run. */
  time: {argument: string; progress: never; result: number}
  close: {argument: string; progress: never; result: null}
  memory: {argument: null; progress: never; result: DeviceMemory}
}
