import {describe, expect, it} from 'vitest'
import {detect, load} from '@/lib/models/detect'
import type {Detection, SavedMaps, Settings} from '@/lib/models/family'
import {readSavedMaps} from '@/lib/models/savedMaps'
import {type MemoryValue, memoryArchive, tensor} from '../fixtures/memoryArchive'

const layerHeads = {
  'daam.gcts.0.c': tensor([1, 2], 2),
  'daam.gcts.0.mean_offset': tensor([1, 2]),
  'daam.gcts.1.c': tensor([1, 2], 2),
  'daam.gcts.1.mean_offset': tensor([1, 2])
}

async function read(contents: MemoryValue, settings: Settings = {}): Promise<SavedMaps | null> {
  const archive = memoryArchive(contents)
  return readSavedMaps(archive, detect(archive, settings) as Detection)
}

/** A head as the published scripts keep it: one dictionary for the life of the run. */
const head = (...values: number[]) => ({
  var: [],
  mean: [],
  c: [],
  attention_maps: values.map((value) => tensor([3, 2], (i) => value + i / 10))
})

const checkpoint = (attention_weights: MemoryValue) => ({epoch: 2, state_dict: layerHeads, attention_weights})

describe('maps saved by the published scripts', () => {
  it('are the last n entries of the one list that every batch refers to', async () => {
    // Two batches per epoch, two epochs: only the second epoch belongs to the saved weights.
    const heads = [head(100, 200, 1, 3), head(300, 400, 5, 9)]
    const maps = await read(checkpoint([heads, heads]))
    expect(maps).toMatchObject({used: 2, held: 4, perSample: null})
    expect(maps?.axes).toEqual({
      rows: 6,
      cols: 2,
      rowName: 'layer',
      colName: 'feature',
      headRows: [
        [0, 3],
        [3, 6]
      ]
    })
    const expected = [2, 2.1, 2.2, 2.3, 2.4, 2.5, 7, 7.1, 7.2, 7.3, 7.4, 7.5]
    for (const [i, value] of expected.entries()) expect(maps?.density[i]).toBeCloseTo(value, 5)
  })

  it('read no more than those entries', async () => {
    const heads = [head(100, 200, 1, 3), head(300, 400, 5, 9)]
    const archive = memoryArchive(checkpoint([heads, heads]))
    await readSavedMaps(archive, detect(archive) as Detection)
    expect(archive.reads.map((name) => name.split('.').at(-1))).toEqual(['2', '3', '2', '3'])
  })

  it('are one per batch where each batch has a list of its own', async () => {
    const maps = await read(
      checkpoint([
        [head(1), head(5)],
        [head(3), head(9)]
      ])
    )
    expect(maps).toMatchObject({used: 2, held: 2})
    expect(maps?.density[0]).toBeCloseTo(2, 6)
  })

  it('are all that is there when a run that was resumed holds fewer', async () => {
    const heads = [head(4), head(6)]
    expect(await read(checkpoint([heads, heads, heads]))).toMatchObject({used: 1, held: 1})
  })

  it('keep NaN', async () => {
    const heads = [head(1, Number.NaN), head(1, 1)]
    const maps = await read(checkpoint([heads, heads]))
    expect(maps?.density[0]).toBeNaN()
    expect(maps?.density[11]).toBeCloseTo(1.5, 5)
  })

  it.each<[string, MemoryValue]>([
    ['None for every batch', [null, null]],
    ['an empty list', []],
    ['nothing', null],
    ['tensors of another attention', [tensor([3, 2]), tensor([3, 2])]],
    ['empty lists', [[head(), head()]]],
    ['another number of heads', [[head(1)]]],
    ['batches that disagree', [[head(1), head(1)], [head(1)]]],
    ['another number of features', [[{attention_maps: [tensor([3, 4])]}, {attention_maps: [tensor([3, 4])]}]]]
  ])('are none for %s', async (_, saved) => {
    expect(await read(checkpoint(saved))).toBeNull()
  })

  it('skip None between batches', async () => {
    expect(await read(checkpoint([null, [head(1), head(5)]]))).toMatchObject({used: 1})
  })
})

describe('maps saved per sample by a density block', () => {
  const blockHeads = {
    'daam.layers.0.attention_heads.0.mean_offsets': tensor([2]),
    'daam.layers.0.attention_heads.0.c': tensor([2], 1),
    'daam.layers.0.attention_heads.1.mean_offsets': tensor([2]),
    'daam.layers.0.attention_heads.1.c': tensor([2], 1)
  }
  // Five layers over two heads: chunks of two and three. Every column of a chunk sums to one.
  const sample = [0.25, 0.5, 0.75, 0.5, 0.5, 0.1, 0.25, 0.2, 0.25, 0.7]
  const batch = (count: number) => ({layer_0: tensor([count, 5, 2], (i) => sample[i % 10]!)})
  const rerun = {state_dict: blockHeads, attention_weights: [batch(2), batch(1)]}

  it('show along which axis the block normalises, whatever was assumed', async () => {
    const archive = memoryArchive(rerun)
    const model = await load(archive, detect(archive, {axes: [-1]}) as Detection)
    expect(model.detection.settings.axes).toEqual([-2])
    const question = model.detection.questions.find(({setting}) => setting === 'axes')
    expect(question?.text).toBe(
      'Which axis does the block normalise? Its saved maps sum to one along axis -2, so that is taken.'
    )
    model.dispose()
  })

  it('are weights × chunk length, per sample and on average', async () => {
    const maps = await read(rerun)
    expect(maps).toMatchObject({used: 3, held: 3, perSample: {count: 3}})
    expect(maps?.axes).toMatchObject({
      rows: 5,
      cols: 2,
      headRows: [
        [0, 2],
        [2, 5]
      ]
    })
    const expected = [0.5, 1, 1.5, 1, 1.5, 0.3, 0.75, 0.6, 0.75, 2.1]
    for (const [i, value] of expected.entries()) {
      expect(maps?.density[i]).toBeCloseTo(value, 6)
      expect(maps?.perSample?.density[20 + i]).toBeCloseTo(value, 6)
    }
  })

  it('are none when they sum to one along no axis', async () => {
    const weights = {layer_0: tensor([2, 5, 2], 0.9)}
    expect(await read({state_dict: blockHeads, attention_weights: [weights]})).toBeNull()
  })
})
