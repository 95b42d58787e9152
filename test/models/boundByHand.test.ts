import {describe, expect, it} from 'vitest'
import {candidates, trainingState} from '@/lib/models/candidates'
import {detect, load} from '@/lib/models/detect'
import type {Detection} from '@/lib/models/family'
import {checkRoles, type HandFamily, handLayout} from '@/lib/models/handRoles'
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

describe('a stack is bound by the layers of each hop', () => {
  // The state is 4 wide, latent states 6, and the last of them 5.
  const parts = {
    l0: tensor([6, 4], 0.1),
    q0: tensor([6, 4], 0.2),
    p0: tensor([1, 6], 0.3),
    l1: tensor([5, 4], 0.1),
    q1: tensor([5, 4], 0.2),
    p1: tensor([1, 5], 0.3),
    carry: tensor([5, 6], 0.1),
    out: tensor([3, 9], 0.1),
    plain: tensor([3, 4], 0.1),
    bias: tensor([6])
  }
  const hops = {
    'hop 0 regions look weight': 'l0',
    'hop 0 regions look bias': 'bias',
    'hop 0 regions ask weight': 'q0',
    'hop 0 regions point weight': 'p0',
    'hop 1 regions look weight': 'l1',
    'hop 1 regions ask weight': 'q1',
    'hop 1 regions point weight': 'p1'
  }

  it('whose names say nothing', async () => {
    const bound = {...hops, 'answer weight': 'plain'}
    const archive = memoryArchive({x: parts})
    const named = Object.fromEntries(Object.entries(bound).map(([role, name]) => [role, `x.${name}`]))
    const detection = detect(archive, {bindings: named, map: [2, 3]}) as Detection
    expect(detection).toMatchObject({
      family: 'stacked-latent',
      title: 'stacked attention',
      at: 'x, bound by hand',
      layers: 2,
      classCount: 3,
      missing: [],
      disagreements: [],
      settings: {bindings: named, family: 'stacked-latent', heads: 2, map: [2, 3]}
    })
    expect(Object.fromEntries(detection.bindings.map(({role, name}) => [role, name]))).toEqual(named)
    const model = await load(archive, detection, {running: true})
    expect(model.axes([6, 4]).plane).toMatchObject({height: 2, width: 3})
    model.dispose()
  })

  it('latent, where a hop carries latent states on and the answer reads them', () => {
    const bound = {...hops, 'hop 1 regions carry weight': 'carry', 'answer weight': 'out'}
    expect(detect(memoryArchive(parts), {bindings: bound})).toMatchObject({
      title: 'stacked latent attention, a reconstruction',
      missing: []
    })
  })

  it('as the released code writes them, which what points tells: weights are (in, out)', () => {
    const turned = Object.fromEntries(
      Object.entries(parts).map(([name, {shape}]) => [name, tensor([...shape].reverse(), 0.1)])
    )
    const {'hop 0 regions look bias': _, ...bound} = {...hops, 'answer weight': 'plain'}
    const detection = detect(memoryArchive(turned), {bindings: bound})
    expect(detection).toMatchObject({title: 'stacked attention, as in the released code', classCount: 3, missing: []})
  })

  it('with a second stream over words', () => {
    const words = Object.fromEntries(
      Object.entries(hops).map(([role, name]) => [role.replace('regions', 'words'), name])
    )
    expect(detect(memoryArchive(parts), {bindings: {...hops, ...words}})).toMatchObject({
      title: 'stacked attention, two streams'
    })
    const {'hop 1 words ask weight': _, ...lacking} = words
    expect(() => detect(memoryArchive(parts), {bindings: {...hops, ...lacking}})).toThrow(
      'hop 1 words ask weight is not bound; a tensor of (latent, state) is needed'
    )
  })

  it.each([
    [
      {'hop 1 regions point weight': 'p0'},
      'hop 1 regions point weight: p0 (1, 6) has 6 columns, its latent states have 5'
    ],
    [{'answer weight': 'wide'}, 'answer weight: wide (3, 640) has 640 columns, the state gives 4'],
    [{'hop 0 regions look bias': 'q0'}, 'hop 0 regions look bias: q0 has 24 numbers, l0 gives 6'],
    [{'hop 2 regions look weight': 'l0'}, 'hop 2 regions ask weight is not bound']
  ])('and refused with both numbers where they do not fit', (changes, sentence) => {
    const archive = memoryArchive({...parts, wide: tensor([3, 640])})
    expect(() => detect(archive, {bindings: {...hops, ...changes}})).toThrow(sentence)
  })

  it('each role says in the panel how its tensor fits, or what is still needed', () => {
    const {entries} = memoryArchive(parts)
    const bound: Record<string, string> = {...hops, 'hop 1 regions carry weight': 'carry', 'answer weight': 'plain'}
    const filled = (role: string) => entries.find(({name}) => name === bound[role])
    const layout = handLayout('stacked-latent', 2, Object.keys(bound), filled)
    const checks = checkRoles('stacked-latent', 2, filled, layout)
    expect(checks.get('hop 1 regions ask weight')).toEqual({state: 'fits', text: '(5, 4) fits'})
    expect(checks.get('answer weight')).toEqual({
      state: 'disagrees',
      text: 'plain (3, 4) has 4 columns, the state and the latent states of the last hop give 9'
    })
    expect(checks.get('regions projection weight')).toEqual({
      state: 'open',
      text: 'left out; (state, width) where there is one'
    })
    expect(checks.has('hop 0 regions carry weight')).toBe(false)
  })
})

it('a pyramid is not bound by hand, and it is said why and what to do', () => {
  expect(() => detect(strange(), {bindings, family: 'deformable-audio'})).toThrow(
    /^A pyramid has some twenty tensors in every block, .* docs\/deformable-audio\.md/
  )
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
    const checks = checkRoles(family, 1, filled, blockLayers ? {blockLayers} : {})
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
