import {afterEach, beforeEach, expect, it, vi} from 'vitest'
import {CancelledError, FormatError, ShapeError} from '@/lib/core/errors'
import type {ExplainReply, ExplainRequest, Progress} from '@/lib/engine/protocol'
import {encodeExplanation} from '@/lib/explain/json'
import type {OpenQuestion} from '@/lib/models/family'
import {createSession, type ExampleCard} from '@/lib/state/session'
import {backend, explanationOf, nameOf, replyOf, type ScriptedEngine, scriptedEngine} from './scriptedEngine'

const file = (name: string) => new File(['x'], name)
const question: OpenQuestion = {
  setting: 'layout',
  text: 'How is (12, 12, 64) meant?',
  options: [
    {label: 'batch', value: {layout: 'batch'}},
    {label: 'time', value: {layout: 'time'}}
  ],
  chosen: 0
}
const card: ExampleCard = {
  id: 'digits',
  title: 'Handwritten digits',
  summary: '2 layers × 3',
  about: [],
  checkpoint: 'checkpoint.pth',
  inputs: ['hidden_states.npz'],
  explanation: 'explanation.json',
  classes: ['zero', 'one'],
  bytes: 4096,
  pictures: {count: 1, width: 2, height: 1, values: btoa('\x00\xff')}
}

const sessionOver = (engine: ScriptedEngine) => {
  const fetched: string[] = []
  const fetchText = async (url: string) => {
    fetched.push(url)
    return encodeExplanation(explanationOf('checkpoint.pth'))
  }
  const store = createSession({engine, fetchText, examples: [card]})
  return {
    store,
    fetched,
    now: () => store.getState(),
    shown: () => store.getState().explanation?.provenance.checkpoint.name
  }
}

/** Replies by hand: each explain waits until it is answered. */
function byHand() {
  const waiting: {
    request: ExplainRequest
    onProgress: ((progress: Progress) => void) | undefined
    answer: (reply: ExplainReply) => void
    fail: (error: Error) => void
  }[] = []
  const engine = scriptedEngine(
    (request, {onProgress, signal}) =>
      new Promise((answer, fail) => {
        signal?.addEventListener('abort', () => fail(new CancelledError()))
        waiting.push({request, onProgress, answer, fail})
      })
  )
  return {engine, waiting, begun: (n: number) => vi.waitFor(() => expect(waiting.length).toBe(n), {interval: 1})}
}

beforeEach(() => void vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true}))
afterEach(() => void vi.useRealTimers())

it('addresses are opened as files are, and called by what they name', async () => {
  const engine = scriptedEngine()
  const {store, now, shown} = sessionOver(engine)
  const addresses = ['https://example.org/models/model.pth?x=1', 'https://example.org/a.npz']
  await store.getState().openAddresses(addresses)
  expect(engine.asked).toEqual(['inspect model.pth', 'inspect a.npz', 'explain model.pth + a.npz'])
  expect(shown()).toBe('model.pth')
  expect(now().files).toEqual({
    checkpoint: {kind: 'remote', name: 'model.pth', address: addresses[0]},
    inputs: [{kind: 'remote', name: 'a.npz', address: addresses[1]}]
  })
})

it('a path is an address of this site', async () => {
  const {store, now} = sessionOver(scriptedEngine())
  await store.getState().openAddresses(['/examples/digits/checkpoint.pth'])
  const url = '/examples/digits/checkpoint.pth'
  expect(now().files?.checkpoint).toEqual({kind: 'address', name: 'checkpoint.pth', url})
})

it('what is open can be opened again: its files are named, and those of what was open before after an undo', async () => {
  const {store, now} = sessionOver(scriptedEngine())
  expect(now().files).toBeNull()
  const [one, two] = [file('one.pth'), file('two.pth')]
  await store.getState().openFiles([one])
  await store.getState().openFiles([two])
  expect(now().files).toEqual({checkpoint: {kind: 'file', file: two}, inputs: []})
  store.getState().undo()
  expect(now().files).toEqual({checkpoint: {kind: 'file', file: one}, inputs: []})
})

it('files are told apart by what is in them, whatever their order', async () => {
  const engine = scriptedEngine()
  const {store, now, shown} = sessionOver(engine)
  await store.getState().openFiles([file('a.npz'), file('model.pth'), file('b.npz')])
  expect(engine.asked).toEqual([
    'inspect a.npz',
    'inspect model.pth',
    'inspect b.npz',
    'explain model.pth + a.npz + b.npz'
  ])
  expect(shown()).toBe('model.pth')
  expect(now()).toMatchObject({work: {kind: 'ready'}, trouble: null, backend, msPerInput: 1, canUndo: false})
})

