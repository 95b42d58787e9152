import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {sliceRecord} from '@/bin/arrays'
import {main} from '@/bin/cli'
import {inputSources} from '@/bin/inputSources'
import {decodeExplanation} from '@/lib/explain/json'
import {npyBytes} from '@/lib/formats/npyBytes'
import {fixture} from '../engine/files'

const count = 60
let folder: string
const at = (...names: string[]) => join(folder, ...names)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'density-lens-'))
  await mkdir(at('features', 'z'), {recursive: true})
  for (let i = 0; i < count; i++) {
    const values = Float32Array.from({length: 24}, (_, j) => Math.sin(i * 31 + j * 1.7))
    const name = `u${String(i).padStart(3, '0')}.npy`
    await writeFile(i < 40 ? at('features', name) : at('features', 'z', name), npyBytes('f32', [4, 6], [values]))
  }
  await writeFile(at('features', 'bad.npy'), 'no array')
  await writeFile(at('features', 'README.md'), 'not a file of tensors by its name')
  await mkdir(at('nothing'))
})
afterAll(() => rm(folder, {recursive: true}))

/** Runs a command in this process, as on a terminal. */
async function run(
  words: readonly string[],
  {signal, onLine}: {signal?: AbortSignal; onLine?: (text: string) => void} = {}
) {
  const [out, error]: [string[], string[]] = [[], []]
  const lines: string[] = []
  const line = (text: string) => {
    lines.push(text)
    onLine?.(text)
  }
  const streams = {out: (text: string) => out.push(text), error: (text: string) => error.push(text), line}
  const status = await main([...words, '--backend', 'cpu'], streams, signal)
  return {status, out: out.join(''), error: error.join(''), lines}
}

describe('explain, with a folder', () => {
  let result: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    result = await run(['explain', fixture('speech.pth'), at('features'), '--json', at('all.json')])
  })

  it('runs every file of tensors in it and below, by name, and leaves out what cannot be used', async () => {
    expect(result).toMatchObject({status: 0, error: ''})
    const {samples, caveats, provenance} = decodeExplanation(await readFile(at('all.json'), 'utf8'))
    expect(samples.map(({name}) => name)).toEqual(
      Array.from({length: count}, (_, i) => `u${String(i).padStart(3, '0')}.npy`)
    )
    expect(provenance.inputs).toHaveLength(count + 1)
    expect(caveats.find(({id}) => id === 'unusable-inputs')!.text).toMatch(
      /^1 of 61 files could not be used and is left out\. bad\.npy: /
    )
    expect(result.out).toContain('1 of 61 files could not be used')
  })

  it('names the first of many files, and counts the others', () => {
    expect(result.out.match(/^File: /gm)).toHaveLength(21)
    expect(result.out).toContain('And 41 files more.')
  })

  it('shows how far it has come on a terminal, and clears the line', () => {
    expect(result.lines.find((line) => line.includes('inputs through'))).toMatch(
      /^1 of about \d+ inputs through 2 heads, file 2 of 61/
    )
    expect(result.lines.at(-1)).toBe('')
  })
})

it('a folder without a file of tensors is refused with what is needed', async () => {
  const {status, error} = await run(['explain', fixture('speech.pth'), at('nothing')])
  expect(status).toBe(2)
  expect(error).toMatch(/nothing: the folder holds no file of tensors; .* are needed\n$/)
})

it('stopped on the way, it writes nothing, says so, and ends with 130', async () => {
  const controller = new AbortController()
  const onLine = (text: string) => {
    if (text.includes('inputs through')) controller.abort()
  }
  const words = ['explain', fixture('speech.pth'), at('features'), '--json', at('stopped.json')]
  const {status, out, error, lines} = await run(words, {signal: controller.signal, onLine})
  expect({status, out, error}).toEqual({status: 130, out: '', error: 'density-lens: stopped; nothing was written\n'})
  expect(lines.at(-1)).toBe('')
  await expect(readFile(at('stopped.json'))).rejects.toMatchObject({code: 'ENOENT'})
})

it('an index in a folder and its shards are one source, also when only the index is named', async () => {
  const shards = join(import.meta.dirname, '../fixtures/formats/sharded-safetensors')
  const [whole, ...others] = await inputSources([shards], 'model.pth')
  expect([whole!.name, others.length]).toEqual(['model.safetensors.index.json', 0])
  const [named] = await inputSources([join(shards, 'model.safetensors.index.json')], 'model.pth')
  expect(named!.size).toBe(whole!.size)
})

it('the checkpoint is no input of its own folder', async () => {
  const names = (await inputSources([at('features')], at('features', 'u007.npy'))).map(({name}) => name)
  expect(names).toHaveLength(count)
  expect(names).not.toContain('u007.npy')
})

it('arrays of single inputs are kept up to a bound, and none beyond it', () => {
  const take = (record: ReturnType<typeof sliceRecord>) =>
    record.take({
      input: {shape: [1, 2, 3], samples: {sampleShape: [2, 3]}} as never,
      axes: {rows: 2, cols: 3} as never,
      result: {density: new Float32Array(6), logits: null, details: null} as never
    })
  const record = sliceRecord(48)
  take(record)
  take(record)
  expect([record.tooMany(), record.arrays().map(({shape}) => shape)]).toEqual([false, [[2, 2, 3]]])
  take(record)
  take(record)
  expect([record.tooMany(), record.arrays()]).toEqual([true, []])
})
