import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {main} from '@/bin/cli'
import {fileSource} from '@/bin/fileSource'
import {type NamedArray, npzBytes} from '@/lib/formats/npzBytes'
import {openArchive} from '@/lib/formats/openArchive'

const example = (name: string) => fileURLToPath(new URL(`../../public/examples/${name}`, import.meta.url))
const board = [example('reasoning/checkpoint.pth'), example('reasoning/inputs.npz')]
const sound = [example('words/checkpoint.pth'), example('words/inputs.npz')]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'density-lens-'))
})
afterAll(() => rm(folder, {recursive: true}))
const out = (name: string) => join(folder, name)

/** One command line in this process. */
async function run(...words: string[]) {
  const [stdout, stderr]: [string[], string[]] = [[], []]
  const streams = {out: (text: string) => void stdout.push(text), error: (text: string) => void stderr.push(text)}
  const status = await main(words, streams)
  return {status, stdout: stdout.join(''), stderr: stderr.join('')}
}

/** The mean map in an NPZ of `explain`. */
async function density(file: string) {
  const archive = await openArchive(await fileSource(file))
  return Array.from((await archive.read('density')).values as Float32Array)
}

/** A file of inputs made up, each number by its place. */
async function inputs(name: string, shapes: Record<string, readonly number[]>, number: (i: number) => number) {
  const arrays = Object.entries(shapes).map(([array, shape]): NamedArray => {
    const length = shape.reduce((product, n) => product * n, 1)
    return {name: array, shape, values: Float32Array.from({length}, (_, i) => number(i))}
  })
  await writeFile(out(name), npzBytes(arrays))
  return out(name)
}

describe.each([
  {
    what: 'stacked latent attention',
    files: board,
    first: /^hop +rank +IF /m,
    columns: 'hop,rank,rank_low',
    arrays: ['entropy', 'content_gradient', 'latent_gradient']
  },
  {
    what: 'a deformable pyramid',
    files: sound,
    first: /^block +rank +IF .*\n1 stage 1, block 1, /m,
    columns: 'block,name,rank,rank_low',
    arrays: ['entropy', 'offset_length', 'adaptor_shift']
  }
])('$what on the command line', ({files, first, columns, arrays}) => {
  const record = () => out(`${columns}.densitylens`)

  it('is explained in words and in every kind of file, with its measures and no head or Gaussian', async () => {
    const [csv, html, npz] = ['table.csv', 'page.html', 'arrays.npz'].map(out)
    const made = ['--csv', csv!, '--html', html!, '--npz', npz!, '--record', record()]
    const {status, stdout, stderr} = await run('explain', ...files, ...made)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(first)
    expect(stdout).toContain('entropy of attention, bits')
    expect(stdout).not.toMatch(/Gaussian|\bhead/)
    const lines = (await readFile(csv!, 'utf8')).split('\r\n')
    expect(lines.find((line) => !line.startsWith('#'))).toMatch(new RegExp(`^${columns}`))
    expect(lines.filter((line) => line.startsWith('#')).join()).toContain('1 where attention is even')
    expect((await readFile(html!, 'utf8')).includes('our extension')).toBe(true)
    const {entries} = await openArchive(await fileSource(npz!))
    const names = entries.map(({name}) => name)
    expect(names).toEqual(expect.arrayContaining([...arrays, 'sample_density', 'logits']))
    expect(names).not.toContain('mean_offset')
  })

  it('is shared as a link, and reproduced from its files alone', async () => {
    const {stdout: link} = await run('share', record(), '--at', 'https://lens.example/')
    expect(link).toMatch(/^https:\/\/lens\.example\/#x=[\w-]{100,8000}\n$/)
    const {status, stdout} = await run('verify', link.trim(), ...files)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^Reproduced/)
    const other = files === board ? sound : board
    expect((await run('verify', record(), ...other)).status).toBe(3)
  })

  it('without inputs says that they are needed, and nothing of Gaussians', async () => {
    const {status, stdout} = await run('explain', files[0]!)
    expect(status).toBe(0)
    expect(stdout).toContain('where they attend is not yet')
    expect(stdout).toContain('Importance: absent.')
    expect(stdout).not.toContain('Gaussian')
  })
})

it('what is found is counted in hops and in blocks', async () => {
  expect((await run('inspect', board[0]!)).stdout).toContain('at sla.0–2: 3 hops, ')
  expect((await run('inspect', sound[0]!)).stdout).toContain('at stages: 8 blocks, ')
})

