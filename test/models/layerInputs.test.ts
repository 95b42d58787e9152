import {beforeAll, describe, expect, it} from 'vitest'
import {ShapeError} from '@/lib/core/errors'
import {AmbiguousLayout} from '@/lib/models/ambiguousLayout'
import {openBackend} from '@/lib/models/backend'
import {arrangeLayers} from '@/lib/models/layerInputs'

const twelve = {layers: 12, heads: 4, features: 6}
const unknown = {layers: null, heads: 4, features: 6}

beforeAll(() => openBackend('cpu'))

const array = (...shape: number[]) => {
  const values = Float32Array.from({length: shape.reduce((a, b) => a * b, 1)}, (_, i) => i)
  return {dtype: 'f32', shape, values} as const
}

describe('hidden states are read by the counts of the model', () => {
  it.each([
    [[12, 6], 1, 'layers, features'],
    [[5, 12, 6], 5, 'batch, layers, features'],
    [[12, 5, 6], 1, 'layers, time, features; time averaged'],
    [[2, 12, 5, 6], 2, 'batch, layers, time, features; time averaged'],
    [[2, 12, 1, 6], 2, 'batch, layers, time, features'],
    [[2, 12, 1, 5, 6], 2, 'batch, layers, 1, time, features; time averaged'],
    [[12, 1, 5, 6], 1, 'layers, 1, time, features; time averaged']
  ])('%j as %i inputs', async (shape, count, reading) => {
    const samples = await arrangeLayers(array(...shape), twelve, {})
    expect(samples).toMatchObject({count, sampleShape: [12, 6], reading: `(${shape.join(', ')}) read as ${reading}`})
    expect(samples.values.length).toBe(count * 12 * 6)
  })

  it('averages time in float64', async () => {
    const values = Float32Array.from({length: 12 * 1000 * 6}, (_, i) => (i % 2 ? 16_777_216 : 1))
    const {values: averaged} = await arrangeLayers({dtype: 'f32', shape: [12, 1000, 6], values}, twelve, {})
    expect([...averaged.subarray(0, 2)]).toEqual([1, 16_777_216])
  })

  it.each([
    ['i64', BigInt64Array.from({length: 72}, (_, i) => BigInt(i - 5))],
    ['i8', Int8Array.from({length: 72}, (_, i) => i - 5)],
    ['f64', Float64Array.from({length: 72}, (_, i) => i - 5)]
  ] as const)('takes %s', async (dtype, values) => {
    const samples = await arrangeLayers({dtype, shape: [12, 6], values}, twelve, {})
    expect([...samples.values.subarray(0, 3)]).toEqual([-5, -4, -3])
  })

  it('takes an array as it stands without copying it', async () => {
    const input = array(5, 12, 6)
    expect((await arrangeLayers(input, twelve, {})).values).toBe(input.values)
  })
})

describe('an array that can be read in two ways', () => {
  it.each([
    ['as many inputs as layers', [12, 12, 6], twelve],
    ['the number of layers unknown', [8, 4, 6], unknown]
  ])('is asked about: %s', async (_, shape, counts) => {
    await expect(arrangeLayers(array(...shape), counts, {})).rejects.toThrow(AmbiguousLayout)
    expect(await arrangeLayers(array(...shape), counts, {layout: 'batch'})).toMatchObject({count: shape[0]})
    expect(await arrangeLayers(array(...shape), counts, {layout: 'time'})).toMatchObject({count: 1})
  })

  it('asks in words, with both answers', async () => {
    const refused = await arrangeLayers(array(12, 12, 6), twelve, {}).catch((error: unknown) => error)
    const {message, question} = refused as AmbiguousLayout
    expect(message).toContain('(12, 12, 6) fits both (batch, layers, features) and (layers, time, features)')
    expect(question.options).toEqual([
      {label: '12 inputs of 12 layers', value: {layout: 'batch'}},
      {label: 'one input of 12 layers and 12 time steps', value: {layout: 'time'}}
    ])
  })

  it('is not asked about when only one reading fits, whatever was said before', async () => {
    expect(await arrangeLayers(array(5, 12, 6), twelve, {layout: 'time'})).toMatchObject({count: 5})
    expect(await arrangeLayers(array(1, 8, 6), {layers: null, heads: 1, features: 6}, {})).toMatchObject({count: 1})
  })
})

describe('an array that does not fit is refused with both shapes', () => {
  it.each([
    [[12, 7], '(12, 7)'],
    [[11, 6], '(11, 6)'],
    [[72], '(72)'],
    [[2, 12, 2, 5, 6], '(2, 12, 2, 5, 6)'],
    [[1, 2, 12, 1, 5, 6], '(1, 2, 12, 1, 5, 6)'],
    [[], '()'],
    [[0, 12, 6], '(0, 12, 6), which is empty'],
    [[12, 0, 6], '(12, 0, 6), which is empty']
  ])('%j', async (shape, text) => {
    const arrange = () => arrangeLayers(array(...shape), twelve, {})
    await expect(arrange()).rejects.toThrow(ShapeError)
    await expect(arrange()).rejects.toThrow(
      `the inputs are ${text}; the checkpoint needs (12, 6), alone or as (12, time, 6), (batch, 12, time, 6) or (batch, 12, 1, time, 6)`
    )
  })

  it('when the layers cannot be shared equally by the heads', async () => {
    await expect(arrangeLayers(array(10, 6), unknown, {})).rejects.toThrow('needs (a multiple of 4 layers, 6)')
  })
})
