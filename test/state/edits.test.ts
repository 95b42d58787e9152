import {expect, it} from 'vitest'
import type {Supposed} from '@/lib/engine/protocol'
import type {Explanation, HeadGaussians} from '@/lib/explain/explanation'
import type {Edits} from '@/lib/models/family'
import {createEdits, followEdits, supposedOf} from '@/lib/state/edits'
import {createSession} from '@/lib/state/session'
import {editSentence, supposedText} from '@/lib/views/editWords'
import {explanationOf, replyOf, scriptedEngine} from './scriptedEngine'

const head: HeadGaussians = {
  head: 0,
  rows: [0, 2],
  kind: 'feature',
  offset: new Float32Array([0.5, -1, 0]),
  spread: new Float32Array([2, 1.5, 1]),
  variance: new Float32Array([2, 1.5, 1]),
  // One z is 0.5, 2, and for the third, whose offset does not say, the mean of both.
  offsetZ: new Float32Array([1, -0.5, 0]),
  effective: null,
  reach: 1,
  initialVariance: 2
}

const editable = (name: string): Explanation => {
  const made = explanationOf(name)
  return {...made, heads: [head], provenance: {...made.provenance, maps: 'inputs'}}
}

/** A checkpoint that is open, and an engine that answers when it is told to. */
async function opened() {
  const asked: Edits[] = []
  const answers: {resolve: () => void; reject: (error: Error) => void}[] = []
  const engine = {
    ...scriptedEngine(async (request) => {
      const reply = replyOf(request)
      return reply.kind === 'explained'
        ? {...reply, explanation: editable(reply.explanation.provenance.checkpoint.name)}
        : reply
    }),
    whatIf: (edits: Edits) => {
      asked.push(edits)
      return new Promise<Supposed>((resolve, reject) => {
        const level = asked.length / 10
        const explanation = {...editable('a.pth'), finding: {title: `Answer ${level}`, caveat: '', strong: null}}
        answers.push({resolve: () => resolve({explanation, inputs: 4, of: 5}), reject})
      })
    }
  }
  const session = createSession({engine})
  await session.getState().openFiles([new File(['x'], 'a.pth')])
  const edits = createEdits({engine, session})
  const stop = followEdits(session, edits)
  const settle = () => new Promise((resolve) => setTimeout(resolve))
  const answer = async (at: number) => {
    answers[at]!.resolve()
    await settle()
  }
  const explanation = () => session.getState().explanation!
  const shown = () => supposedOf(explanation(), edits.getState())
  return {session, edits, asked, answers, answer, settle, stop, explanation, shown, now: () => edits.getState()}
}

const feature = {head: 0, only: [1]}
const whole = {head: 0, only: null}

it('asks with whole heads: shifts in deviations of each feature, scales of its spread', async () => {
  const {now, asked, settle} = await opened()
  now().change(feature, {shift: 0.25, scale: 0.5})
  await settle()
  expect(asked[0]!.heads).toEqual([
    {head: 0, blockLayer: 0, offset: new Float32Array([0.5, -0.5, 0]), spread: new Float32Array([2, 0.75, 1])}
  ])
  now().change(whole, {shift: 1})
  expect([...supposedOf(editable('a.pth'), now())!.heads[0]!.offset]).toEqual([1, 1.5, 1.25])
})

it('asks one thing at a time, and next what is newest', async () => {
  const {now, asked, settle, answer} = await opened()
  for (const scale of [0.9, 0.8, 0.7]) now().change(feature, {scale})
  await settle()
  now().change(feature, {scale: 0.6})
  now().change(feature, {scale: 0.5})
  expect(asked).toHaveLength(1)
  await answer(0)
  expect(now()).toMatchObject({waiting: true, supposed: {inputs: 4, of: 5}})
  await answer(1)
  expect(asked.map(({heads}) => heads[0]!.spread[1])).toEqual([Math.fround(1.5 * 0.7), 0.75])
  expect(now().waiting).toBe(false)
})

