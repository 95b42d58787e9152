import {beforeAll, describe, expect, it} from 'vitest'
import {sliceRecord} from '@/bin/arrays'
import {explain, type Outcome} from '@/lib/engine/story'
import {explanationArrays, sampleArrays} from '@/lib/explain/arrays'
import {type NamedArray, npzBytes} from '@/lib/formats/npzBytes'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import {boards} from '../fixtures/planes'
import {digits, sources} from './files'

type Explained = Extract<Outcome, {kind: 'explained'}>

describe('the arrays that the page exports', () => {
  let run: Explained
  let commands: readonly NamedArray[]
  beforeAll(async () => {
    await openBackend('cpu')
    const record = sliceRecord()
    const [checkpoint, ...inputs] = await sources(digits('checkpoint.pth'), digits('inputs.npz'))
    const outcome = await explain(
      {checkpoint: checkpoint!, inputs, settings: {}, classes: undefined},
      {
        onSlice: record.take
      }
    )
    if (outcome.kind !== 'explained') throw new Error(`expected an explanation, got ${outcome.kind}`)
    run = outcome
    commands = [...explanationArrays(outcome.explanation), ...record.arrays()]
  })

  it('are those of the command line: the same names, shapes and numbers', async () => {
    const {explanation, sampleMap} = run
    const maps = []
    for (let i = 0; i < explanation.samples.length; i++) maps.push((await sampleMap(i)).values)
    const own = [...explanationArrays(explanation), ...sampleArrays(explanation, maps)]
    const shapes = (arrays: readonly NamedArray[]) =>
      Object.fromEntries(arrays.map(({name, shape}) => [name, [...shape]]))
    expect(shapes(own)).toEqual(shapes(commands))
    for (const {name, values} of commands) expect(own.find((array) => array.name === name)!.values).toEqual(values)
  })

  it('are read back as they were from a file that says where it comes from', async () => {
    const comment = 'Layer 5 leads.\nCheckpoint: a.pth, SHA-256 0123'
    const bytes = npzBytes(commands, comment)
    const archive = await openArchive(memorySource(bytes, 'out.npz'))
    expect(archive.entries.map(({name}) => name)).toEqual(commands.map(({name}) => name))
    for (const {name, shape, values} of commands)
      expect(await archive.read(name)).toStrictEqual({dtype: 'f32', shape, values})
    expect(new TextDecoder().decode(bytes).endsWith(comment)).toBe(true)
  })

  it('go without maps of single inputs where these are not at hand', () => {
    expect(sampleArrays(run.explanation, null).map(({name}) => name)).toEqual(['logits'])
  })
})

it('a comment longer than a zip holds is refused', () => {
  expect(() => npzBytes([], 'x'.repeat(65_536))).toThrow('at most 65535')
})

it('an explanation without Gaussians gives no arrays of them, and its measures instead', async () => {
  const explanation = await boards()
  const arrays = explanationArrays(explanation)
  expect(arrays.map(({name, shape}) => `${name} ${shape.join(' × ')}`)).toEqual([
    'importance 3 × 15',
    'density 3 × 15',
    'density_variance 3 × 15',
    'layer_importance 3',
    'entropy 3',
    'untrained_entropy 3'
  ])
  expect(arrays.find(({name}) => name === 'entropy')!.values).toEqual(
    Float32Array.from(explanation.measures![0]!.means, (mean) => mean!)
  )
})
