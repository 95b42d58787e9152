import {ReaderError, throwIfCancelled} from '@/lib/core/errors'
import type {Grid} from '@/lib/core/grid'
import {type MapSums, mapSums} from '@/lib/core/mapSums'
import type {ByteSource} from '@/lib/formats/source'
import {type BackendWish, backendInForce, openBackend, watchBackend} from '@/lib/models/backend'
import type {Edits} from '@/lib/models/family'
import type {MapCanvas} from '@/lib/models/mapCanvas'
import type {EngineCalls} from './calls'
import {inspect} from './fileReport'
import {liveDesk} from './liveDesk'
import {sourceOf} from './openable'
import type {
  BackendReport,
  ExplainReply,
  ExplainRequest,
  LiveReading,
  LiveSample,
  Openable,
  Progress,
  Supposed,
  TensorSlice
} from './protocol'
import {type FetchOptions, remotes} from './remotes'
import {replyBuffers} from './replyBuffers'
import {type CallContext, type Handlers, Moved} from './rpc'
import {explain, type Outcome} from './story'
import {tensorDesk} from './tensorDesk'

// What the first picture does without comes when it is asked for.
const later = {
  mapCanvas: () => import('@/lib/models/mapCanvas'),
  tensorLook: () => import('./tensorLook')
}

type Reply = ExplainReply | Moved<ExplainReply>

