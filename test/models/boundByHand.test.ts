import {expect, it} from 'vitest'
import {candidates, trainingState} from '@/lib/models/candidates'
import {detect, load} from '@/lib/models/detect'
import type {Detection} from '@/lib/models/family'
import {checkRoles, type HandFamily} from '@/lib/models/handRoles'
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
    at: 'pool.mu, bound by hand',
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

it('tensors that stand together are told by their place', () => {
  expect(detect(strange(), {bindings})).toMatchObject({at: 'pool, bound by hand'})
})

it('a block of several layers is bound layer by layer', () => {
  const archive = memoryArchive({a: tensor([4]), b: tensor([4], 1), c: tensor([3]), d: tensor([3], 1)})
  const bound = {
    'layer 0 head 0 mean offsets': 'a',
    'layer 0 head 0 spreads': 'b',
    'layer 1 head 0 mean offsets': 'c',
    'layer 1 head 0 spreads': 'd'
  }
  const detection = detect(archive, {bindings: bound})
  expect(detection).toMatchObject({family: 'density-block', headCount: 1})
  expect((detection as Detection).bindings.map(({role, name}) => [role, name])).toEqual(Object.entries(bound))
})

it('Gaussians that are added are bound with their weights', async () => {
  const archive = memoryArchive({a: tensor([2]), b: tensor([2], 2), w: tensor([2], [0, Math.log(3)])})
  const bound = {'head 0 mean offsets': 'a', 'head 0 spreads': 'b', 'head 0 weights': 'w'}
  const detection = detect(archive, {bindings: bound}) as Detection
  expect(detection).toMatchObject({family: 'additive-density', title: 'additive density block'})
  const model = await load(archive, detection)
  expect([...model.heads[0]!.mixture!.heights].map((height) => Number(height.toFixed(6)))).toEqual([0.25, 0.75])
})

it('a gate is bound with its projection', async () => {
  const archive = memoryArchive({m: tensor([4]), s: tensor([4], -1), p: tensor([1, 6, 1], 1)})
  const bound = {'mean offsets': 'm', 'log spreads': 's', 'projection weight': 'p'}
  const detection = detect(archive, {bindings: bound}) as Detection
  expect(detection).toMatchObject({family: 'density-gate', features: 6})
  expect((await load(archive, detection)).heads[0]!.offset).toHaveLength(4)
  expect(() => detect(archive, {bindings: {'mean offsets': 'm', 'log spreads': 's'}})).toThrow(
    'projection weight is not bound; a tensor of (1, channels, 1) is needed'
  )
})

it('layer weights are bound by their one tensor, and it is asked how they are used', async () => {
  const archive = memoryArchive({mix: tensor([12], 1)})
  const detection = detect(archive, {bindings: {'layer weights': 'mix'}, layerMix: 'raw'}) as Detection
  expect(detection).toMatchObject({family: 'layer-weights', layers: 12, settings: {layerMix: 'raw'}})
  expect((await load(archive, detection)).own!.density).toEqual(new Float32Array(12).fill(1))
})

it('every role of every mechanism says when its tensor cannot fill it', () => {
  const shapes: Record<string, number[]> = {a: [4], b: [3], p: [2, 6], one: [1]}
  const said = (family: HandFamily, bound: Record<string, string>, blockLayers?: number) => {
    const filled = (role: string) => {
      const name = bound[role]
      return name === undefined
        ? undefined
        : ({kind: 'tensor', name, dtype: 'f32', shape: shapes[name]!, byteLength: 0} as const)
    }
    const checks = checkRoles(family, 1, filled, blockLayers)
    return Object.keys(bound).map((role) => checks.get(role)!.text)
  }
  const unequal = 'mean_offset is (4), c is (3); they must be equal'
  expect(said('density-gate', {'mean offsets': 'a', 'log spreads': 'b'})).toEqual([unequal, unequal])
  expect(said('density-gate', {'projection weight': 'p'})).toEqual([
    'the projection is (2, 6); (1, channels, 1) is needed'
  ])
  expect(said('layer-weights', {'layer weights': 'p'})).toEqual(['(2, 6); one axis, (layers), is needed'])
  expect(said('additive-density', {'head 0 mean offsets': 'a', 'head 0 weights': 'b'})[1]).toBe(
    'mean_offset is (4), its weights are (3); they must be equal'
  )
  expect(said('density-block', {'layer 1 head 0 mean offsets': 'a', 'layer 1 head 0 spreads': 'b'}, 2)).toEqual([
    unequal,
    unequal
  ])
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