describe('inputs that do not do are said, each in a sentence', () => {
  const refused = async (files: readonly string[], file: string, ...options: string[]) => {
    const {status, stdout, stderr} = await run('explain', files[0]!, file, ...options)
    expect([status, stdout]).toEqual([2, ''])
    return stderr
  }

  it('a single region', async () => {
    const file = await inputs('one.npz', {regions: [2, 1, 16], question: [2, 48]}, Math.sin)
    expect(await refused(board, file)).toBe(
      'one.npz: the regions are (2, 1, 16), one for each input; two or more are needed, because attention over one is always 1\n'
    )
  })

  it('regions without a question, and regions that lie otherwise than asked', async () => {
    const file = await inputs('alone.npz', {regions: [2, 9, 16]}, Math.sin)
    expect(await refused(board, file)).toContain('needed question beside regions')
    expect(await refused(board, board[1]!, '--map', '2x4')).toBe(
      'a map of 2 × 4 has 8 places; the inputs have 9 regions\n'
    )
  })

  it('NaN in all regions', async () => {
    const file = await inputs('nan.npz', {regions: [2, 9, 16], question: [2, 48]}, () => Number.NaN)
    expect(await refused(board, file)).toBe(
      'nan.npz: input 1 of 2 holds NaN at place 1 of 144 in its regions; finite numbers are needed\n'
    )
  })

  it('NaN in one region: its input alone is left out', async () => {
    const file = await inputs('nan1.npz', {regions: [3, 9, 16], question: [3, 48]}, (i) =>
      i === 150 ? Number.NaN : Math.sin(i)
    )
    const {stdout} = await run('explain', board[0]!, file)
    expect(stdout).toContain(
      'Input 2 of 3 could not be used and is left out: it holds NaN at place 7 of 144 in its regions; finite numbers are needed.'
    )
    expect(stdout).toContain('Maps: drawn from 2 inputs in 1 file.')
  })

  it('regions that are all alike: attention is even, and nothing is ranked', async () => {
    const file = await inputs('zero.npz', {regions: [2, 9, 16], question: [2, 48]}, () => 0)
    const {stdout} = await run('explain', board[0]!, file)
    expect(stdout).toContain('Every cell gets the same attention')
    expect(stdout).toContain('no hop can be ranked')
  })

  it('silence, NaN, and a spectrogram of another length', async () => {
    const silent = await inputs('silent.npz', {mel: [2, 64, 96]}, () => 0)
    expect(await refused(sound, silent)).toBe(
      'silent.npz: input 1 of 2 is silence: all its 6,144 numbers are 0; a spectrogram of something is needed\n'
    )
    const broken = await inputs('broken.npz', {mel: [64, 96]}, (i) => (i === 7 ? Number.NaN : Math.sin(i)))
    expect(await refused(sound, broken)).toContain('broken.npz: the input holds NaN at place 8 of 6,144')
    const short = await inputs('short.npz', {mel: [64, 95]}, Math.sin)
    expect(await refused(sound, short)).toContain('inputs are (64, 95), which makes stage 1 a grid (16, 15)')
  })

  it('silence and NaN among the inputs of one array: the others are read', async () => {
    const size = 64 * 96
    const some = await inputs('some.npz', {mel: [5, 64, 96]}, (i) =>
      i === 4 * size + 2 ? Number.NaN : Math.floor(i / size) === 1 ? -4 : Math.sin(i * i)
    )
    const {status, stdout} = await run('explain', sound[0]!, some, '--npz', out('some.out.npz'))
    expect(status).toBe(0)
    expect(stdout).toContain('Maps: drawn from 3 inputs in 1 file.')
    expect(stdout).toContain(
      '2 of 5 inputs could not be used and are left out. Input 2 is silence: all its 6,144 numbers are -4; a spectrogram of something is needed. Input 5 holds NaN at place 3 of 6,144; spectrograms of finite numbers are needed.'
    )
    // The mean is that of the others alone.
    const others = await inputs('others.npz', {mel: [3, 64, 96]}, (i) => {
      const at = i < size ? i : i + size
      return Math.sin(at * at)
    })
    const alone = await run('explain', sound[0]!, others, '--npz', out('others.out.npz'))
    expect(alone.status).toBe(0)
    const [mixed, clean] = await Promise.all(['some', 'others'].map((name) => density(out(`${name}.out.npz`))))
    expect(mixed).toEqual(clean)
  })

  it('a single region, or no question, in one of several sets of arrays costs that set alone', async () => {
    const file = await inputs(
      'sets.npz',
      {'a.regions': [2, 9, 16], 'a.question': [2, 48], 'b.regions': [2, 1, 16], 'b.question': [2, 48]},
      Math.sin
    )
    const {stdout} = await run('explain', board[0]!, file)
    expect(stdout).toContain('Maps: drawn from 2 inputs in 1 file.')
    expect(stdout).toMatch(
      /1 of 2 arrays could not be used and is left out\. \S*sets\.npz b\.regions: the regions are \(2, 1, 16\)/
    )
    const lacking = await inputs(
      'lacking.npz',
      {'a.regions': [2, 9, 16], 'b.regions': [2, 9, 16], 'b.question': [2, 48]},
      Math.sin
    )
    const {stdout: second} = await run('explain', board[0]!, lacking)
    expect(second).toContain('Maps: drawn from 2 inputs in 1 file.')
    expect(second).toMatch(
      /1 of 2 arrays could not be used and is left out\. \S*lacking\.npz.*needed a\.question beside a\.regions/
    )
  })

  it('silence among others costs its own place', async () => {
    await mkdir(out('sounds'))
    await inputs('sounds/a.npz', {mel: [64, 96]}, () => 0)
    await inputs('sounds/b.npz', {mel: [64, 96]}, Math.sin)
    const {stdout} = await run('explain', sound[0]!, out('sounds'))
    expect(stdout).toMatch(/1 of 2 files could not be used and is left out\. \S*a\.npz: the input is silence/)
  })

  it('strides and a release that cannot be', async () => {
    expect(await refused(sound, sound[1]!, '--sampling-strides', '3,2')).toBe(
      'the strides 3, 2 were asked for; 3 stages need one from 1 to 64 each\n'
    )
    expect(await refused(sound, sound[1]!, '--release', '2024')).toBe(
      'density-lens: --release is 2024; needed 2022 or 2023\n'
    )
  })
})