it('inputs alone join the open checkpoint and replace its inputs', async () => {
  const engine = scriptedEngine()
  const {store} = sessionOver(engine)
  await store.getState().openFiles([file('model.pth'), file('a.npz')])
  await store.getState().openFiles([file('b.npz')])
  expect(engine.asked.at(-1)).toBe('explain model.pth + b.npz')
})

it('inputs alone are refused while no checkpoint is open', async () => {
  const {store, now} = sessionOver(scriptedEngine())
  await store.getState().openFiles([file('a.npz')])
  expect(now().trouble).toEqual({
    title: 'Inputs need a checkpoint',
    message: 'Found 1 input file and no open checkpoint; drop the checkpoint first, or both together.',
    after: 'Nothing is open yet.',
    report: null
  })
})

it('two checkpoints at once are refused by name', async () => {
  const {store, now} = sessionOver(scriptedEngine())
  await store.getState().openFiles([file('a.pth'), file('b.pth')])
  expect(now().trouble?.message).toBe(
    'Found 2 checkpoints, a.pth and b.pth; one at a time can be opened, with any number of inputs.'
  )
})

it('a checkpoint alone keeps the open inputs when they fit', async () => {
  const engine = scriptedEngine()
  const {store, shown} = sessionOver(engine)
  await store.getState().openFiles([file('a.pth'), file('in.npz')])
  await store.getState().openFiles([file('b.pth')])
  expect(engine.asked.at(-1)).toBe('explain b.pth + in.npz')
  expect(shown()).toBe('b.pth')
})

it('a checkpoint alone lets go of inputs that do not fit it', async () => {
  const engine = scriptedEngine(async (request) => {
    if (nameOf(request.checkpoint) === 'b.pth' && request.inputs.length > 0) throw new ShapeError('(2, 3) but (4, 5)')
    return replyOf(request)
  })
  const {store, now, shown} = sessionOver(engine)
  await store.getState().openFiles([file('a.pth'), file('in.npz')])
  await store.getState().openFiles([file('b.pth')])
  expect(engine.asked.slice(-2)).toEqual(['explain b.pth + in.npz', 'explain b.pth'])
  expect(shown()).toBe('b.pth')
  expect(now().trouble).toBeNull()
})

it('a file without density attention leaves the figure and shows its tensors', async () => {
  const {store, now, shown} = sessionOver(scriptedEngine())
  await store.getState().openFiles([file('a.pth')])
  await store.getState().openFiles([file('probe.bin')])
  expect(shown()).toBe('a.pth')
  expect(now().trouble).toMatchObject({
    title: 'No density attention in probe.bin',
    message: 'The file opened well: 1 tensor, 2.0\u00a0KB. None is called mean_offset beside a c of the same shape.',
    after: 'Your figure is unchanged.',
    report: {name: 'probe.bin'}
  })
})

it('a step that fails says what was found and leaves everything as it was', async () => {
  const engine = scriptedEngine(async (request) => {
    if (nameOf(request.checkpoint) === 'bad.pth') throw new FormatError('zip: found 0 records; needed 3')
    return replyOf(request)
  })
  const {store, now} = sessionOver(engine)
  await store.getState().openFiles([file('good.pth')])
  const {explanation, report, settings} = now()
  await store.getState().openFiles([file('bad.pth')])
  expect(now()).toMatchObject({
    work: {kind: 'ready'},
    trouble: {message: 'zip: found 0 records; needed 3', after: 'Your figure is unchanged.', report: {name: 'bad.pth'}},
    canUndo: false
  })
  expect([now().explanation, now().report, now().settings]).toEqual([explanation, report, settings])
  now().dismissTrouble()
  expect(now().trouble).toBeNull()
})

it('work turns visible after half a second and not before', async () => {
  const {engine, waiting, begun} = byHand()
  const {store, now} = sessionOver(engine)
  const opening = store.getState().openFiles([file('a.pth')])
  await begun(1)
  vi.advanceTimersByTime(400)
  expect(now().work).toMatchObject({kind: 'working', name: 'a.pth', visible: false})
  vi.advanceTimersByTime(200)
  expect(now().work).toMatchObject({kind: 'working', visible: true})
  waiting[0]!.answer(replyOf(waiting[0]!.request))
  await opening
  vi.advanceTimersByTime(1000)
  expect(now().work).toEqual({kind: 'ready'})
})

