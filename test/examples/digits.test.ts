import {execFile} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {beforeAll, describe, expect, it} from 'vitest'
import type {Explanation} from '@/lib/explain/explanation'
import {decodeExplanation} from '@/lib/explain/json'
import type {ExampleCard} from '@/lib/state/session'

const folder = 'public/examples/digits'
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const card: ExampleCard = json(`${folder}/card.json`)
// By PyTorch and NumPy in float64: test/reference/make_digits.py.
const expected = json('test/fixtures/digits/expected.json')
const shipped = decodeExplanation(readFileSync(`${folder}/explanation.json`, 'utf8'))

/** The command line on the shipped files, in a process of its own. */
async function explain(checkpoint: string, ...inputs: string[]): Promise<Explanation> {
  const out = await mkdtemp(join(tmpdir(), 'density-lens-digits-'))
  try {
    const args = [
      'explain',
      checkpoint,
      ...inputs,
      '--classes',
      card.classes.join(','),
      '--json',
      join(out, 'out.json')
    ]
    await promisify(execFile)(process.execPath, ['bin/density-lens.mjs', ...args])
    return decodeExplanation(await readFile(join(out, 'out.json'), 'utf8'))
  } finally {
    await rm(out, {recursive: true})
  }
}

// Largest distance, relative above 1 and absolute below: the maps are of order 1, the logits of order 10.
const apart = (found: ArrayLike<number>, wanted: ArrayLike<number>) => {
  expect(found.length).toBe(wanted.length)
  return Math.max(...Array.from(found, (value, i) => Math.abs(value - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!))))
}

function expectReference(explanation: Explanation) {
  const {density, nullDensity, importance, layers, samples, agreement} = explanation
  expect(apart(density!.values, expected.density.flat())).toBeLessThan(1e-5)
  expect(apart(nullDensity!.values, expected.nullDensity.flat())).toBeLessThan(1e-5)
  expect(apart(importance!.values, expected.importance.flat())).toBeLessThan(1e-4)
  expect(layers.map(({rank}) => rank)).toEqual(expected.layerRank)
  expect(layers.map(({untrained}) => untrained!.rank)).toEqual(expected.untrainedRank)
  expect(
    apart(
      layers.map((row) => row.importance),
      expected.layerImportance
    )
  ).toBeLessThan(1e-4)
  expect(
    apart(
      layers.map((row) => row.share),
      expected.layerShare
    )
  ).toBeLessThan(1e-5)
  expect(
    apart(
      layers.map((row) => row.untrained!.importance),
      expected.untrainedImportance
    )
  ).toBeLessThan(1e-4)
  expect(
    apart(
      layers.map((row) => row.untrained!.learned),
      expected.learned
    )
  ).toBeLessThan(1e-5)
  expect(agreement!.r).toBeCloseTo(expected.correlation, 4)
  expect(
    apart(
      samples.flatMap(({logits}) => [...logits!]),
      expected.logits.flat()
    )
  ).toBeLessThan(1e-4)
  expect(samples.map(({label}) => label)).toEqual(expected.labels)
}

describe('the shipped explanation', () => {
  it('is what PyTorch and NumPy find in the same files', () => {
    expectReference(shipped)
  })

  it('is read from the files that are shipped', async () => {
    const {createHash} = await import('node:crypto')
    const sha256 = (name: string) =>
      createHash('sha256')
        .update(readFileSync(`${folder}/${name}`))
        .digest('hex')
    expect(shipped.provenance.checkpoint.sha256).toBe(sha256('checkpoint.pth'))
    expect(shipped.provenance.inputs.map((file) => file.sha256)).toEqual([sha256('inputs.npz')])
  })
})

describe('a fresh run of the command line', () => {
  let fresh: Explanation
  beforeAll(async () => {
    fresh = await explain(`${folder}/checkpoint.pth`, `${folder}/inputs.npz`)
  }, 60_000)

  it('gives the shipped explanation, but for the last bits', () => {
    expect(apart(fresh.density!.values, shipped.density!.values)).toBeLessThan(1e-5)
    expect(apart(fresh.nullDensity!.values, shipped.nullDensity!.values)).toBeLessThan(1e-5)
    const intervals = ({layers}: Explanation) =>
      layers.flatMap(({interval, untrained}) => [...interval!, ...untrained!.learnedInterval!])
    expect(apart(intervals(fresh), intervals(shipped))).toBeLessThan(1e-4)
    expect(fresh.layers.map(({rank, rankInterval}) => [rank, rankInterval])).toEqual(
      shipped.layers.map(({rank, rankInterval}) => [rank, rankInterval])
    )
    expect(fresh.finding).toEqual(shipped.finding)
    expect(fresh.model).toEqual(shipped.model)
  })

  it('is what PyTorch and NumPy find', () => {
    expectReference(fresh)
  })
})

it('the saved maps of the checkpoint, with no input, are the mean of the saved epoch', async () => {
  const saved = await explain(`${folder}/checkpoint.pth`)
  expect(saved.provenance.maps).toBe('saved')
  expect(apart(saved.density!.values, expected.saved.density.flat())).toBeLessThan(1e-5)
  expect(saved.layers.map(({rank}) => rank)).toEqual(expected.saved.layerRank)
  expect(saved.nullDensity).toBe(null)
}, 60_000)

it('a safetensors copy of the weights gives the same numbers', async () => {
  const copy = await explain('test/fixtures/digits/checkpoint.safetensors', `${folder}/inputs.npz`)
  expectReference(copy)
}, 60_000)

describe('the card', () => {
  it('says how large its files are', () => {
    const sizes = [card.checkpoint, ...card.inputs].map((name) => readFileSync(`${folder}/${name}`).length)
    expect(card.bytes).toBe(sizes[0]! + sizes[1]!)
  })

  it('carries one picture for each input', () => {
    const {count, width, height, values} = card.pictures!
    expect([count, width, height]).toEqual([shipped.samples.length, 8, 8])
    expect(Buffer.from(values, 'base64').length).toBe(count * width * height)
  })

  it('states the accuracies that are in the files', () => {
    const right = expected.predictions.filter((digit: number, i: number) => digit === expected.labels[i]).length
    expect(card.about.join(' ')).toContain(`${right} of 100 are read rightly`)
    expect(card.about.join(' ')).toContain(
      `best validation accuracy, ${(100 * expected.bestValidationAccuracy).toFixed(1)} %`
    )
  })
})
