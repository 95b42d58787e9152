import {grid} from '@/lib/core/grid'
import {mapSums} from '@/lib/core/mapSums'
import type {
  BackendReport,
  CallOptions,
  Engine,
  ExplainReply,
  ExplainRequest,
  FileReport,
  Openable
} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import type {Detection, NoDetection} from '@/lib/models/family'

export const backend: BackendReport = {name: 'wasm', adapter: null, software: false, reason: 'WASM, as asked'}

const detection: Detection = {
  family: 'layer-density',
  title: 'density attention over layers',
  at: 'daam.gcts.0',
  bindings: [],
  missing: [],
  unused: [],
  headCount: 1,
  layers: 2,
  features: 3,
  classCount: null,
  parameters: 6,
  questions: [],
  settings: {},
  parts: [],
  others: []
}

const nothing: NoDetection = {
  family: null,
  lookedFor: ['None is called mean_offset beside a c of the same shape.'],
  nearest: null
}

/** A report by file name: `*.pth` holds a model, `*.npz` features, `encoder*` an encoder, anything else one vector. */
export function reportOf(name: string): FileReport {
  const shape = name.endsWith('.npz') ? [4, 2, 3] : [3]
  const entry = {kind: 'tensor', name: 'features', dtype: 'f32', shape, byteLength: 12} as const
  return {
    name,
    size: 2048,
    format: 'PyTorch zip',
    entries: name.endsWith('.npz') ? [entry] : [{...entry, name: 'x'}],
    findings: [],
    detection: name.endsWith('.pth') ? detection : nothing,
    ...(name.startsWith('encoder') ? {encoder: true as const} : {})
  }
}

/** A small explanation whose density is `level` in its first cell. */
export function explanationOf(name: string, level = 0.5): Explanation {
  const density = grid(2, 3, new Float32Array([level, 0.6, 0.7, 0.8, 0.9, 1]))
  return {
    version: 1,
    model: {
      family: 'layer-density',
      title: 'density attention over layers',
      at: 'daam.gcts.0',
      heads: 1,
      classes: null,
      parameters: 6,
      tensorsRead: 2,
      tensorsTotal: 2,
      missing: [],
      unused: [],
      accuracy: null,
      epoch: null,
      settings: {}
    },
    axes: {rows: 2, cols: 3, rowName: 'layer', colName: 'feature'},
    heads: [],
    density,
    nullDensity: null,
    importance: null,
    scale: [0.5, 1],
    scaleCell: null,
    layers: [],
    agreement: null,
    signal: null,
    samples: [],
    caveats: [],
    finding: {title: 'A finding', caveat: 'A caveat', strong: null},
    provenance: {
      checkpoint: {name, size: 2048, sha256: null},
      inputs: [],
      maps: 'saved',
      samples: 0,
      backend: null,
      bootstrap: null,
      app: '0.1.0'
    }
  }
}

export const nameOf = (openable: Openable) => (openable.kind === 'file' ? openable.file.name : openable.name)

export const replyOf = (request: ExplainRequest, level?: number): ExplainReply => ({
  kind: 'explained',
  explanation: explanationOf(nameOf(request.checkpoint), level),
  report: reportOf(nameOf(request.checkpoint)),
  pictures: null,
  questions: [],
  msPerInput: 1
})

export interface ScriptedEngine extends Engine {
  /** What was asked, in order: `inspect a.pth`, `explain a.pth + b.npz`, `sampleMap 3`. */
  readonly asked: string[]
  readonly requests: ExplainRequest[]
}

/** An engine that answers from a script. */
export function scriptedEngine(
  explain: (request: ExplainRequest, options: CallOptions) => Promise<ExplainReply> = async (request) =>
    replyOf(request)
): ScriptedEngine {
  const asked: string[] = []
  const requests: ExplainRequest[] = []
  return {
    asked,
    requests,
    backend: async () => backend,
    inspect: async (file) => {
      asked.push(`inspect ${nameOf(file)}`)
      return reportOf(nameOf(file))
    },
    explain: (request, options = {}) => {
      asked.push(`explain ${[request.checkpoint, ...request.inputs].map(nameOf).join(' + ')}`)
      requests.push(request)
      return explain(request, options)
    },
    sampleMap: async (index) => {
      asked.push(`sampleMap ${index}`)
      return grid(2, 3, new Float32Array(6).fill(index))
    },
    samplingPoints: async () => null,
    whatIf: () => new Promise(() => {}),
    saveEdited: () => new Promise(() => {}),
    openEncoder: () => new Promise(() => {}),
    readLive: () => new Promise(() => {}),
    livePoints: async () => null,
    takeCanvas: async () => {},
    drawSample: async () => {},
    sumUp: async (map) => mapSums(map),
    statistics: async () => {
      throw new Error('not scripted')
    },
    slice: async () => {
      throw new Error('not scripted')
    },
    exportTensor: async () => {
      throw new Error('not scripted')
    },
    dispose: () => {}
  }
}
