import {expect, it} from 'vitest'
import {chosenPoints} from '@/components/export/chosenPoints'
import {ReaderError} from '@/lib/core/errors'
import {grid} from '@/lib/core/grid'
import type {Explanation} from '@/lib/explain/explanation'
import type {SamplingPoints} from '@/lib/models/family'
import {atRest} from '../fixtures/atRest'
import {boards, points, spectrograms} from '../fixtures/planes'

const sound = await spectrograms()
const asking = {signal: new AbortController().signal, onProgress: () => {}}
/** Row 1 attends most to column 40, row 3 to column 7. */
const map = grid(4, 120, new Float32Array(480))
map.values[120 + 40] = 2
map.values[360 + 7] = 2

interface Given {
  readonly explanation?: Explanation
  readonly pinnedFeature?: number | null
  readonly chosen?: readonly number[]
  readonly found?: (input: number) => Promise<SamplingPoints | null>
}

function asked({explanation = sound, pinnedFeature = null, chosen = [0, 5], found = async () => points}: Given = {}) {
  const places: number[][] = []
  const samplingPoints = (...place: [number, number, number]) => {
    places.push(place)
    return found(place[0])
  }
  const subject = {
    explanation,
    view: {...atRest, pinnedFeature},
    samplingPoints,
    inputs: {chosen, pictures: null, questions: null}
  }
  const maps = chosen.map(() => map)
  return {places, answer: chosenPoints(subject, maps, asking), subject, maps}
}

it('asks of every row that samples points at the place that the row attends to most', async () => {
  const {places, answer} = asked()
  const {points: read, left} = await answer
  expect(places).toEqual([
    [0, 1, 40],
    [0, 3, 7],
    [5, 1, 40],
    [5, 3, 7]
  ])
  expect(read.map((own) => own.map(({row, column}) => [row, column]))).toEqual([
    [
      [1, 40],
      [3, 7]
    ],
    [
      [1, 40],
      [3, 7]
    ]
  ])
  expect(left).toBeNull()
})

it('asks at the held place, as pictures do', async () => {
  const {places, answer} = asked({pinnedFeature: 99, chosen: [2]})
  await answer
  expect(places).toEqual([
    [2, 1, 99],
    [2, 3, 99]
  ])
})

it('asks nothing of rows that sample none, nor of an input without a map of its own', async () => {
  const {places, answer} = asked({explanation: await boards()})
  expect(await answer).toEqual({points: [], left: null})
  const {subject, places: others} = asked({chosen: []})
  const own = {...subject, inputs: {...subject.inputs, chosen: [0, 1]}}
  expect((await chosenPoints(own, [null, map], asking)).points.map(({length}) => length)).toEqual([0, 2])
  expect([places, others.map(([input]) => input)]).toEqual([[], [1, 1]])
})

it('has none of an input that the engine has none of, and fails with the engine', async () => {
  const refused = asked({
    found: async (input) => {
      if (input === 0) throw new ReaderError('No points', 'input 1: found none; needed some')
      return points
    }
  })
  expect((await refused.answer).points.map(({length}) => length)).toEqual([0, 2])
  const broken = asked({found: () => Promise.reject(new Error('the engine is gone'))})
  await expect(broken.answer).rejects.toThrow('the engine is gone')
})

it('takes as many inputs as there is room for, and says how many have none', async () => {
  const many: SamplingPoints = {...points, sampled: new Float32Array(30_000)}
  const {answer} = asked({chosen: [0, 1, 2, 3, 4], found: async () => many})
  const {points: read, left} = await answer
  expect(read).toHaveLength(2)
  expect(left).toBe('Sampling points of 3 inputs are not in it: choose fewer of them.')
})

it('stops once it is no longer wanted', async () => {
  const {subject, maps} = asked({chosen: []})
  const own = {...subject, inputs: {...subject.inputs, chosen: [0]}}
  const stopped = {...asking, signal: AbortSignal.abort(new Error('not wanted'))}
  await expect(chosenPoints(own, [map, ...maps], stopped)).rejects.toThrow('not wanted')
})
