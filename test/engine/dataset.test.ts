import {beforeAll, describe, expect, it} from 'vitest'
import {pauseControl} from '@/lib/core/pausing'
import type {Progress} from '@/lib/engine/protocol'
import {explain, type Outcome, type StoryOptions} from '@/lib/engine/story'
import {fileSet} from '@/lib/formats/fileSet'
import {npyBytes} from '@/lib/formats/npyBytes'
import {npzBytes} from '@/lib/formats/npzBytes'
import {type ByteSource, memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import {apart, fixture, sources} from './files'

type Explained = Extract<Outcome, {kind: 'explained'}>

// The speech fixture: 2 heads of as many layers as the inputs have, here 4 in all; 6 features.
const [layers, features] = [4, 6]
const size = layers * features

let checkpoint: ByteSource
beforeAll(async () => {
  openBackend('cpu')
  checkpoint = (await sources(fixture('speech.pth')))[0]!
})

async function explained(inputs: readonly ByteSource[], options: StoryOptions = {}): Promise<Explained> {
  const outcome = await explain(
    {checkpoint, inputs, settings: {layout: 'batch'}, classes: ['neutral', 'angry']},
    options
  )
  if (outcome.kind !== 'explained') throw new Error(`expected an explanation, got ${outcome.kind}`)
  return outcome
}

/** Features of one input: layers differ, and inputs differ a little. */
const valuesOf = (input: number, length = size) =>
  Float32Array.from({length}, (_, i) => Math.sin(i * 1.7) + Math.sin(input * 31 + i) / 4)

const npy = (name: string, shape: readonly number[], values: Float32Array) =>
  memorySource(npyBytes('f32', shape, [values]), name)

const files = (count: number) =>
  Array.from({length: count}, (_, i) => npy(`u${String(i).padStart(4, '0')}.npy`, [layers, features], valuesOf(i)))

/** Safetensors of these arrays. */
function safetensors(
  name: string,
  arrays: readonly (readonly [string, readonly number[], Float32Array])[]
): ByteSource {
  let at = 0
  const header = Object.fromEntries(
    arrays.map(([key, shape, values]) => {
      const start = at
      at += values.byteLength
      return [key, {dtype: 'F32', shape, data_offsets: [start, at]}]
    })
  )
  const text = new TextEncoder().encode(JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + at)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  let offset = 8 + text.length
  for (const [, , values] of arrays) {
    bytes.set(new Uint8Array(values.buffer), offset)
    offset += values.byteLength
  }
  return memorySource(bytes, name)
}

/** A source, and the lengths that were read of it. */
function watched(source: ByteSource): {readonly source: ByteSource; readonly lengths: readonly number[]} {
  const lengths: number[] = []
  const read: ByteSource['read'] = (offset, length) => {
    lengths.push(length)
    return source.read(offset, length)
  }
  return {source: {...source, read}, lengths}
}

const mapsOf = ({explanation: {density, nullDensity, densityVariance}}: Explained) =>
  [density, nullDensity, densityVariance].map((map) => [...map!.values])

describe('the same inputs', () => {
  const count = 30
  let whole: Explained
  beforeAll(async () => {
    whole = await explained(files(count))
  })

  it.each<[string, () => readonly ByteSource[], StoryOptions]>([
    [
      'one .npz of many arrays',
      () => [
        memorySource(
          npzBytes(
            Array.from({length: count}, (_, i) => ({name: `u${i}`, shape: [layers, features], values: valuesOf(i)}))
          ),
          'all.npz'
        )
      ],
      {}
    ],
    [
      'one safetensors of many tensors',
      () => [
        safetensors(
          'all.safetensors',
          Array.from(
            {length: count},
            (_, i) => [`u${String(i).padStart(3, '0')}`, [layers, features], valuesOf(i)] as const
          )
        )
      ],
      {}
    ],
    [
      'safetensors in shards, with their index',
      () => {
        const part = (start: number, stop: number) =>
          Array.from(
            {length: stop - start},
            (_, i) => [`u${String(start + i).padStart(3, '0')}`, [layers, features], valuesOf(start + i)] as const
          )
        const shards = [part(0, 11), part(11, count)].map((arrays, i) => safetensors(`f-${i}.safetensors`, arrays))
        const map = Object.fromEntries(
          [0, 1].flatMap((i) => part(i * 11, i ? count : 11).map(([key]) => [key, `f-${i}.safetensors`]))
        )
        const index = memorySource(
          new TextEncoder().encode(JSON.stringify({weight_map: map})),
          'f.safetensors.index.json'
        )
        return [fileSet([index, ...shards])]
      },
      {}
    ],
    [
      'one array, read whole',
      () => [
        npy(
          'all.npy',
          [count, layers, features],
          Float32Array.from(Array.from({length: count}, (_, i) => [...valuesOf(i)]).flat())
        )
      ],
      {}
    ],
    [
      'one array, read a slice of as many inputs as there are layers at a time',
      () => [
        npy(
          'all.npy',
          [count, layers, features],
          Float32Array.from(Array.from({length: count}, (_, i) => [...valuesOf(i)]).flat())
        )
      ],
      {sliceBytes: layers * size * 4}
    ]
  ])('in %s give the same maps and variances', async (_, inputs, options) => {
    const run = await explained(inputs(), options)
    expect(run.explanation.samples).toHaveLength(count)
    expect(mapsOf(run)).toEqual(mapsOf(whole))
    expect([...(await run.sampleMap(17)).values]).toEqual([...(await whole.sampleMap(17)).values])
  })
})

it('of a large array no more than a slice is read at once, and each byte about once', async () => {
  const count = 4000
  const all = new Float32Array(count * size)
  for (let i = 0; i < count; i++) all.set(valuesOf(i), i * size)
  const {source, lengths} = watched(npy('large.npy', [count, layers, features], all))
  const run = await explained([source], {sliceBytes: 20_000})
  expect(run.explanation.provenance.samples).toBe(count)
  // Afterwards it is hashed, which takes it in pieces of its own.
  const ran = lengths.slice(0, lengths.lastIndexOf(source.size))
  expect(Math.max(...ran)).toBeLessThanOrEqual(20_000)
  expect(ran.reduce((a, b) => a + b, 0)).toBeLessThan(1.1 * source.size)
  expect(run.explanation.samples[3999]!.name).toBe('large.npy #4000')
})

it('inputs of different length in time are averaged over time in one file, too', async () => {
  const steps = [3, 1, 7]
  const arrays = steps.map((time, i) => ({
    name: `u${i}`,
    shape: [layers, time, features],
    values: valuesOf(i, size * time)
  }))
  const apartFiles = arrays.map(({name, shape, values}) => npy(`${name}.npy`, shape, values))
  const [one, many] = [await explained([memorySource(npzBytes(arrays), 'all.npz')]), await explained(apartFiles)]
  expect(mapsOf(one)).toEqual(mapsOf(many))
  expect(one.explanation.samples.map(({name}) => name)).toEqual(['all.npz u0', 'all.npz u1', 'all.npz u2'])
})

describe('labels of a file of many arrays', () => {
  const arrays = [2, 1, 3].map((count, i) => ({
    name: `u${i}`,
    shape: [count, layers, features],
    values: valuesOf(i, count * size)
  }))
  const labelled = (labels: readonly number[]) =>
    explained([
      memorySource(
        npzBytes([...arrays, {name: 'labels', shape: [labels.length], values: Float32Array.from(labels)}]),
        'l.npz'
      )
    ])
  const labelsOf = ({explanation}: Explained) => explanation.samples.map(({label}) => label)

  it('may be one for each array, or one for each input', async () => {
    expect(labelsOf(await labelled([1, 0, 1]))).toEqual([1, 1, 0, 1, 1, 1])
    expect(labelsOf(await labelled([1, 0, 1, 0, 0, 1]))).toEqual([1, 0, 1, 0, 0, 1])
  })

  it('are refused in any other number', async () => {
    await expect(labelled([1, 0])).rejects.toThrow(
      'l.npz u0: found 2 labels for 3 arrays; needed one for each, or for each input'
    )
  })

  it('may stand beside each', async () => {
    const pairs = [0, 1, 1].flatMap((label, i) => [
      {name: `u${i}/features`, shape: [layers, features], values: valuesOf(i)},
      {name: `u${i}/label`, shape: [1], values: Float32Array.of(label)}
    ])
    const run = await explained([memorySource(npzBytes(pairs), 'pairs.npz')])
    expect(labelsOf(run)).toEqual([0, 1, 1])
    expect(run.explanation.classDensity!.map(({label, inputs}) => [label, inputs])).toEqual([
      [0, 1],
      [1, 2]
    ])
  })
})

it('the mean of the classes, weighted by their inputs, is the mean of all', async () => {
  const count = 12
  const all = Float32Array.from(Array.from({length: count}, (_, i) => [...valuesOf(i)]).flat())
  const labels = Float32Array.from({length: count}, (_, i) => (i % 3 === 0 ? 1 : 0))
  const npz = npzBytes([
    {name: 'features', shape: [count, layers, features], values: all},
    {name: 'labels', shape: [count], values: labels}
  ])
  const {explanation} = await explained([memorySource(npz, 'in.npz')])
  const {density, classDensity, layers: rows} = explanation
  const weighted = (of: (own: NonNullable<typeof classDensity>[number]) => Float32Array, i: number) =>
    classDensity!.reduce((total, own) => total + (own.inputs / count) * of(own)[i]!, 0)
  const cells = Array.from(density!.values, (_, i) => weighted((own) => own.density!.values, i))
  expect(apart(cells, density!.values)).toBeLessThan(1e-6)
  expect(
    apart(
      rows.map((_, i) => weighted((own) => own.rows, i)),
      rows.map((row) => row.density)
    )
  ).toBeLessThan(1e-6)
})

describe('bad files among many', () => {
  const bad = [
    memorySource(new Uint8Array(0), 'empty.npy'),
    npy('wide.npy', [layers, features + 1], new Float32Array(layers * (features + 1))),
    memorySource(new TextEncoder().encode('not tensors at all'), 'words.npy'),
    memorySource(npyBytes('f32', [layers, features], [valuesOf(0)]).subarray(0, 150), 'half.npy')
  ]

  it('are left out, counted, and the first of them named with the reason', async () => {
    const good = files(40)
    const run = await explained([bad[0]!, ...good.slice(0, 20), ...bad.slice(1), ...good.slice(20)])
    expect(mapsOf(run)).toEqual(mapsOf(await explained(good)))
    expect(run.explanation.samples).toHaveLength(40)
    const caveat = run.explanation.caveats.find(({id}) => id === 'unusable-inputs')!
    expect(caveat.text).toMatch(
      /^4 of 44 files could not be used and are left out\. empty\.npy: the file is empty; .*; wide\.npy: the inputs are \(4, 7\); .*; words\.npy: .*; and 1 more\.$/
    )
  })

  it('so are bad arrays of a file', async () => {
    const arrays = Array.from({length: 9}, (_, i) => ({name: `u${i}`, shape: [layers, features], values: valuesOf(i)}))
    const odd = {name: 'odd', shape: [layers + 1, features], values: new Float32Array((layers + 1) * features)}
    const {explanation} = await explained([memorySource(npzBytes([...arrays, odd]), 'in.npz')])
    expect(explanation.samples).toHaveLength(9)
    expect(explanation.caveats.find(({id}) => id === 'unusable-inputs')!.text).toMatch(
      /^1 of 10 arrays could not be used and is left out\. in\.npz odd: the inputs are \(5, 6\); the checkpoint needs/
    )
  })

  it('are refused when nothing else is there, with the sentence about the first', async () => {
    await expect(explained(bad)).rejects.toThrow(/^empty\.npy: the file is empty/)
  })

  it('an input whose own map is asked for is counted among those that were used', async () => {
    const good = files(3)
    const run = await explained([good[0]!, bad[0]!, good[1]!, good[2]!])
    const alone = await explained([good[2]!])
    expect([...(await run.sampleMap(2)).values]).toEqual([...alone.explanation.density!.values])
  })
})

describe('on the way through hundreds of files', () => {
  it('what was seen only grows, the total is told as an estimate, and the place among the files', async () => {
    const told: Progress[] = []
    await explained(files(300), {onProgress: (progress) => told.push(progress)})
    const running = told.filter(({phase}) => phase === 'running')
    const seen = running.map(({done}) => done)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(running.every(({total}) => total === 300)).toBe(true)
    expect(running[0]!.text).toBe('1 of about 300 inputs through 2 heads, file 1 of 300')
    // Without labels no classes are told.
    expect(running[0]!.partial!.classDensity).toBeUndefined()
  })

  it('a paused run stands still with all it has seen, and gives the same numbers once resumed', async () => {
    const {signal, set} = pauseControl()
    const told: Progress[] = []
    let standing: number | null = null
    const run = explained(files(60), {
      pause: signal,
      onProgress: (progress) => told.push(progress),
      onSlice: () => {
        if (standing !== null || told.at(-1)?.phase !== 'running') return
        standing = told.length
        set(true)
        setTimeout(() => {
          standing = told.at(-1)!.done
          set(false)
        }, 60)
      }
    })
    const paused = await run
    expect(standing).toBeGreaterThan(0)
    expect(told.some(({done, partial}) => done === standing && partial?.provenance.samples === standing)).toBe(true)
    expect(mapsOf(paused)).toEqual(mapsOf(await explained(files(60))))
  })

  it('a paused run can be cancelled', async () => {
    const {signal, set} = pauseControl()
    const controller = new AbortController()
    set(true)
    setTimeout(() => controller.abort(), 20)
    const run = explained(files(3), {pause: signal, signal: controller.signal})
    await expect(run).rejects.toMatchObject({name: 'CancelledError'})
  })
})
