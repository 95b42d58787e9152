import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {expect, it} from 'vitest'
import {ShapeError} from '@/lib/core/errors'
import type {Engine} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import type {Edits} from '@/lib/models/family'
import {jsonExplanation} from '@/lib/share/explanationFile'
import {hashLink} from '@/lib/share/link'
import {decodeRecord} from '@/lib/share/record'
import {createEdits, followEdits} from '@/lib/state/edits'
import {followSession} from '@/lib/state/followSession'
import {createLens} from '@/lib/state/lens'
import {viewOf} from '@/lib/state/lensView'
import {createSession} from '@/lib/state/session'
import {example} from '../share/explanations'
import {replyOf, scriptedEngine} from './scriptedEngine'

const fixture = (name: string) =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../fixtures/share/${name}`, import.meta.url))))
const record = fixture('v1-digits.densitylens')
const file = (name: string, content: BlobPart = 'x') => new File([content], name)

/** A session whose engine answers every request with one explanation, and writes down how often it was asked. */
function open(fresh: Explanation = example('digits'), whatIf: Engine['whatIf'] | null = null) {
  let asked = 0
  const scripted = scriptedEngine(async (request) => {
    asked++
    const reply = replyOf(request)
    return reply.kind === 'explained' ? {...reply, explanation: fresh} : reply
  })
  const engine = whatIf ? {...scripted, whatIf} : scripted
  const session = createSession({engine})
  const lens = createLens()
  followSession(session, lens)
  return {session, engine, lens, now: () => session.getState(), asked: () => asked}
}

const shareOf = async (bytes: Uint8Array, {session}: ReturnType<typeof open>) =>
  session.getState().openShared(async () => bytes, 'link', 'the link')

it('an explanation from a link is open without any work of the engine', async () => {
  const opened = open()
  await shareOf(record, opened)
  expect(opened.now().explanation?.layers).toEqual((await decodeRecord(record)).explanation.layers)
  expect(opened.now()).toMatchObject({files: null, trouble: null, shared: {from: 'link', verdict: null}})
  expect(opened.asked()).toBe(0)
})

it('a dropped file is known by how it begins, whatever its name', async () => {
  const {session, now, asked} = open()
  await session.getState().openFiles([file('notes.pth', record)])
  expect(now().shared?.from).toBe('file')
  expect(now().explanation?.finding).toEqual(example('digits').finding)
  expect(asked()).toBe(0)
})

it('what is shared may be dropped together with its files, and is stamped at once', async () => {
  const {session, now, asked} = open()
  await session.getState().openFiles([file('a.pth'), file('digits.densitylens', record), file('b.npz')])
  expect(now().trouble).toBeNull()
  expect(now().shared).toMatchObject({from: 'file', verdict: {kind: 'reproduced', sameFile: true}})
  expect(asked()).toBe(1)
})

it('of two shared explanations none is opened', async () => {
  const {session, now} = open()
  await session.getState().openFiles([file('a.densitylens', record), file('b.densitylens', record)])
  expect(now()).toMatchObject({
    explanation: null,
    trouble: {message: 'Found 2 shared explanations, a.densitylens and b.densitylens; one at a time can be opened.'}
  })
})

it('the view that was shared is restored; what points beyond the explanation is let go', async () => {
  const opened = open()
  const lens = createLens()
  lens.setState({order: 'importance', map: 'learned', pinned: 4, pinnedFeature: 900, window: [3, 9], solo: 70})
  const {bytes} = await hashLink({explanation: example('digits'), view: viewOf(lens.getState())})
  await shareOf(bytes, opened)
  expect(viewOf(opened.lens.getState())).toEqual({
    order: 'importance',
    map: 'learned',
    pinned: 4,
    pinnedFeature: null,
    solo: null,
    enlarged: null,
    window: [3, 9],
    rowWindow: null,
    sample: null
  })
})

it('a damaged record leaves everything as it was and says why', async () => {
  const opened = open()
  await shareOf(record, opened)
  const {explanation} = opened.now()
  await shareOf(record.subarray(0, 40), opened)
  expect(opened.now().explanation).toBe(explanation)
  expect(opened.now().trouble).toMatchObject({
    title: 'This link cannot be read',
    message: expect.stringMatching(/^this link: /)
  })
})

it('its files, dropped on it, are computed and stamp it as reproduced', async () => {
  const opened = open()
  await shareOf(record, opened)
  await opened.session.getState().openFiles([file('a.pth'), file('b.npz')])
  expect(opened.asked()).toBe(1)
  expect(opened.now().shared?.verdict).toMatchObject({kind: 'reproduced', sameFile: true})
})

it('other numbers of the same files differ, and by how much', async () => {
  const digits = example('digits')
  const values = digits.density!.values.map((value, i) => (i === 5 ? value + 0.01 : value))
  const opened = open({...digits, density: {...digits.density!, values}})
  await shareOf(record, opened)
  await opened.session.getState().openFiles([file('a.pth'), file('b.npz')])
  const verdict = opened.now().shared?.verdict
  expect(verdict).toMatchObject({kind: 'differs', what: 'the density map'})
  expect(verdict?.kind === 'differs' && verdict.by).toBeCloseTo(0.01, 5)
})

it('another file is said to be another, and what is opened after that is not judged any more', async () => {
  const digits = example('digits')
  const checkpoint = {...digits.provenance.checkpoint, sha256: '0'.repeat(64)}
  const opened = open({...digits, provenance: {...digits.provenance, checkpoint}})
  await shareOf(record, opened)
  await opened.session.getState().openFiles([file('a.pth'), file('b.npz')])
  expect(opened.now().shared?.verdict?.kind).toBe('other-file')
  await opened.session.getState().openFiles([file('a.pth'), file('b.npz')])
  expect(opened.now().shared).toBeNull()
})

it('a checkpoint with some of the inputs is not judged before the others come', async () => {
  const digits = example('digits')
  const [only] = digits.provenance.inputs
  const opened = open(digits)
  const inputs = [only!, {...only!, name: 'more.npz', sha256: '1'.repeat(64)}]
  const {bytes} = await hashLink({explanation: {...digits, provenance: {...digits.provenance, inputs}}})
  await shareOf(bytes, opened)
  await opened.session.getState().openFiles([file('a.pth'), file('b.npz')])
  expect(opened.now().shared).toMatchObject({verdict: null})
})

it('a checkpoint without the inputs is not judged before they come', async () => {
  const digits = example('digits')
  const opened = open({...digits, provenance: {...digits.provenance, inputs: []}})
  await shareOf(record, opened)
  await opened.session.getState().openFiles([file('a.pth')])
  expect(opened.now().shared).toMatchObject({verdict: null})
})

/** A link to the digits as they would be with the second head's Gaussians narrower, and layer 5 masked. */
async function editedLink() {
  const digits = example('digits')
  const edits = [
    {kind: 'gaussians', head: 1, only: null, shift: 0, scale: 0.5},
    {kind: 'mask', of: 'layer', index: 4}
  ] as const
  const values = digits.density!.values.map((value) => value * 0.9)
  const explanation = {...digits, density: {...digits.density!, values}, importance: null, layers: []}
  const shownAs = {edits, over: [497, 497], version: null} as const
  return {edits, explanation, bytes: (await hashLink({explanation, shownAs})).bytes}
}

it('edits that were shared are made again on the checkpoint, compared, and taken over', async () => {
  const {edits, explanation, bytes} = await editedLink()
  const asked: Edits[] = []
  const opened = open(example('digits'), async (wanted) => {
    asked.push(wanted)
    // As the engine answers: of files that were not hashed.
    const checkpoint = {...explanation.provenance.checkpoint, sha256: null}
    return {explanation: {...explanation, provenance: {...explanation.provenance, checkpoint}}, inputs: 497, of: 497}
  })
  const what = createEdits(opened)
  followEdits(opened.session, what)
  await shareOf(bytes, opened)
  expect(opened.now().shared?.record.shownAs?.edits).toEqual(edits)
  expect(what.getState().edits).toEqual([])
  await opened.session.getState().openFiles([file('a.pth'), file('b.npz')])
  expect(asked[0]?.masked).toEqual({rows: [4], cols: []})
  expect(asked[0]?.heads[0]?.spread[0]).toBeCloseTo(example('digits').heads[1]!.spread[0]! / 2)
  expect(opened.now().shared?.verdict).toMatchObject({kind: 'reproduced', sameFile: true})
  expect(what.getState()).toMatchObject({edits, canUndo: true})
  what.getState().undo()
  expect(what.getState().edits).toEqual([])
})

it('an edited explanation is not reproduced by the checkpoint as it is, nor by edits that do not fit', async () => {
  const {bytes} = await editedLink()
  const plain = open(example('digits'), async () => ({explanation: example('digits'), inputs: 497, of: 497}))
  await shareOf(bytes, plain)
  await plain.session.getState().openFiles([file('a.pth'), file('b.npz')])
  expect(plain.now().shared?.verdict?.kind).toBe('differs')
  const unfit = open(example('digits'), async () => {
    throw new ShapeError('found an edit of head 9; there is no such head')
  })
  await shareOf(bytes, unfit)
  await unfit.session.getState().openFiles([file('a.pth'), file('b.npz')])
  expect(unfit.now().shared?.verdict).toMatchObject({kind: 'differs', what: 'the edits, which do not fit these files'})
})

it('pictures that went along are shown with their inputs', async () => {
  const pictures = {count: 1, width: 2, height: 1, values: Uint8Array.of(0, 255)}
  const {bytes} = await hashLink({explanation: example('digits'), without: ['samples', 'nullDensity'], pictures})
  const opened = open()
  await shareOf(bytes, opened)
  expect(opened.now().pictures).toEqual(pictures)
})

it('an explanation as JSON is opened as shared, reproduced when its checkpoint comes, with its settings in force', async () => {
  const digits = example('digits')
  const settings = {family: 'layer-density', bindings: {'head 0 mean offset': 'pool.mu'}} as const
  const checkpoint = {...digits.provenance.checkpoint, size: 2048}
  const bound = {
    ...digits,
    model: {...digits.model, settings},
    provenance: {...digits.provenance, checkpoint, inputs: [], samples: 0}
  }
  const requests: object[] = []
  const engine = scriptedEngine(async (request) => {
    requests.push(request.settings)
    const reply = replyOf(request)
    return reply.kind === 'explained' ? {...reply, explanation: bound} : reply
  })
  const session = createSession({engine})
  const now = () => session.getState()
  const hostile = {...bound, finding: {...bound.finding, title: 'read\u202Eme'}}
  await now().openFiles([file('explanation.txt', jsonExplanation(hostile, [], null))])
  expect(now()).toMatchObject({files: null, trouble: null, shared: {from: 'file', verdict: null}})
  expect(now().explanation?.finding.title).toBe('readme')
  expect(requests).toEqual([])
  // By its names it is nothing: only what was bound by hand makes it a checkpoint.
  await now().openFiles([file('state.bin')])
  expect(requests).toEqual([settings])
  expect(now().shared?.verdict?.kind).toBe('reproduced')
})

it('JSON that is no whole explanation leaves everything as it was and says where', async () => {
  const opened = open()
  await opened.session.getState().openFiles([file('a.json', '{"version":1,"model":{"family":"moon"}}')])
  expect(opened.now()).toMatchObject({explanation: null, shared: null})
  expect(opened.now().trouble?.message).toContain('At model.family')
})
