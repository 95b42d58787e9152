import type {ExplainReply, ExplainRequest, FileReport, SamplePictures} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import type {OpenQuestion, Settings} from '@/lib/models/family'
import type {ExampleCard} from './exampleCard'
import type {Shared} from './shared'

/** A request under way, and where it comes from. */
export interface Attempt {
  readonly request: ExplainRequest
  readonly example: ExampleCard | null
  /** How to read the inputs, once that had to be asked: the answer can be changed later. */
  readonly question: OpenQuestion | null
}

/** What belongs to one opened checkpoint: set together, undone together. */
export interface Opened {
  readonly explanation: Explanation | null
  readonly report: FileReport | null
  readonly pictures: SamplePictures | null
  readonly example: ExampleCard | null
  readonly questions: readonly OpenQuestion[]
  readonly settings: Settings
  readonly msPerInput: number | null
  /** What it was made from, to make it again. */
  readonly request: ExplainRequest | null
  readonly asked: OpenQuestion | null
  /** Which version of a watched file it is; null while none is watched. */
  readonly version: number | null
  /** Where it came from a link or a file of its own; null where its checkpoint was opened. */
  readonly shared: Shared | null
}

export const nothing: Opened = {
  explanation: null,
  report: null,
  pictures: null,
  example: null,
  questions: [],
  settings: {},
  msPerInput: null,
  request: null,
  asked: null,
  version: null,
  shared: null
}

/** What an attempt opens when it succeeds. */
export function openedBy(
  {request, example, question}: Attempt,
  {explanation, report, pictures, questions, msPerInput}: Extract<ExplainReply, {kind: 'explained'}>
): Opened {
  const {settings} = request
  const open = question ? [...questions, answered(question, settings)] : questions
  const from = {request, asked: question, settings, example, version: null, shared: null}
  return {...from, explanation, report, pictures, questions: open, msPerInput}
}

const answered = (question: OpenQuestion, {layout}: Settings): OpenQuestion => ({
  ...question,
  chosen: Math.max(
    0,
    question.options.findIndex(({value}) => value.layout === layout)
  )
})
