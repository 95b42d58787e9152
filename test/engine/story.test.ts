import {fileURLToPath} from 'node:url'
import {beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {rowOf} from '@/lib/core/grid'
import type {Progress} from '@/lib/engine/protocol'
import {explain, type Outcome, type Slice, type StoryOptions} from '@/lib/engine/story'
import {npzBytes} from '@/lib/formats/npzBytes'
import {memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import type {Settings} from '@/lib/models/family'
import digitsExpected from '../fixtures/digits/expected.json'
import expected from '../fixtures/engine/expected.json'
import {apart, digits, fixture, sources} from './files'

type Explained = Extract<Outcome, {kind: 'explained'}>

async function story(
  [checkpoint, ...inputs]: readonly string[],
  {settings = {}, classes, ...options}: StoryOptions & {settings?: Settings; classes?: readonly string[]} = {}
): Promise<Outcome> {
  const [first, ...rest] = await sources(checkpoint!, ...inputs)
  return explain({checkpoint: first!, inputs: rest, settings, classes}, options)
}

async function explained(...given: Parameters<typeof story>): Promise<Explained> {
  const outcome = await story(...given)
  if (outcome.kind !== 'explained') throw new Error(`expected an explanation, got ${outcome.kind}`)
  return outcome
}

const speech = fixture('speech.pth')
const utterances = [0, 1, 2].map((i) => fixture(`utterance_${i}.pt`))

beforeAll(() => void openBackend('cpu'))

describe('the shipped digits, with their inputs', () => {
  let run: Explained
  beforeAll(async () => {
    run = await explained([digits('checkpoint.pth'), digits('inputs.npz')])
  })

  it('density, untrained density and importance are those of float64', () => {
    const {density, nullDensity, importance} = run.explanation
    expect(apart(density!.values, digitsExpected.density.flat())).toBeLessThan(1e-5)
    expect(apart(nullDensity!.values, digitsExpected.nullDensity.flat())).toBeLessThan(1e-5)
    expect(apart(importance!.values, digitsExpected.importance.flat())).toBeLessThan(1e-4)
  })

  it('layers are ranked as float64 ranks them, trained and untrained', () => {
    const {layers} = run.explanation
    expect(layers.map(({rank}) => rank)).toEqual(digitsExpected.layerRank)
    expect(layers.map(({untrained}) => untrained!.rank)).toEqual(digitsExpected.untrainedRank)
    const learned = layers.map(({untrained}) => untrained!.learned)
    expect(apart(learned, digitsExpected.learned)).toBeLessThan(1e-5)
    expect(run.explanation.agreement!.r).toBeCloseTo(digitsExpected.correlation, 4)
  })

  it('every input has its logits, its label and its picture', () => {
    const {samples} = run.explanation
    expect(samples).toHaveLength(100)
    expect(samples[2]!.name).toBe('inputs.npz #3')
    expect(samples.map(({label}) => label)).toEqual(digitsExpected.labels)
    const logits = samples.flatMap((sample) => [...sample.logits!])
    const [found, wanted] = [logits, digitsExpected.logits.flat()]
    expect(apart(found, wanted)).toBeLessThan(1e-3)
    expect(run.pictures).toMatchObject({count: 100, width: 8, height: 8})
    expect(Math.max(...run.pictures!.values)).toBe(255)
  })

  it('intervals enclose what they are intervals of', () => {
    for (const {importance, interval, untrained} of run.explanation.layers) {
      expect(interval![0]).toBeLessThan(importance + 1e-6)
      expect(interval![1]).toBeGreaterThan(importance - 1e-6)
      expect(untrained!.learnedInterval![0]).toBeLessThan(untrained!.learned)
      expect(untrained!.learnedInterval![1]).toBeGreaterThan(untrained!.learned)
    }
  })

  it('provenance names files, hashes, backend and resampling', () => {
    const {provenance, model} = run.explanation
    expect(provenance).toMatchObject({
      checkpoint: {name: 'checkpoint.pth', sha256: expect.stringMatching(/^[0-9a-f]{64}$/)},
      inputs: [{name: 'inputs.npz', sha256: expect.stringMatching(/^[0-9a-f]{64}$/)}],
      maps: 'inputs',
      samples: 100,
      backend: {name: 'cpu', reason: 'plain JavaScript, as asked'},
      bootstrap: {seed: 1}
    })
    expect(model).toMatchObject({
      heads: 4,
      accuracy: digitsExpected.bestValidationAccuracy,
      epoch: digitsExpected.epoch
    })
    expect(run.msPerInput).toBeGreaterThan(0)
  })

  it("one input's own map can be had again", async () => {
    const map = await run.sampleMap(0)
    expect([map.rows, map.cols]).toEqual([12, 64])
    expect(apart(map.values, digitsExpected.firstSampleDensity.flat())).toBeLessThan(1e-5)
    await expect(run.sampleMap(100)).rejects.toMatchObject({name: 'ReaderError'})
  })

  it('a safetensors copy gives the same numbers', async () => {
    const copy = fileURLToPath(new URL('../fixtures/digits/checkpoint.safetensors', import.meta.url))
    const other = await explained([copy, digits('inputs.npz')])
    expect([...other.explanation.importance!.values]).toEqual([...run.explanation.importance!.values])
  })

  it('WASM gives the same ranking', async () => {
    await openBackend('wasm')
    const other = await explained([digits('checkpoint.pth'), digits('inputs.npz')])
    await openBackend('cpu')
    expect(other.explanation.provenance.backend?.name).toBe('wasm')
    expect(apart(other.explanation.density!.values, run.explanation.density!.values)).toBeLessThan(1e-5)
    expect(other.explanation.layers.map(({rank}) => rank)).toEqual(digitsExpected.layerRank)
  })
})

describe('without inputs', () => {
  it('maps come from the checkpoint where it carries them, and have no untrained twin', async () => {
    const {explanation} = await explained([digits('checkpoint.pth')])
    expect(explanation.provenance).toMatchObject({maps: 'saved', inputs: []})
    expect(apart(explanation.density!.values, digitsExpected.saved.density.flat())).toBeLessThan(1e-5)
    expect(explanation.layers.map(({rank}) => rank)).toEqual(digitsExpected.saved.layerRank)
    expect(explanation.nullDensity).toBeNull()
    expect(explanation.caveats.map(({id}) => id)).toContain('no-null')
  })

  it('a checkpoint of parameters alone gives its Gaussians and says that importance is absent', async () => {
    const {explanation, sampleMap} = await explained([speech])
    expect(explanation.heads.map(({offset}) => offset.length)).toEqual([6, 6])
    expect(explanation).toMatchObject({importance: null, density: null, layers: [], provenance: {maps: 'none'}})
    expect(explanation.caveats.map(({id}) => id)).toContain('no-inputs')
    await expect(sampleMap(0)).rejects.toMatchObject({title: 'No map of its own'})
  })

  it('one file of several, opened without the others, is not taken for the whole checkpoint', async () => {
    const [source] = await sources(speech)
    const checkpoint = {...source!, name: 'model-00001-of-00002.pth'}
    const alone = await explain({checkpoint, inputs: [], settings: {}})
    expect(alone.kind === 'explained' && alone.explanation.caveats[0]).toMatchObject({
      id: 'one-of-several',
      text: expect.stringMatching(/^This is file 1 of 2 of a checkpoint: the tensors in the other are not here/)
    })
    const whole = await explained([speech])
    expect(whole.explanation.caveats.map(({id}) => id)).not.toContain('one-of-several')
  })
})

describe('inputs, one file each', () => {
  it('files of different length in time are averaged over time, then over files', async () => {
    const {explanation} = await explained([speech, ...utterances], {classes: ['neutral', 'angry']})
    expect(apart(explanation.density!.values, expected.speech.density.flat())).toBeLessThan(1e-6)
    expect(explanation.samples.map(({name, label}) => [name, label])).toEqual([
      ['utterance_0.pt', 1],
      ['utterance_1.pt', 0],
      ['utterance_2.pt', 1]
    ])
  })

  it('as many class names as the checkpoint has classes are needed', async () => {
    await expect(story([digits('checkpoint.pth')], {classes: ['zero', 'one']})).rejects.toMatchObject({
      name: 'ShapeError',
      message: 'Found 2 class names; the checkpoint has 10 classes.'
    })
  })

  it('a damaged file is refused by name when it is the only one', async () => {
    const [checkpoint, first] = await sources(speech, utterances[0]!)
    const half = memorySource(await first!.read(0, 900), 'half.pt')
    await expect(explain({checkpoint: checkpoint!, inputs: [half], settings: {}})).rejects.toMatchObject({
      name: 'FormatError',
      message: expect.stringMatching(/^half\.pt: zip: /)
    })
  })

  it('a class name is no index while the order of the classes is unknown', async () => {
    const {explanation} = await explained([speech, utterances[0]!])
    expect(explanation.samples[0]!.label).toBeNull()
  })

  it('the second file has its own map', async () => {
    const {sampleMap} = await explained([speech, ...utterances])
    expect(apart((await sampleMap(1)).values, expected.speech.second.flat())).toBeLessThan(1e-6)
  })

  it('a file that does not fit is refused by name, with both shapes', async () => {
    await expect(story([speech, fixture('wide.npy')])).rejects.toMatchObject({
      name: 'ShapeError',
      message: expect.stringMatching(/^wide\.npy: the inputs are \(4, 7\); the checkpoint needs .*6\)/)
    })
  })

  it('a file with as many labels as nothing else has is refused', async () => {
    const npz = npzBytes([
      {name: 'features', shape: [3, 4, 6], values: new Float32Array(72).fill(0.5)},
      {name: 'labels', shape: [2], values: new Float32Array(2)}
    ])
    const [checkpoint] = await sources(speech)
    await expect(
      explain({checkpoint: checkpoint!, inputs: [memorySource(npz, 'few.npz')], settings: {}})
    ).rejects.toThrow('few.npz: found 2 labels for 3 inputs; needed one for each')
  })
})

it('an input that can be read in two ways is asked about, and read as answered', async () => {
  const asked = await story([speech, fixture('either.npy')])
  expect(asked.kind === 'ask' && asked.question.options.map(({value}) => value)).toEqual([
    {layout: 'batch'},
    {layout: 'time'}
  ])
  const batch = await explained([speech, fixture('either.npy')], {settings: {layout: 'batch'}})
  const time = await explained([speech, fixture('either.npy')], {settings: {layout: 'time'}})
  expect([batch, time].map(({explanation}) => explanation.samples.length)).toEqual([4, 1])
})

it('a file without density attention comes back as its tensor table', async () => {
  const outcome = await story([fixture('pool.pth')])
  expect(outcome).toMatchObject({
    kind: 'unrecognised',
    report: {
      format: 'PyTorch zip',
      entries: [{name: 'pool.mu'}, {name: 'pool.var'}, {name: 'proj.weight'}],
      detection: {family: null, nearest: 'The nearest pair is pool.mu and pool.var, both (1, 8).'}
    }
  })
})

it('a density block gives its output and the weights of each layer, in the shape of the input', async () => {
  const slices: Slice[] = []
  const {explanation, questions} = await explained([fixture('block.pth'), fixture('block_input.npy')], {
    settings: {axes: [1, -1]},
    onSlice: (slice) => slices.push(slice)
  })
  expect(slices).toHaveLength(1)
  const [output, ...attention] = slices[0]!.result.details!
  expect(output).toMatchObject({name: 'output', shape: [5, 6]})
  expect(apart(output!.values, expected.block.output.flat(2))).toBeLessThan(1e-5)
  expect(attention.map(({name}) => name)).toEqual(['attention.layer_0', 'attention.layer_1'])
  attention.forEach(({values}, layer) => {
    expect(apart(values, expected.block.attention[layer]!.flat(2))).toBeLessThan(1e-5)
  })
  expect(explanation.model.settings.axes).toEqual([1, -1])
  expect(questions.map(({setting}) => setting)).toContain('axes')
})

describe('on the way', () => {
  let told: Progress[]
  beforeEach(() => {
    told = []
  })

  it('the Gaussians come first, then means over the inputs so far', async () => {
    await explained([digits('checkpoint.pth'), digits('inputs.npz')], {onProgress: (progress) => told.push(progress)})
    expect([...new Set(told.map(({phase}) => phase))]).toEqual(['opening', 'reading', 'running', 'intervals'])
    const [first, second] = told.flatMap(({partial}) => (partial ? [partial] : []))
    expect(first).toMatchObject({density: null, heads: {length: 4}})
    expect(second!.density).not.toBeNull()
    expect(rowOf(second!.density!, 0).every(Number.isFinite)).toBe(true)
    const running = told.find(({phase}) => phase === 'running')!
    expect(running.text).toMatch(/^\d+ of 100 inputs through 4 heads$/)
  })

  it('cancelling stops between two slices', async () => {
    const controller = new AbortController()
    let slices = 0
    const run = explained([digits('checkpoint.pth'), digits('inputs.npz')], {
      signal: controller.signal,
      onSlice: () => {
        slices++
        controller.abort()
      }
    })
    await expect(run).rejects.toMatchObject({name: 'CancelledError'})
    expect(slices).toBe(1)
  })
})
