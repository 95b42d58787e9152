import type {Grid} from '@/lib/core/grid'
import type {BackendWish} from '@/lib/models/backend'
import type {BackendReport, ExplainReply, ExplainRequest, FileReport, Openable, Progress} from './protocol'

/** What the page asks of the worker. */
export interface EngineCalls {
  /** Sent once, before anything else. */
  begin: {argument: BackendWish; progress: never; result: null}
  backend: {argument: null; progress: never; result: BackendReport}
  inspect: {argument: Openable; progress: Progress; result: FileReport}
  explain: {argument: ExplainRequest; progress: Progress; result: ExplainReply}
  sampleMap: {argument: number; progress: never; result: Grid}
}
