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

it('after a role has its tensor, the next that lacks one is up, round and round', () => {
  const {roles} = readDraft({...draft, heads: 2, names: {'head 0 scaled variance': 'var'}}, tensors)
  expect(nextLacking(roles, 'head 0 scaled variance')).toBe('head 1 mean offset')
  expect(nextLacking(roles, 'head 1 scaled variance')).toBe('head 0 mean offset')
  const full = readDraft(draft, tensors).roles
  expect(nextLacking(full, 'head 0 mean offset')).toBe('head 0 mean offset')
})