it('progress is shown as it comes, with the explanation so far', async () => {
  const {engine, waiting, begun} = byHand()
  const {store, now} = sessionOver(engine)
  const opening = store.getState().openFiles([file('a.pth')])
  await begun(1)
  const partial = explanationOf('a.pth', 0.1)
  waiting[0]!.onProgress?.({phase: 'running', done: 1, total: 4, unit: 'inputs', text: '1 of 4 inputs', partial})
  expect(now().work).toMatchObject({progress: {text: '1 of 4 inputs', partial}})
  expect(now().explanation).toBeNull()
  waiting[0]!.answer(replyOf(waiting[0]!.request))
  await opening
})

it('cancelling leaves everything as it was and says so', async () => {
  const {engine, waiting, begun} = byHand()
  const {store, now, shown} = sessionOver(engine)
  const first = store.getState().openFiles([file('a.pth')])
  await begun(1)
  waiting[0]!.answer(replyOf(waiting[0]!.request))
  await first
  const second = store.getState().openFiles([file('b.pth')])
  await begun(2)
  now().cancel()
  await second
  expect(shown()).toBe('a.pth')
  expect(now()).toMatchObject({
    work: {kind: 'ready'},
    trouble: {title: 'Cancelled', message: 'The work on b.pth was stopped.', after: 'Your figure is unchanged.'}
  })
})

it('a new step supersedes the old one, whose late reply is dropped in silence', async () => {
  const {engine, waiting, begun} = byHand()
  const {store, now, shown} = sessionOver(engine)
  const slow = store.getState().openFiles([file('slow.pth')])
  await begun(1)
  const quick = store.getState().openFiles([file('quick.pth')])
  await begun(2)
  waiting[1]!.answer(replyOf(waiting[1]!.request))
  waiting[0]!.answer(replyOf(waiting[0]!.request))
  await Promise.all([slow, quick])
  expect(shown()).toBe('quick.pth')
  expect(now()).toMatchObject({work: {kind: 'ready'}, trouble: null, canUndo: false})
})

it('undo goes back to what was open before, one step at a time', async () => {
  const {store, now, shown} = sessionOver(scriptedEngine())
  for (const name of ['a.pth', 'b.pth', 'c.pth']) await store.getState().openFiles([file(name)])
  expect(now().canUndo).toBe(true)
  now().undo()
  expect(shown()).toBe('b.pth')
  now().undo()
  expect(shown()).toBe('a.pth')
  expect(now().canUndo).toBe(false)
})

it('an example is drawn from its precomputed explanation before the engine has answered', async () => {
  const {engine, waiting, begun} = byHand()
  const {store, fetched, now, shown} = sessionOver(engine)
  const opening = store.getState().openExample(card)
  await begun(1)
  expect(fetched).toEqual(['/examples/digits/explanation.json'])
  expect(shown()).toBe('checkpoint.pth')
  expect(now()).toMatchObject({example: card, pictures: {count: 1, width: 2, height: 1}, work: {kind: 'working'}})
  expect([...now().pictures!.values]).toEqual([0, 255])
  expect(waiting[0]!.request).toEqual({
    checkpoint: {kind: 'address', name: 'checkpoint.pth', url: '/examples/digits/checkpoint.pth'},
    inputs: [{kind: 'address', name: 'hidden_states.npz', url: '/examples/digits/hidden_states.npz'}],
    settings: {},
    classes: ['zero', 'one']
  })
  const fresh = replyOf(waiting[0]!.request, 0.50005) as Extract<ExplainReply, {kind: 'explained'}>
  waiting[0]!.answer(fresh)
  await opening
  expect(now().explanation).toBe(fresh.explanation)
  expect(now()).toMatchObject({trouble: null, example: card, report: {name: 'checkpoint.pth'}, canUndo: false})
})

it('an example that comes out differently here keeps its numbers and says how far apart they are', async () => {
  const engine = scriptedEngine(async (request) => replyOf(request, 0.503))
  const {store, now} = sessionOver(engine)
  await store.getState().openExample(card)
  expect(now().explanation?.density?.values[0]).toBe(0.5)
  expect(now().trouble).toEqual({
    title: 'This machine disagrees with the example',
    message:
      'Repeating the example here gave numbers up to 0.0030 away from its precomputed ones; they should agree within 0.0001.',
    after: 'The figure shows the precomputed numbers.',
    report: null
  })
})

it('an example whose repeat fails stays drawn', async () => {
  const engine = scriptedEngine(async () => {
    throw new FormatError('checkpoint.pth: the server answered 404; needed the file')
  })
  const {store, now, shown} = sessionOver(engine)
  await store.getState().openExample(card)
  expect(shown()).toBe('checkpoint.pth')
  expect(now().trouble).toMatchObject({after: 'Your figure is unchanged.'})
})

