import {beforeAll, describe, expect, it} from 'vitest'
import {explain, type Outcome} from '@/lib/engine/story'
import {openBackend} from '@/lib/models/backend'
import type {Edits, HeadEdit} from '@/lib/models/family'
import {apart, digits, fixture, sources} from './files'

type Explained = Extract<Outcome, {kind: 'explained'}>

const nothing: Edits = {heads: [], masked: {rows: [], cols: []}}

async function explained(...paths: readonly [string, ...string[]]): Promise<Explained> {
  const [checkpoint, ...inputs] = await sources(...paths)
  const outcome = await explain({checkpoint: checkpoint!, inputs, settings: {}})
  if (outcome.kind !== 'explained') throw new Error(`expected an explanation, got ${outcome.kind}`)
  return outcome
}

describe('the digits with edits', () => {
  let run: Explained
  beforeAll(async () => {
    await openBackend('wasm')
    run = await explained(digits('checkpoint.pth'), digits('inputs.npz'))
  })

  it('without any, are as explained', async () => {
    const {explanation, inputs, of} = await run.whatIf(nothing)
    expect([inputs, of]).toEqual([100, 100])
    expect(apart(explanation.density!.values, run.explanation.density!.values)).toBe(0)
    expect(explanation.layers.map(({rank}) => rank)).toEqual(run.explanation.layers.map(({rank}) => rank))
    expect(explanation.samples).toEqual(run.explanation.samples)
  })

  it('with every head as initialised, have the untrained map and nothing learned', async () => {
    const heads = [0, 1, 2, 3].map(
      (head): HeadEdit => ({head, blockLayer: 0, offset: new Float32Array(64), spread: new Float32Array(64).fill(2)})
    )
    const {explanation} = await run.whatIf({...nothing, heads})
    expect(apart(explanation.density!.values, run.explanation.nullDensity!.values)).toBe(0)
    expect(explanation.layers.every(({untrained}) => untrained?.learned === 0)).toBe(true)
    expect(explanation.heads[0]!.spread.every((c) => c === 2)).toBe(true)
  })

  it('with one head edited, move in its layers alone', async () => {
    const {offset, spread} = run.explanation.heads[1]!
    const edit = {
      head: 1,
      blockLayer: 0,
      offset: Float32Array.from(offset),
      spread: Float32Array.from(spread, (c) => c / 4)
    }
    const {explanation} = await run.whatIf({...nothing, heads: [edit]})
    const moved = [...explanation.density!.values].map((value, i) => value !== run.explanation.density!.values[i])
    expect(moved.slice(3 * 64, 6 * 64).filter(Boolean).length).toBeGreaterThan(150)
    expect([...moved.slice(0, 3 * 64), ...moved.slice(6 * 64)].some(Boolean)).toBe(false)
  })

  it('with all layers masked, keep their map and predict alike for every input', async () => {
    const {explanation} = await run.whatIf({
      ...nothing,
      masked: {rows: Array.from({length: 12}, (_, i) => i), cols: []}
    })
    expect(apart(explanation.density!.values, run.explanation.density!.values)).toBe(0)
    const [first, ...rest] = explanation.samples.map(({logits}) => logits)
    expect(rest.every((logits) => logits!.every((value, i) => value === first![i]))).toBe(true)
  })

  it('refuse an edit of another length, or of no head, by name', async () => {
    const edit = (head: number, length: number): Edits => ({
      ...nothing,
      heads: [{head, blockLayer: 0, offset: new Float32Array(length), spread: new Float32Array(length)}]
    })
    await expect(run.whatIf(edit(1, 63))).rejects.toThrow(
      'found an edit of head 2 with 63 offsets and 63 spreads; it has 64'
    )
    await expect(run.whatIf(edit(4, 64))).rejects.toThrow('there is no such head')
  })
})

it('without inputs there is nothing to edit', async () => {
  await openBackend('wasm')
  const {whatIf} = await explained(fixture('speech.pth'))
  await expect(whatIf(nothing)).rejects.toThrow('Found no inputs that ran')
})
