import {expect, it} from 'vitest'
import {fileReport} from '@/lib/engine/fileReport'
import {detect} from '@/lib/models/detect'
import type {Settings} from '@/lib/models/family'
import {firstDraft, type HandDraft, nextLacking, readDraft} from '@/lib/state/handDraft'
import {memoryArchive, tensor} from '../fixtures/memoryArchive'

const archive = memoryArchive({
  mu: tensor([1, 8]),
  var: tensor([1, 8], 2),
  wide: tensor([1, 9]),
  head: {weight: tensor([2, 6 * 8])}
})
const report = fileReport(archive, detect(archive))
const tensors = new Map(archive.entries.map((entry) => [entry.name, entry]))
const bindings = {'head 0 mean offset': 'mu', 'head 0 scaled variance': 'var'}
const draft: HandDraft = {family: 'layer-density', heads: 1, names: bindings, map: '', classes: ''}

it('of a file that nothing was recognised in, binding begins with nothing bound', () => {
  expect(firstDraft(report, {}, null)).toEqual({family: 'layer-density', heads: 1, names: {}, map: '', classes: ''})
})

it('what was bound, and the head count, map size and class names that were given, stand there again', () => {
  const before: Settings = {family: 'layer-density', heads: 1, bindings, map: [2, 4]}
  const again = firstDraft(report, before, ['a', 'b'])
  expect(again).toEqual({...draft, map: '2 × 4', classes: 'a, b'})
  const {settings, classes, obstacle} = readDraft(again, tensors)
  expect([settings, classes, obstacle]).toEqual([before, ['a', 'b'], null])
})

it('a name that no tensor has, a shape that disagrees and a role that is not filled stand in the way', () => {
  const with_ = (names: Record<string, string>) => readDraft({...draft, names}, tensors).obstacle
  expect(with_({...bindings, 'head 0 mean offset': 'nothing'})).toMatch(/^\d+ of 8 roles disagrees?\.$/)
  expect(with_({...bindings, 'head 0 mean offset': 'wide'})).toMatch(/of 8 roles disagree/)
  expect(with_({'head 0 mean offset': 'mu'})).toBe('1 of 8 roles still needs a tensor.')
})

it('a map size is height × width, and there are as many class names as the classifier has classes', () => {
  expect(readDraft({...draft, map: '8'}, tensors)).toMatchObject({mapIsWrong: true})
  expect(readDraft({...draft, map: '2x4'}, tensors).settings.map).toEqual([2, 4])
  const named = {...draft, names: {...bindings, 'fc weight': 'head.weight'}, classes: 'a, b, c'}
  expect(readDraft(named, tensors)).toMatchObject({classesAreWrong: true, obstacle: '3 class names, fc has 2 classes.'})
})

it('what was recognised of a stack stands in its roles, hops counted, and what was bound stands there again', () => {
  const layer = (outputs: number, inputs: number) => tensor([outputs, inputs], 0.1)
  const hop = (k: number) => ({
    [`sla.${k}.ff_image.weight`]: layer(6, 4),
    [`sla.${k}.ff_questions.weight`]: layer(6, 4),
    [`sla.${k}.ff_attention.weight`]: layer(1, 6)
  })
  const stack = memoryArchive({
    ...hop(0),
    ...hop(1),
    'sla.1.ff_latent.weight': layer(6, 6),
    'answer.weight': layer(3, 10)
  })
  const all = new Map(stack.entries.map((entry) => [entry.name, entry]))
  const first = firstDraft(fileReport(stack, detect(stack)), {}, null)
  expect([first.family, first.heads, Object.keys(first.names).length]).toEqual(['stacked-latent', 2, 8])
  const {settings, obstacle, roles} = readDraft(first, all)
  expect([obstacle, settings.bindings]).toEqual([null, first.names])
  expect(roles.find(({role}) => role === 'hop 1 regions carry weight')?.state).toBe('fits')
  const bound = detect(stack, settings)
  expect(bound).toMatchObject({title: 'stacked latent attention, a reconstruction', settings})
  expect(firstDraft(fileReport(stack, bound), settings, null)).toEqual(first)
  expect(readDraft({...first, heads: 3}, all).obstacle).toBe('4 of 24 roles still need a tensor.')
  expect(readDraft({...first, classes: 'a, b'}, all).obstacle).toBe('2 class names, answer has 3 classes.')
})

it('a block of several layers stands in the roles of each', () => {
  const block = memoryArchive({
    layers: [0, 1].map(() => ({attention_heads: [{mean_offsets: tensor([4]), c: tensor([4], 1)}]}))
  })
  const first = firstDraft(fileReport(block, detect(block)), {}, null)
  const {settings, obstacle} = readDraft(first, new Map(block.entries.map((entry) => [entry.name, entry])))
  expect(obstacle).toBeNull()
  expect(settings.bindings).toEqual(first.names)
  expect(Object.keys(first.names)).toContain('layer 1 head 0 spreads')
})

it('a pyramid has no roles, and says why and what to do', () => {
  const pyramid = readDraft({...draft, family: 'deformable-audio'}, tensors)
  expect(pyramid.roles).toEqual([])
  expect(pyramid.obstacle).toContain('give them the names of LeapLabTHU/DAT, as docs/deformable-audio.md says')
})

it('after a role has its tensor, the next that lacks one is up, round and round', () => {
  const {roles} = readDraft({...draft, heads: 2, names: {'head 0 scaled variance': 'var'}}, tensors)
  expect(nextLacking(roles, 'head 0 scaled variance')).toBe('head 1 mean offset')
  expect(nextLacking(roles, 'head 1 scaled variance')).toBe('head 0 mean offset')
  const full = readDraft(draft, tensors).roles
  expect(nextLacking(full, 'head 0 mean offset')).toBe('head 0 mean offset')
})
