import {expect, it} from 'vitest'
import {livePicture} from '@/lib/engine/livePicture'

const features = (shape: readonly number[], values: readonly number[]) =>
  ({dtype: 'f32', shape, values: Float32Array.from(values)}) as const

it('draws a spectrogram with low bands below, from the quietest to the loudest', () => {
  const picture = livePicture(features([1, 2, 3], [-1, 0, 1, 3, 2, -1]))
  expect(picture).toMatchObject({width: 3, height: 2})
  expect([...picture!.values]).toEqual([255, 191, 0, 0, 64, 128])
})

it('draws nothing for the states of layers', () => {
  expect(livePicture(features([2, 3], [1, 2, 3, 4, 5, 6]))).toBeNull()
})
