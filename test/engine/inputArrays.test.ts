import {describe, expect, it} from 'vitest'
import {
  featureEntries,
  inputEntries,
  looksLikeInputs,
  namedEntries,
  readLabels,
  readLabelsAt,
  readPictures
} from '@/lib/engine/inputArrays'
import {joinedPictures} from '@/lib/engine/inputs'
import {memoryArchive, tensor, typedTensor} from '../fixtures/memoryArchive'

const inputs = (contents: Parameters<typeof memoryArchive>[0]) => memoryArchive(contents, {name: 'in.pt'})
const x = tensor([3, 2, 4], 0.5)

it.each(['features', 'hidden_states', 'array'])('the array named %s is the features, whatever else is there', (key) => {
  expect(featureEntries(inputs({other: tensor([9, 9]), [key]: x}).entries).map(({name}) => name)).toEqual([key])
})

it('without a name, the only array of two or more axes is the features', () => {
  const archive = inputs({x, labels: tensor([3]), images: tensor([3, 8, 8]), scale: tensor([])})
  expect(featureEntries(archive.entries).map(({name}) => name)).toEqual(['x'])
})

it('one vector is no features', () => expect(featureEntries(inputs({v: tensor([5])}).entries)).toEqual([]))

it('a list of several inputs in one file is all of them, each with the label beside it', async () => {
  const several = inputs([
    {features: tensor([2, 4]), label: 'b'},
    {features: tensor([2, 4]), label: typedTensor('i64', [], BigInt64Array.of(3n))}
  ])
  const byName = new Map(several.entries.map((entry) => [entry.name, entry]))
  expect(inputEntries(several).map(({name}) => name)).toEqual(['0.features', '1.features'])
  expect([await readLabelsAt(several, '0.', byName), await readLabelsAt(several, '1.', byName)]).toEqual([['b'], [3]])
  expect(await readLabelsAt(several, '', byName)).toBeNull()
})

it('labels beside an array are found under a name that holds dots itself', async () => {
  const dotted = inputs({'u.1': {features: tensor([2, 4]), label: 2}, 'u.2': {features: tensor([2, 4]), label: 5}})
  expect(await readLabelsAt(dotted, 'u.2.', new Map())).toEqual([5])
})

it('of several arrays without a name, most must be of one kind: then each is an input, whatever its length in time', () => {
  const kind = {a: tensor([4, 9, 6]), b: tensor([4, 7, 6]), odd: tensor([4, 5])}
  expect(inputEntries(inputs({...kind, labels: tensor([3])})).map(({name}) => name)).toEqual(['a', 'b', 'odd'])
  expect(() => inputEntries(inputs({x: tensor([3, 2, 4]), mask: tensor([3, 2])}))).toThrow(
    'in.pt: found 2 arrays, x (3, 2, 4), mask (3, 2); needed one named features'
  )
})

it('safetensors of many arrays of one kind look like inputs; those of a model do not', () => {
  const format = 'safetensors in 3 files'
  const utterances = Object.fromEntries(Array.from({length: 40}, (_, i) => [`u${i}`, tensor([4, 6])]))
  expect(looksLikeInputs(memoryArchive({...utterances, labels: tensor([40])}, {format}))).toBe(true)
  expect(looksLikeInputs(memoryArchive({...utterances, odd: tensor([6, 12])}, {format}))).toBe(true)
  const layer = () => ({
    q: tensor([6, 6]),
    k: tensor([6, 6]),
    up: tensor([12, 6]),
    down: tensor([6, 12]),
    n: tensor([6])
  })
  expect(looksLikeInputs(memoryArchive([layer(), layer()], {format}))).toBe(false)
})

it('a file of several matrices looks like a checkpoint, unless it is NumPy or names its features', () => {
  const matrices = {a: tensor([2, 4]), b: tensor([2, 4])}
  expect(looksLikeInputs(memoryArchive(matrices))).toBe(false)
  expect(looksLikeInputs(memoryArchive(matrices, {format: 'NumPy .npz'}))).toBe(true)
  expect(looksLikeInputs(memoryArchive([{features: x}, {features: x}]))).toBe(true)
})

