import {expect, it} from 'vitest'
import {featuresEntry, looksLikeInputs, readFeatures, readLabels, readPictures} from '@/lib/engine/inputArrays'
import {joinedPictures} from '@/lib/engine/inputs'
import {memoryArchive, tensor, typedTensor} from '../fixtures/memoryArchive'

const inputs = (contents: Parameters<typeof memoryArchive>[0]) => memoryArchive(contents, {name: 'in.pt'})
const x = tensor([3, 2, 4], 0.5)

it.each(['features', 'hidden_states', 'array'])('the array named %s is the features, whatever else is there', (key) => {
  expect(featuresEntry(inputs({other: tensor([9, 9]), [key]: x}).entries)?.name).toBe(key)
})

it('without a name, the only array of two or more axes is the features', () => {
  const archive = inputs({x, labels: tensor([3]), images: tensor([3, 8, 8]), scale: tensor([])})
  expect(featuresEntry(archive.entries)?.name).toBe('x')
})

it('one vector is no features', () => expect(featuresEntry(inputs({v: tensor([5])}).entries)).toBeNull())

it('a list of several inputs in one file is refused rather than cut to its first', async () => {
  const several = inputs([{features: tensor([2, 4])}, {features: tensor([2, 4])}])
  await expect(readFeatures(several)).rejects.toThrow(
    'in.pt: found 2 arrays, 0.features (2, 4), 1.features (2, 4); needed one named features'
  )
})

it('a file of several matrices looks like a checkpoint, unless it is NumPy or names its features', () => {
  const matrices = {a: tensor([2, 4]), b: tensor([2, 4])}
  expect(looksLikeInputs(memoryArchive(matrices))).toBe(false)
  expect(looksLikeInputs(memoryArchive(matrices, {format: 'NumPy .npz'}))).toBe(true)
  expect(looksLikeInputs(memoryArchive([{features: x}, {features: x}]))).toBe(true)
})

it('an empty file is refused with what was found and needed', async () => {
  await expect(readFeatures(inputs({}))).rejects.toThrow('in.pt: found no array; needed one named features')
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
