import {beforeAll, describe, expect, it} from 'vitest'
import {explain, type Outcome} from '@/lib/engine/story'
import {type Edit, editedHeads, editsOf, maskedBy} from '@/lib/explain/edit'
import {isEditable} from '@/lib/explain/isEditable'
import {whyNotEditable} from '@/lib/explain/whyNotEditable'
import {openBackend} from '@/lib/models/backend'
import {apart, digits, fixture, sources} from '../engine/files'
import {boards, spectrograms} from '../fixtures/planes'

type Explained = Extract<Outcome, {kind: 'explained'}>

async function explained(...paths: readonly [string, ...string[]]): Promise<Explained> {
  const [checkpoint, ...inputs] = await sources(...paths)
  const outcome = await explain({checkpoint: checkpoint!, inputs, settings: {}})
  if (outcome.kind !== 'explained') throw new Error(`expected an explanation, got ${outcome.kind}`)
  return outcome
}

const shift: Edit = {kind: 'gaussians', head: 0, only: [1], shift: 0.5, scale: 0.5}
const whole: Edit = {kind: 'gaussians', head: 0, only: null, shift: -0.25, scale: 1.5}

beforeAll(async () => {
  await openBackend('wasm')
})

describe.each([
  ['layers', [digits('checkpoint.pth'), digits('inputs.npz')]],
  ['a block', [fixture('block.pth'), fixture('block_input.npy')]]
] as const)('edited Gaussians of density attention over %s', (_, paths) => {
  it('stand at once where the engine then finds them', async () => {
    const {explanation, whatIf} = await explained(...paths)
    expect(isEditable(explanation)).toBe(true)
    const at = editedHeads(explanation, [shift, whole])[0]!
    const found = (await whatIf(editsOf(explanation, [shift, whole]))).explanation.heads[0]!
    expect([...at.offset]).toEqual([...found.offset])
    expect([...at.spread]).toEqual([...found.spread])
    expect(apart(at.variance, found.variance)).toBeLessThan(1e-5)
    expect(apart(at.offsetZ!, found.offsetZ!)).toBeLessThan(1e-4)
    expect(at.effective === null).toBe(found.effective === null)
    if (at.effective && found.effective) {
      expect(at.effective.variance).toBeCloseTo(found.effective.variance, 5)
      expect(at.effective.offsetZ!).toBeCloseTo(found.effective.offsetZ!, 4)
    }
  })

  it('move by what was said in z', async () => {
    const {explanation} = await explained(...paths)
    const before = explanation.heads[0]!
    const after = editedHeads(explanation, [shift])[0]!
    expect(after.offsetZ![1]! - before.offsetZ![1]!).toBeCloseTo(0.5, 4)
    expect(after.offset[0]).toBe(before.offset[0])
    expect(after.spread[1]).toBe(before.spread[1]! / 2)
  })
})

it('masks of layers, heads and features come to rows and columns of the map, once each', async () => {
  const {explanation} = await explained(digits('checkpoint.pth'), digits('inputs.npz'))
  const mask = (of: 'layer' | 'head' | 'feature', index: number): Edit => ({kind: 'mask', of, index})
  expect(maskedBy(explanation, [mask('layer', 4), mask('head', 1), mask('feature', 9), mask('feature', 99)])).toEqual({
    rows: [3, 4, 5],
    cols: [9]
  })
})

it('without inputs nothing can be edited', async () => {
  const {explanation} = await explained(fixture('speech.pth'))
  expect(isEditable(explanation)).toBe(false)
})

it('where there are no Gaussians a sentence says why nothing is dragged or masked', async () => {
  expect(whyNotEditable(await boards())).toMatch(/^There are no Gaussians to drag\..*a mask for a hop/)
  expect(whyNotEditable(await spectrograms())).toMatch(/^There are no Gaussians to drag\..*a mask for a block/)
  const {explanation} = await explained(digits('checkpoint.pth'), digits('inputs.npz'))
  expect(whyNotEditable(explanation)).toBeNull()
})