it('an empty file is refused with what was found and needed', () => {
  expect(() => inputEntries(inputs({}))).toThrow('in.pt: found no array; needed one named features')
})

it('where the only array was left out, the refusal says why', () => {
  const text = 'features: an array of Python objects (|O), shape (1); left out'
  const objects = {...inputs({}), findings: [{kind: 'skipped', text}] as const}
  expect(() => inputEntries(objects)).toThrow(`found no array (${text}); needed`)
})

it.each([
  ['an integer tensor', {x, labels: typedTensor('i64', [3], BigInt64Array.from([2n, 0n, 1n]))}, [2, 0, 1]],
  ['a list of numbers', {x, labels: [2, 0, 1]}, [2, 0, 1]],
  ['a list of names', {x, labels: ['b', 'a', 'a']}, ['b', 'a', 'a']],
  ['one name', {features: x, label: 'angry'}, ['angry']],
  ['a zero-dimensional tensor', {x, label: typedTensor('i32', [], Int32Array.of(4))}, [4]],
  ['nothing', {x}, null],
  ['one-hot rows, which are no labels', {x, labels: tensor([3, 2])}, null]
])('labels may be %s', async (_, contents, labels) => {
  expect(await readLabels(inputs(contents))).toEqual(labels)
})

it('pictures are inked so that their largest value is black', async () => {
  const images = typedTensor('u8', [2, 1, 2], Uint8Array.of(0, 16, 8, 4))
  const pictures = await readPictures(inputs({x, images}))
  expect(pictures).toMatchObject({count: 2, height: 1, width: 2})
  expect([...pictures!.values]).toEqual([0, 255, 127, 63])
})

it('pictures of all files stand one after the other, or none are shown', () => {
  const one = {count: 1, width: 2, height: 1, values: Uint8Array.of(1, 2)}
  const two = {count: 1, width: 2, height: 1, values: Uint8Array.of(3, 4)}
  expect(joinedPictures([one, two])).toEqual({count: 2, width: 2, height: 1, values: Uint8Array.of(1, 2, 3, 4)})
  expect(joinedPictures([one, null])).toBeNull()
  expect(joinedPictures([one, {...two, width: 1, height: 2}])).toBeNull()
})

describe('the arrays that a model asks for by name', () => {
  const names = ['regions', 'question']
  it('make up one set for each path they stand under', () => {
    const set = () => ({regions: tensor([3, 2, 4]), question: tensor([3, 4])})
    const archive = inputs({a: set(), b: set()})
    expect(
      namedEntries(archive, names).map(({entry, beside}) => [entry.name, [...beside.values()].map(({name}) => name)])
    ).toEqual([
      ['a.regions', ['a.question']],
      ['b.regions', ['b.question']]
    ])
  })

  it('take along what may stand beside them', () => {
    const own = (...keys: string[]) => Object.fromEntries(keys.map((key) => [key, tensor([3, 2, 4])]))
    const archive = inputs({
      a: own('regions', 'question', 'ids'),
      b: own('regions', 'question', 'other'),
      ...own('ids')
    })
    expect(namedEntries(archive, names, ['tokens', 'ids']).map(({beside}) => [...beside.keys()])).toEqual([
      ['question', 'ids'],
      ['question']
    ])
  })

  it('are named with what was found where one is missing', () => {
    expect(() => namedEntries(inputs({regions: x, other: tensor([3])}), names)).toThrow(
      'in.pt: found 2 arrays, regions (3, 2, 4), other (3); needed question beside regions'
    )
    expect(() => namedEntries(inputs({features: x}), names)).toThrow(
      'in.pt: found 1 array, features (3, 2, 4); needed arrays named regions and question'
    )
    expect(() => namedEntries(inputs({}), names)).toThrow(
      'in.pt: found no array; needed arrays named regions and question'
    )
  })

  it('make a file of them one of inputs', () =>
    expect(looksLikeInputs(memoryArchive({regions: x, question: tensor([3, 4])}, {format: 'safetensors'}))).toBe(true))
})