it('shows the Gaussians as they stand at once, and the rest when it has come', async () => {
  const {now, settle, answer, shown} = await opened()
  now().change(feature, {scale: 0.5})
  expect(shown()!.heads[0]!.variance[1]).toBe(0.75)
  expect(shown()!.finding.title).toBe('A finding')
  await settle()
  await answer(0)
  expect(shown()!.finding.title).toBe('Answer 0.1')
})

it('makes one step of a drag, and none of one that is let go', async () => {
  const {now} = await opened()
  now().beginDrag()
  for (const shift of [0.1, 0.2, 0.3]) now().change(feature, {shift})
  now().endDrag()
  now().beginDrag()
  now().change(feature, {scale: 3})
  now().abandonDrag()
  expect(now().changeOf(feature)).toEqual({shift: 0.3, scale: 1})
  now().undo()
  expect(now()).toMatchObject({edits: [], canUndo: false, canRedo: true})
})

it('undoes to the very explanation that was open, redoes, and resets in one step that can be undone', async () => {
  const {now, shown, settle, answer} = await opened()
  now().change(feature, {scale: 0.5})
  now().toggleMask('layer', 1)
  now().reset()
  expect(shown()).toBeNull()
  now().undo()
  expect(now().edits).toHaveLength(2)
  now().undo()
  now().undo()
  expect(shown()).toBeNull()
  now().redo()
  expect(now().edits).toHaveLength(1)
  await settle()
  await answer(0)
  now().undo()
  await settle()
  // An answer to what was undone shows nothing.
  expect(now()).toMatchObject({supposed: null, waiting: false})
})

it('lists net changes as sentences', async () => {
  const {now, explanation} = await opened()
  now().change(feature, {scale: 0.4})
  now().change(feature, {shift: 0.5})
  now().change(whole, {shift: -0.2, scale: 2})
  now().change({head: 0, only: [0, 2]}, {scale: 1.5})
  now().toggleMask('layer', 0)
  now().toggleMask('feature', 2)
  now().toggleMask('layer', 0)
  expect(now().edits.map((edit) => editSentence(explanation(), edit))).toEqual([
    'Head 1, feature 2: δ −1.00 → 0.00, c 1.50 → 0.60',
    'Head 1, all 3 features: offset −0.20 z, spread × 2.00',
    'Head 1, 2 features: spread × 1.50',
    'Feature 3: masked, so that it reaches no prediction'
  ])
  expect(supposedText(4, {inputs: 4, of: 5})).toBe('What if: 4 edits; without intervals, over 4 of 5 inputs')
})

it('keeps masked heads as the rows they own', async () => {
  const {now, asked, settle} = await opened()
  now().toggleMask('head', 0)
  now().toggleMask('feature', 2)
  await settle()
  expect(asked[0]).toEqual({heads: [], masked: {rows: [0, 1], cols: [2]}})
})

it('shows the original while it is held against', async () => {
  const {now, shown} = await opened()
  now().change(feature, {scale: 0.5})
  now().compare(true)
  expect(shown()).toBeNull()
  now().compare(false)
  expect(shown()).not.toBeNull()
})

it('takes what changes nothing for no edit', async () => {
  const {now} = await opened()
  now().change(feature, {shift: 0})
  now().change(feature, {scale: Number.NaN})
  now().change(feature, {scale: 0})
  expect(now()).toMatchObject({edits: [], canUndo: false})
})

it('says why the engine could not answer, and goes on with the next edit', async () => {
  const {now, answers, settle, asked} = await opened()
  now().change(feature, {scale: 0.5})
  await settle()
  answers[0]!.reject(new Error('lost'))
  await settle()
  expect(now().trouble).toContain('lost')
  now().change(feature, {scale: 0.4})
  await settle()
  expect(now().trouble).toBeNull()
  expect(asked).toHaveLength(2)
})

it('lets go of edits and late answers when another file is opened', async () => {
  const {session, now, settle, answer} = await opened()
  now().change(feature, {scale: 0.5})
  await settle()
  await session.getState().openFiles([new File(['x'], 'b.pth')])
  await answer(0)
  expect(now()).toMatchObject({edits: [], supposed: null, canUndo: false, waiting: false})
})