it('an input that can be read in two ways is asked about, and runs once answered', async () => {
  const engine = scriptedEngine(async (request) =>
    request.settings.layout ? replyOf(request) : {kind: 'ask', question, report: replyOf(request).report}
  )
  const {store, now, shown} = sessionOver(engine)
  await store.getState().openFiles([file('a.pth'), file('in.npz')])
  expect(now()).toMatchObject({question, explanation: null, work: {kind: 'ready'}})
  await store.getState().answer({layout: 'time'})
  expect(now()).toMatchObject({question: null, settings: {layout: 'time'}})
  expect(shown()).toBe('a.pth')
  expect(now().questions).toEqual([{...question, chosen: 1}])
  await store.getState().answer({layout: 'batch'})
  expect(now().questions).toEqual([question])
})

it('letting a question go leaves everything as it was', async () => {
  const engine = scriptedEngine(async (request) => ({kind: 'ask', question, report: replyOf(request).report}))
  const {store, now} = sessionOver(engine)
  await store.getState().openFiles([file('a.pth'), file('in.npz')])
  now().cancel()
  expect(now()).toMatchObject({question: null, explanation: null, trouble: null})
})

it('a setting changed later runs what is open again, beside the settings made before', async () => {
  const engine = scriptedEngine()
  const {store, now} = sessionOver(engine)
  await store.getState().openFiles([file('a.pth'), file('in.npz')])
  await store.getState().answer({axes: [1]})
  await store.getState().answer({paddingValue: 0})
  expect(engine.requests.at(-1)?.settings).toEqual({axes: [1], paddingValue: 0})
  expect(now().canUndo).toBe(true)
})

it("one input's own map is asked of the engine, and a later ask wins", async () => {
  const engine = scriptedEngine()
  const {store, now} = sessionOver(engine)
  await store.getState().openFiles([file('a.pth'), file('in.npz')])
  await Promise.all([now().askSampleMap(2), now().askSampleMap(5)])
  expect(now().sampleMap).toMatchObject({sample: 5, rows: 2, cols: 3})
  expect(now().sampleMap?.values[0]).toBe(5)
})

it("after an undo, one input's map comes from what is open again", async () => {
  const engine = scriptedEngine()
  const {store, now} = sessionOver(engine)
  await store.getState().openFiles([file('a.pth'), file('in.npz')])
  await store.getState().openFiles([file('b.pth'), file('other.npz')])
  now().undo()
  await now().askSampleMap(1)
  expect(engine.asked.slice(-2)).toEqual(['explain a.pth + in.npz', 'sampleMap 1'])
})

it('an input asked for while an example is being repeated comes once that is done', async () => {
  const {engine, waiting, begun} = byHand()
  const {store, now} = sessionOver(engine)
  const opening = store.getState().openExample(card)
  await begun(1)
  const ask = now().askSampleMap(4)
  expect(engine.asked).not.toContain('sampleMap 4')
  waiting[0]!.answer(replyOf(waiting[0]!.request))
  await Promise.all([opening, ask])
  expect(now().sampleMap?.sample).toBe(4)
})

it('another module of the file is shown with the inputs that are open, and without what was said of the first', async () => {
  const engine = scriptedEngine()
  const {store, now} = sessionOver(engine)
  await store.getState().openFiles([file('a.pth'), file('in.npz')])
  await store.getState().answer({axes: [1]})
  await store.getState().showModule(now().files!.checkpoint, 'text.gcts.0')
  const {inputs, settings} = engine.requests.at(-1)!
  expect([inputs.map(nameOf), settings]).toEqual([['in.npz'], {module: 'text.gcts.0'}])
})

it('a module that the open inputs do not fit is shown without them', async () => {
  const engine = scriptedEngine(async (request) => {
    if (request.settings.module && request.inputs.length > 0) throw new ShapeError('(2, 3) but (4, 5)')
    return replyOf(request)
  })
  const {store, now} = sessionOver(engine)
  await store.getState().openFiles([file('a.pth'), file('in.npz')])
  await store.getState().showModule(now().files!.checkpoint, 'text.gcts.0')
  expect([now().trouble, now().files?.inputs]).toEqual([null, []])
})

it('a module that cannot be shown leaves the figure, and the file can still be looked into', async () => {
  const engine = scriptedEngine(async (request) => {
    if (request.settings.module) throw new ShapeError('its heads differ')
    return replyOf(request)
  })
  const {store, now, shown} = sessionOver(engine)
  await store.getState().openFiles([file('a.pth')])
  const {report, files} = now()
  await store.getState().showModule(files!.checkpoint, 'text.gcts.0')
  expect(shown()).toBe('a.pth')
  expect(now().trouble).toMatchObject({message: 'its heads differ', report, file: files!.checkpoint})
})
