import {ReaderError, throwIfCancelled} from '@/lib/core/errors'
import type {ByteSource} from '@/lib/formats/source'
import {type BackendWish, openBackend, watchBackend} from '@/lib/models/backend'
import type {EngineCalls} from './calls'
import {inspect} from './fileReport'
import {sourceOf} from './openable'
import type {BackendReport, ExplainReply, ExplainRequest, Progress} from './protocol'
import {type CallContext, Moved, type Port, serve} from './rpc'
import {explain, type Outcome} from './story'

// The worker's entry: it owns the backend, and the model of the last explained request.

let wish: BackendWish = 'auto'
/** What became of the GPU, for the reader to see beside the backend's name. */
let loss: string | null = null
let explained: Extract<Outcome, {kind: 'explained'}> | null = null
/** The backend runs one thing at a time, or two runs would share its memory. */
let turn: Promise<unknown> = Promise.resolve()

watchBackend((_, lost) => {
  if (lost !== null) loss = lost
})

serve<EngineCalls>(self as unknown as Port, {
  begin: async (asked) => {
    wish = asked
    return null
  },
  backend: report,
  inspect: async (file, {signal, progress}) => {
    const source = await sourceOf(file, {signal, onProgress: progress})
    throwIfCancelled(signal)
    return inspect(source)
  },
  explain: (request, context) => inTurn(() => run(request, context)),
  sampleMap: (index) =>
    inTurn(async () => {
      if (!explained) {
        throw new ReaderError(
          'No map of its own',
          `Found nothing explained; needed a checkpoint to draw input ${index + 1} with.`
        )
      }
      const {rows, cols, values} = await explained.sampleMap(index)
      // What is kept for the next ask must not be moved away.
      const own = values.slice()
      return new Moved({rows, cols, values: own}, [own.buffer])
    })
})

async function run(request: ExplainRequest, {signal, progress}: CallContext<Progress>): Promise<ExplainReply> {
  throwIfCancelled(signal)
  await openBackend(wish)
  const fetching = {signal, onProgress: progress}
  const checkpoint = await sourceOf(request.checkpoint, fetching)
  const inputs: ByteSource[] = []
  for (const input of request.inputs) inputs.push(await sourceOf(input, fetching))
  const outcome = await explain({...request, checkpoint, inputs}, fetching)
  if (outcome.kind !== 'explained') return outcome
  explained?.dispose()
  explained = outcome
  const {sampleMap, dispose, ...reply} = outcome
  return reply
}

async function report(): Promise<BackendReport> {
  const {name, adapter, software, reason} = await openBackend(wish)
  return {name, adapter, software, reason: loss === null ? reason : `${reason}; ${loss} and was opened again`}
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work, work)
  turn = mine.catch(() => {})
  return mine
}
