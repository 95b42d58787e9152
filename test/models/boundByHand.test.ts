import {expect, it} from 'vitest'
import {candidates, trainingState} from '@/lib/models/candidates'
import {detect} from '@/lib/models/detect'
import {checkRoles} from '@/lib/models/handRoles'
import {memoryArchive, tensor} from '../fixtures/memoryArchive'

const strange = () =>
  memoryArchive({
    pool: {mu: tensor([1, 64]), var: tensor([1, 64], 2)},
    top: {a: tensor([16, 12, 3, 3]), b: tensor([12, 16, 3, 3]), out: tensor([4, 768]), wide: tensor([4, 40 * 5120])},
    optimizer: {state: {0: {exp_avg: tensor([64])}}}
  })

const bindings = {'head 0 mean offset': 'pool.mu', 'head 0 scaled variance': 'pool.var'}
const whole = {...bindings, 'conv1 weight': 'top.a', 'conv2 weight': 'top.b', 'fc weight': 'top.out'}

it('tensors of any name become the heads and the classifier they are bound to', () => {
  const archive = strange()
  expect(detect(archive)).toMatchObject({family: null})
  expect(detect(archive, {bindings: whole})).toMatchObject({
    family: 'layer-density',
    at: 'bound by hand',
    headCount: 1,
    layers: 12,
    features: 64,
    classCount: 4,
    settings: {bindings: whole, family: 'layer-density', heads: 1}
  })
})

it('a block is bound by the roles of its one layer', () => {
  const archive = memoryArchive({x: tensor([4]), y: tensor([4], 1)})
  const bound = {'head 0 mean offsets': 'x', 'head 0 spreads': 'y'}
  expect(detect(archive, {bindings: bound})).toMatchObject({family: 'density-block', headCount: 1})
})

it.each([
  [{'head 0 mean offset': 'pool.nu'}, 'head 0 mean offset: memory.pth holds no tensor named pool.nu'],
  [{'head 0 mean offset': 'pool.mu'}, 'head 0 scaled variance is not bound; a tensor of (1, features) is needed'],
  [{...bindings, nose: 'pool.mu'}, 'there is no role "nose"']
])('a binding that cannot hold is refused in one sentence', (bound, sentence) => {
  expect(() => detect(strange(), {bindings: bound})).toThrow(sentence)
})

it('each role says how its tensor fits beside the others', () => {
  const {entries} = strange()
  const bound: Record<string, string> = {...whole, 'conv2 weight': 'top.b', 'fc weight': 'top.wide'}
  const checks = checkRoles('layer-density', 1, (role) => entries.find(({name}) => name === bound[role]))
  expect(checks.get('head 0 mean offset')).toEqual({state: 'fits', text: '(1, 64) fits'})
  expect(checks.get('fc bias')).toEqual({state: 'open', text: 'left out; (classes) where there is one'})
  expect(checks.get('fc weight')).toEqual({
    state: 'disagrees',
    text: 'fc has 204,800 columns, which 12 layers cannot share equally'
  })
})

it('a classifier built for other features is told apart in numbers', () => {
  const shapes: Record<string, number[]> = {
    'head 0 mean offset': [1, 1024],
    'head 0 scaled variance': [1, 1024],
    'conv2 weight': [40, 512, 3, 3],
    'fc weight': [4, 40 * 5120]
  }
  const checks = checkRoles('layer-density', 1, (role) => {
    const shape = shapes[role]
    return shape && {kind: 'tensor', name: role, dtype: 'f32', shape, byteLength: 0}
  })
  expect(checks.get('fc weight')!.text).toBe('mean_offset has 1,024 features, fc expects 40 × 5,120')
})

it('every family says what it found, and what it needs where it found nothing', () => {
  const found = candidates(
    memoryArchive({gcts: [{c: tensor([1, 8], 2), mean_offset: tensor([1, 8])}], other: tensor([3])})
  )
  expect(found.find(({family}) => family === 'layer-density')!.modules).toMatchObject([
    {
      at: 'gcts.0',
      headCount: 1,
      layers: null,
      features: 8,
      bindings: [{role: 'head 0 mean offset'}, {role: 'head 0 scaled variance'}]
    }
  ])
  expect(found.find(({family}) => family === 'density-gate')!.modules).toEqual([])
})

it('the optimiser is counted and never taken for the model', () => {
  expect(trainingState(strange())).toEqual({optimiser: {tensors: 1, numbers: 64}, savedMaps: null})
})
