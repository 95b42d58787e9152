import {expect, it} from 'vitest'
import {fileReport} from '@/lib/engine/fileReport'
import {detect} from '@/lib/models/detect'
import type {Settings} from '@/lib/models/family'
import {foundModules, moduleSize, unusedBy} from '@/lib/views/foundModules'
import {memoryArchive, tensor} from '../fixtures/memoryArchive'

const head = (features: number) => ({c: tensor([1, features], 2), mean_offset: tensor([1, features])})
const archive = () =>
  memoryArchive({
    state_dict: {audio: {gcts: [head(8)]}, text: {gcts: [head(4), head(4)]}, encoder: {weight: tensor([5, 3])}},
    optimizer: {state: tensor([7])}
  })
const reportOf = (settings: Settings = {}) => fileReport(archive(), detect(archive(), settings))

it('every module of a file is listed with its place, its heads and its features, the likeliest first', () => {
  const found = foundModules(reportOf())
  expect(found.map((module) => [module.at, module.headCount, moduleSize(module)])).toEqual([
    ['text.gcts.0–1', 2, '4 features'],
    ['audio.gcts.0', 1, '8 features']
  ])
})

it('what a module does not use is listed with its shape, and says which other module does', () => {
  const report = reportOf()
  const [text] = foundModules(report)
  expect(unusedBy(text!, report).map(({entry, usedAt}) => [entry.name, entry.shape, usedAt])).toEqual([
    ['state_dict.audio.gcts.0.c', [1, 8], 'audio.gcts.0'],
    ['state_dict.audio.gcts.0.mean_offset', [1, 8], 'audio.gcts.0'],
    ['state_dict.encoder.weight', [5, 3], null]
  ])
})

it('the state of an optimiser is no parameter that was left unused', () => {
  const report = reportOf()
  expect(report.entries.some(({name}) => name.startsWith('optimizer'))).toBe(true)
  expect(foundModules(report).flatMap((module) => unusedBy(module, report))).not.toContainEqual(
    expect.objectContaining({entry: expect.objectContaining({name: expect.stringMatching(/^optimizer/)})})
  )
})

it('a module that was bound by hand stands before those that were found', () => {
  const bindings = {
    'head 0 mean offset': 'state_dict.audio.gcts.0.mean_offset',
    'head 0 scaled variance': 'state_dict.audio.gcts.0.c'
  }
  const report = reportOf({bindings, family: 'layer-density', heads: 1})
  expect(foundModules(report).map(({at}) => at)).toEqual([
    'state_dict.audio.gcts.0, bound by hand',
    'text.gcts.0–1',
    'audio.gcts.0'
  ])
  expect(foundModules(report)[0]!.bindings.map(({name}) => name)).toEqual(Object.values(bindings))
})
