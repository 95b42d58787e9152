import type {Grid} from '@/lib/core/grid'
import type {MapSums} from '@/lib/core/mapSums'
import type {BackendWish} from '@/lib/models/backend'
import type {Edits, HeadEdit, SamplingPoints} from '@/lib/models/family'
import type {MapPicture} from '@/lib/models/mapCanvas'
import type {
  BackendReport,
  EditedTensors,
  EncoderFacts,
  ExplainReply,
  ExplainRequest,
  FileReport,
  LivePoints,
  LiveReading,
  LiveSample,
  Openable,
  Progress,
  SliceRequest,
  Supposed,
  TensorSlice,
  TensorStatistics
} from './protocol'

/** What the page asks of the worker. */
export interface EngineCalls {
  /** Sent once, before anything else. */
  begin: {argument: BackendWish; progress: never; result: null}
  backend: {argument: null; progress: never; result: BackendReport}
  inspect: {argument: Openable; progress: Progress; result: FileReport}
  explain: {argument: ExplainRequest; progress: Progress; result: ExplainReply}
  whatIf: {argument: Edits; progress: never; result: Supposed}
  saveEdited: {
    argument: {heads: readonly HeadEdit[]; which: EditedTensors}
    progress: Progress
    result: Uint8Array<ArrayBuffer>
  }
  openEncoder: {argument: Openable; progress: Progress; result: EncoderFacts}
  readLive: {argument: LiveSample; progress: never; result: LiveReading}
  livePoints: {argument: {rows: readonly number[]; column: number}; progress: never; result: LivePoints | null}
  sampleMap: {argument: number; progress: never; result: Grid}
  samplingPoints: {
    argument: {index: number; row: number; column: number}
    progress: never
    result: SamplingPoints | null
  }
  sumUp: {argument: Grid; progress: never; result: MapSums}
  takeCanvas: {argument: OffscreenCanvas; progress: never; result: null}
  drawSample: {argument: {index: number; picture: MapPicture}; progress: never; result: null}
  statistics: {argument: {file: Openable; name: string}; progress: Progress; result: TensorStatistics}
  slice: {argument: {file: Openable; name: string; slice: SliceRequest}; progress: Progress; result: TensorSlice}
  exportTensor: {argument: {file: Openable; name: string}; progress: Progress; result: Uint8Array<ArrayBuffer>}
}
