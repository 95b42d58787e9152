import {expect, it} from 'vitest'
import {type WithInputs, withInputs} from '@/lib/share/chosenInputs'
import {deletionLink, readDeletion} from '@/lib/share/deletionLink'
import {example} from './explanations'

const view = {
  order: 'model',
  map: 'density',
  pinned: 4,
  pinnedFeature: null,
  solo: null,
  enlarged: null,
  window: null,
  rowWindow: null,
  sample: 5
} as const

/** The digits with pictures of their first six inputs: a pixel each, its number. */
const whole: WithInputs = {
  explanation: example('digits'),
  pictures: {count: 6, width: 1, height: 1, values: Uint8Array.of(0, 1, 2, 3, 4, 5)},
  notes: [
    {at: {on: 'sample', sample: 5}, text: 'goes along'},
    {at: {on: 'sample', sample: 3}, text: 'stays'},
    {at: {on: 'layer', layer: 3}, text: 'is of no input'}
  ],
  view
}

it('inputs that are chosen go along with their pictures and notes, and nothing of the others does', () => {
  const {explanation, pictures, notes, view: seen} = withInputs(whole, [2, 5, 40])
  const {samples} = example('digits')
  expect(explanation.samples).toEqual([samples[2], samples[5], samples[40]])
  expect(explanation.provenance.samples).toBe(example('digits').provenance.samples)
  expect(pictures).toEqual({count: 2, width: 1, height: 1, values: Uint8Array.of(2, 5)})
  expect(notes).toEqual([
    {at: {on: 'sample', sample: 1}, text: 'goes along'},
    {at: {on: 'layer', layer: 3}, text: 'is of no input'}
  ])
  expect(seen.sample).toBe(1)
})

it('a selected input that stays behind is selected no more', () => {
  expect(withInputs(whole, [2]).view.sample).toBeNull()
  expect(withInputs(whole, [40]).pictures).toBeNull()
})

it('all inputs are what there is', () => {
  const all = whole.explanation.samples.map((_, index) => index)
  expect(withInputs(whole, all)).toEqual(whole)
})

it('a deletion link carries its token behind the hash and nowhere else', () => {
  const deletion = {id: 'abc_-9', token: 'TOKEN-1'}
  const link = deletionLink('https://lens.example', deletion)
  const {hash, search, pathname} = new URL(link)
  expect(readDeletion(hash)).toEqual(deletion)
  expect(pathname + search).not.toMatch(/TOKEN|abc/)
})

it.each([
  '',
  '#delete=',
  '#delete=a',
  '#delete=a.',
  '#delete=a.b.c',
  '#delete=../x.y',
  '#x=a.b',
  `#delete=${'a'.repeat(200)}.b`
])('%s is no deletion link', (hash) => {
  expect(readDeletion(hash)).toBeNull()
})