/** What the worker answers with. It owns the backend, and the model of the last explained request. */
export function engineService(): Handlers<EngineCalls> {
  let wish: BackendWish = 'auto'
  /** What became of the GPU, for the reader to see beside the backend's name. */
  let loss: string | null = null
  let explained: Pick<
    Extract<Outcome, {kind: 'explained'}>,
    'sampleMap' | 'samplingPoints' | 'whatIf' | 'editedFile' | 'dispose'
  > | null = null
  /** The page's canvas, and which input of which run lies ready for it on the device. */
  let onScreen: {readonly canvas: MapCanvas; of: Outcome | null; index: number} | null = null
  const inTurn = queue()
  const far = remotes()
  const live = liveDesk((openable) => sourceOf(openable, {}, far))
  const desk = tensorDesk((openable) => sourceOf(openable, {}, far))

  watchBackend((_, lost) => {
    if (lost !== null) loss = lost
  })

  /** What the reason leaves out: it tells of losses only where they are the reason. */
  function lossIn(reason: string, name: BackendReport['name']): string {
    if (loss === null || /the GPU was lost/.test(reason)) return ''
    return name === 'webgpu' ? `; ${loss} and was opened again` : `; ${loss}`
  }

  async function report(): Promise<BackendReport> {
    const {name, adapter, software, reason} = await openBackend(wish)
    const {gpu} = backendInForce()
    const memory = gpu && {bytes: gpu.memory.bytes, peak: gpu.memory.peak}
    return {name, adapter, software, reason: reason + lossIn(reason, name), ...(memory ? {memory} : {})}
  }

  async function run(request: ExplainRequest, context: CallContext<Progress>): Promise<Reply> {
    throwIfCancelled(context.signal)
    await openBackend(wish)
    const {gpu} = backendInForce()
    gpu?.settle()
    gpu?.memory.restart()
    try {
      return await answer(request, context)
    } finally {
      // An idle page holds no device memory that nothing uses. The device may be another by now.
      backendInForce().gpu?.settle()
    }
  }

  async function answer(request: ExplainRequest, {signal, pause, progress}: CallContext<Progress>): Promise<Reply> {
    const options = {signal, pause, onProgress: progress}
    const checkpoint = await sourceOf(request.checkpoint, options, far)
    const inputs: ByteSource[] = []
    for (const input of request.inputs) inputs.push(await sourceOf(input, options, far))
    const outcome = await explain({...request, checkpoint, inputs}, options)
    if (outcome.kind !== 'explained') return outcome
    explained?.dispose()
    // Functions do not cross the wall.
    const {sampleMap, samplingPoints, whatIf, editedFile, dispose, ...reply} = outcome
    explained = {sampleMap, samplingPoints, whatIf, editedFile, dispose}
    live.explained(request)
    return new Moved<ExplainReply>(reply, replyBuffers(reply.explanation, reply.pictures))
  }

  /** A look into a file begins anew, so that a person who opens an address again sees what is there now. */
  function opened(file: Openable, options: FetchOptions): Promise<ByteSource> {
    return file.kind === 'remote' ? far.open(file.address, {...options, fresh: true}) : sourceOf(file, options)
  }

  async function sampleMap(index: number): Promise<Moved<Grid>> {
    if (!explained) {
      const message = `Found nothing explained; needed a checkpoint to draw input ${index + 1} with.`
      throw new ReaderError('No map of its own', message)
    }
    const {rows, cols, values} = await explained.sampleMap(index)
    // A map that is kept for the next ask must not be moved away.
    const own = values.slice()
    return new Moved({rows, cols, values: own}, [own.buffer])
  }

  async function supposed(edits: Edits): Promise<Moved<Supposed>> {
    if (!explained) throw new ReaderError('Nothing to edit', 'Found nothing explained; needed a checkpoint and inputs.')
    const found = await explained.whatIf(edits)
    return new Moved(found, replyBuffers(found.explanation, null))
  }

  async function reading(sample: LiveSample): Promise<Moved<LiveReading>> {
    await openBackend(wish)
    const read = await live.read(sample)
    return new Moved(
      read,
      [read.density, read.untrained].map(({values}) => values.buffer as ArrayBuffer)
    )
  }

  async function drawSample({index, picture}: EngineCalls['drawSample']['argument']): Promise<null> {
    if (!onScreen || !explained) throw new RangeError('engine: found no canvas or no map; needed both to draw')
    await openBackend(wish)
    if (onScreen.of !== explained || onScreen.index !== index) {
      onScreen.canvas.hold(await explained.sampleMap(index))
      Object.assign(onScreen, {of: explained, index})
    }
    await onScreen.canvas.draw(picture)
    return null
  }

  return {
    begin: async (asked) => {
      wish = asked
      return null
    },
    backend: report,
    inspect: async (file, {signal, progress}) => inspect(await opened(file, {signal, onProgress: progress})),
    explain: (request, context) => inTurn(() => run(request, context)),
    takeCanvas: (canvas) =>
      inTurn(async () => {
        const {mapCanvas} = await later.mapCanvas()
        onScreen?.canvas.dispose()
        onScreen = {canvas: mapCanvas(canvas), of: null, index: -1}
        return null
      }),
    drawSample: (asked) => inTurn(() => drawSample(asked)),
    sumUp: async (map) => movedSums(mapSums(map)),
    sampleMap: (index) => inTurn(() => sampleMap(index)),
    samplingPoints: ({index, row, column}) =>
      inTurn(async () => (await explained?.samplingPoints(index, row, column)) ?? null),
    whatIf: (edits) => inTurn(() => supposed(edits)),
    saveEdited: async ({heads, which}, {signal, progress}) => {
      if (!explained) throw new ReaderError('Nothing to save', 'Found nothing explained; needed a checkpoint.')
      const content = await explained.editedFile(heads, which, {signal, onProgress: progress})
      return new Moved(content, [content.buffer])
    },
    openEncoder: (encoder) =>
      inTurn(async () => {
        await openBackend(wish)
        return live.openEncoder(encoder)
      }),
    readLive: (sample) => inTurn(() => reading(sample)),
    livePoints: ({rows, column}) =>
      inTurn(async () => {
        await openBackend(wish)
        return live.points(rows, column)
      }),
    statistics: async ({file, name}, {signal, progress}) => {
      const {tensorStatistics} = await later.tensorLook()
      return tensorStatistics(await desk(file), name, {signal, onProgress: progress})
    },
    slice: async ({file, name, slice}, {signal, progress}) => {
      const {tensorSlice} = await later.tensorLook()
      return movedSlice(await tensorSlice(await desk(file), name, slice, {signal, onProgress: progress}))
    },
    exportTensor: async ({file, name}, {signal, progress}) => {
      const {exportTensor} = await later.tensorLook()
      const content = await exportTensor(await desk(file), name, {signal, onProgress: progress})
      return new Moved(content, [content.buffer])
    }
  }
}

/** One piece of work after the other: two runs at once would share the backend's memory. */
function queue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}

const movedSums = (sums: MapSums): Moved<MapSums> => new Moved(sums, buffersOf(sums))

const movedSlice = (slice: TensorSlice): Moved<TensorSlice> => {
  const {cells, sums, spread} = slice
  const numbers = [cells.values, ...(spread ? [spread.min.values, spread.max.values, spread.counts] : [])]
  return new Moved(slice, [...numbers.map(({buffer}) => buffer as ArrayBuffer), ...buffersOf(sums)])
}

const buffersOf = ({sums, holes}: MapSums): ArrayBuffer[] =>
  [sums, ...(holes ? [holes] : [])].map(({buffer}) => buffer as ArrayBuffer)
