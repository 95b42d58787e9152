import {execFile} from 'node:child_process'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {fileSource} from '@/bin/fileSource'
import {decodeExplanation} from '@/lib/explain/json'
import {openArchive} from '@/lib/formats/openArchive'
import {apart, digits, fixture} from '../engine/files'
import digitsExpected from '../fixtures/digits/expected.json'
import expected from '../fixtures/engine/expected.json'

const command = fileURLToPath(new URL('../../bin/density-lens.mjs', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'density-lens-'))
})
afterAll(() => rm(folder, {recursive: true}))
const out = (name: string) => join(folder, name)

/** Runs the command in a process of its own, away from the repository. */
function run(...words: string[]): Promise<{status: number; stdout: string; stderr: string}> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...words], {cwd: folder}, (error, stdout, stderr) => {
      resolve({status: error ? Number(error.code) : 0, stdout, stderr})
    })
  })
}

async function arraysOf(path: string) {
  const archive = await openArchive(await fileSource(path))
  const arrays = await Promise.all(archive.entries.map(async ({name}) => [name, await archive.read(name)] as const))
  return new Map(arrays)
}

describe('explain, with inputs', () => {
  let result: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    const classes = ['--classes', '0,1,2,3,4,5,6,7,8,9']
    const files = [digits('checkpoint.pth'), digits('inputs.npz')]
    result = await run('explain', ...files, '--npz', out('digits.npz'), '--json', out('digits.json'), ...classes)
  })

  it('prints the ranking, its untrained twin, and where the numbers came from', () => {
    expect(result).toMatchObject({status: 0, stderr: ''})
    const ranked = result.stdout.split('\n').filter((line) => /^ +\d+ /.test(line))
    const cells = ranked.map((line) => line.trim().split(/ {2,}/))
    expect(cells.map(([, , rank]) => Number(rank))).toEqual(digitsExpected.layerRank)
    expect(cells[0]!.slice(0, 4)).toEqual(['1', '1', '8', digitsExpected.layerImportance[0]!.toFixed(3)])
    expect(result.stdout).toContain('almost identically (r = 0.997')
    expect(result.stdout).toContain('Maps: drawn from 100 inputs in 1 file.')
    expect(result.stdout).toContain('Backend: WASM, because there is no WebGPU here.')
  })

  it('writes an NPZ of float32 arrays by their agreed names', async () => {
    const arrays = await arraysOf(out('digits.npz'))
    expect(Object.fromEntries([...arrays].map(([name, {shape}]) => [name, shape]))).toEqual({
      importance: [12, 64],
      density: [12, 64],
      density_variance: [12, 64],
      class_density: [10, 12, 64],
      class_labels: [10],
      layer_importance: [12],
      mean_offset: [4, 64],
      scaled_variance: [4, 64],
      sample_density: [100, 12, 64],
      logits: [100, 10]
    })
    expect(new Set([...arrays.values()].map(({dtype}) => dtype))).toEqual(new Set(['f32']))
    const floats = (name: string) => arrays.get(name)!.values as Float32Array
    expect(apart(floats('density'), digitsExpected.density.flat())).toBeLessThan(1e-5)
    expect(apart(floats('importance'), digitsExpected.importance.flat())).toBeLessThan(1e-4)
    expect([...floats('class_labels')]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    const [maps, variance] = [floats('sample_density'), floats('density_variance')]
    const cell = Array.from({length: 100}, (_, i) => maps[i * 768 + 40]!)
    const mean = cell.reduce((a, b) => a + b, 0) / 100
    expect(variance[40]! / (cell.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 99)).toBeCloseTo(1, 5)
    const nines = cell.filter((_, i) => digitsExpected.labels[i] === 9)
    expect(floats('class_density')[9 * 768 + 40]! * nines.length).toBeCloseTo(
      nines.reduce((a, b) => a + b, 0),
      5
    )
    expect(apart(floats('layer_importance'), digitsExpected.layerImportance)).toBeLessThan(1e-4)
    expect(apart(floats('sample_density').subarray(0, 768), digitsExpected.firstSampleDensity.flat())).toBeLessThan(
      1e-5
    )
  })

  it('writes the explanation as JSON, as the app reads it', async () => {
    const explanation = decodeExplanation(await readFile(out('digits.json'), 'utf8'))
    expect(explanation.layers.map(({rank}) => rank)).toEqual(digitsExpected.layerRank)
    expect(explanation.samples.map(({label}) => label)).toEqual(digitsExpected.labels)
    expect(explanation.model.classes).toHaveLength(10)
  })
})

it('explain, without inputs, takes the maps saved in the checkpoint', async () => {
  const {status, stdout} = await run('explain', digits('checkpoint.pth'), '--npz', out('saved.npz'))
  expect(status).toBe(0)
  expect(stdout).toContain('Maps: saved in the checkpoint by its own validation run.')
  const arrays = await arraysOf(out('saved.npz'))
  expect([...arrays.keys()]).not.toContain('sample_density')
  expect(apart(arrays.get('density')!.values as Float32Array, digitsExpected.saved.density.flat())).toBeLessThan(1e-5)
})

it('explain, with neither, says that importance is absent and gives the Gaussians', async () => {
  const {status, stdout} = await run('explain', fixture('speech.pth'), '--npz', out('none.npz'))
  expect(status).toBe(0)
  expect(stdout).toContain('Maps: none; there are no inputs and the checkpoint carries no maps.\nImportance: absent.')
  expect(stdout).toContain('head 2: 6 features, offset ')
  expect([...(await arraysOf(out('none.npz'))).keys()]).toEqual(['mean_offset', 'scaled_variance'])
})

it("a density block's output and weights have the input's own shape", async () => {
  const files = [fixture('block.pth'), fixture('block_input.npy')]
  const {status} = await run('explain', ...files, '--axes', '1,-1', '--npz', out('block.npz'), '--backend', 'cpu')
  expect(status).toBe(0)
  const arrays = await arraysOf(out('block.npz'))
  const block = {
    output: expected.block.output,
    'attention.layer_0': expected.block.attention[0]!,
    'attention.layer_1': expected.block.attention[1]!
  }
  for (const [name, values] of Object.entries(block)) {
    expect(arrays.get(name)!.shape).toEqual([2, 5, 6])
    expect(apart(arrays.get(name)!.values as Float32Array, values.flat(2))).toBeLessThan(1e-5)
  }
})

it('inspect prints what was recognised and every tensor with its role', async () => {
  const {status, stdout} = await run('inspect', fixture('speech.pth'))
  expect(status).toBe(0)
  expect(stdout).toContain('speech.pth: PyTorch zip, 2.5\u00a0KB, 4 tensors')
  expect(stdout).toContain('Found density attention over layers at daam.gcts.0–1: 2 heads, 6 features, 24 parameters.')
  expect(stdout).toMatch(/state_dict\.daam\.gcts\.1\.mean_offset {2}f32 {4}\(1, 6\) {2}head 1 mean offset/)
})

describe('explain, told which tensors the heads are', () => {
  const roles = ['head 0 mean offset=pool.mu', 'head 0 scaled variance=pool.var']

  it('shows them as the heads, with the roles in the explanation', async () => {
    const {status, stdout} = await run(
      'explain',
      fixture('pool.pth'),
      '--bind',
      roles.join(),
      '--json',
      out('bound.json')
    )
    expect(status).toBe(0)
    expect(stdout).toContain('pool.pth: density attention over layers at pool, bound by hand')
    const {model, heads} = decodeExplanation(await readFile(out('bound.json'), 'utf8'))
    expect(model.settings).toMatchObject({
      bindings: {'head 0 mean offset': 'pool.mu'},
      family: 'layer-density',
      heads: 1
    })
    expect(heads).toHaveLength(1)
  })

  it('refuses what cannot be bound in one sentence', async () => {
    const {status, stderr} = await run('explain', fixture('pool.pth'), '--bind', 'head 0 mean offset=pool.mu')
    expect({status, stderr}).toEqual({
      status: 2,
      stderr: 'head 0 scaled variance is not bound; a tensor of (1, features) is needed\n'
    })
  })
})

describe('a checkpoint in parts', () => {
  const part = (name: string) =>
    fileURLToPath(new URL(`../fixtures/formats/sharded-safetensors/${name}`, import.meta.url))
  const index = part('model.safetensors.index.json')

  it('is its index, whose shards are found in its folder', async () => {
    const {status, stdout} = await run('inspect', index)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^model\.safetensors\.index\.json: safetensors in 2 files, .*, 4 tensors/)
    expect(stdout).toMatch(/b\.steps +i64 +\(1\)/)
  })

  it('is its index with the shards that are given, wherever they lie', async () => {
    const text = await readFile(index, 'utf8')
    await writeFile(out('alone.index.json'), text)
    const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'].map(part)
    expect(await run('inspect', out('alone.index.json'), ...shards)).toMatchObject({status: 0, stderr: ''})
    const {status, stderr} = await run('inspect', out('alone.index.json'), shards[0]!)
    expect({status, stderr}).toEqual({
      status: 2,
      stderr:
        'alone.index.json: names 2 files, of which 1 is not here (model-00002-of-00002.safetensors); open them together with it\n'
    })
  })

  it('is never looked for outside the folder of its index', async () => {
    await writeFile(out('escaping.index.json'), JSON.stringify({weight_map: {x: '../outside.safetensors'}}))
    const {status, stderr} = await run('inspect', out('escaping.index.json'))
    expect({status, stderr}).toEqual({
      status: 2,
      stderr:
        'escaping.index.json: names 1 file, of which none is here (../outside.safetensors); open them together with it\n'
    })
  })

  it('is not a checkpoint with another beside it', async () => {
    const {status, stderr} = await run('inspect', fixture('speech.pth'), fixture('pool.pth'))
    expect(status).toBe(2)
    expect(stderr).toMatch(
      /inspect was given .*pool\.pth beside .*speech\.pth; needed one checkpoint, or an index and its shards\n$/
    )
  })
})

it('inspect of a file without density attention says what it looked for', async () => {
  const {status, stdout} = await run('inspect', fixture('pool.pth'))
  expect(status).toBe(0)
  expect(stdout).toContain('Found no density attention.')
  expect(stdout).toContain('The nearest pair is pool.mu and pool.var, both (1, 8).')
})

describe('what cannot be used ends with status 2 and one sentence', () => {
  beforeAll(async () => {
    const whole = await readFile(digits('checkpoint.pth'))
    await writeFile(out('half.pth'), whole.subarray(0, whole.length / 2))
    await writeFile(out('words.pth'), 'these are words, not tensors\n')
  })

  it.each([
    [
      'an unknown option',
      ['explain', 'a.pth', '--colour=red'],
      /^density-lens: unknown option --colour; see density-lens --help\n$/
    ],
    ['a file that is not there', ['explain', 'gone.pth'], /^gone\.pth: there is no such file; .*needed\n$/],
    ['half a file', ['explain', 'half.pth'], /^zip: the file ends .*\n$/],
    ['a file of words', ['inspect', 'words.pth'], /^words\.pth: .*needed\n$/],
    [
      'no density attention',
      ['explain', fixture('pool.pth')],
      /^pool\.pth: found 3 tensors but no density attention; .*\n$/
    ],
    [
      'inputs of another width',
      ['explain', fixture('speech.pth'), fixture('wide.npy')],
      /^wide\.npy: the inputs are \(4, 7\); .*6\)\n$/
    ],
    [
      'an input of two readings',
      ['explain', fixture('speech.pth'), fixture('either.npy')],
      /^.*\(4, 4, 6\).*--layout batch or --layout time.*\n$/
    ],
    [
      'no folder to write to',
      ['explain', fixture('speech.pth'), '--npz', 'no/such/out.npz'],
      /^no\/such\/out\.npz: .*\n$/
    ]
  ])('%s', async (_, words, sentence) => {
    const {status, stdout, stderr} = await run(...words)
    expect({status, stdout}).toEqual({status: 2, stdout: ''})
    expect(stderr).toMatch(sentence)
    expect(stderr.split('\n')).toHaveLength(2)
  })
})

it('--help prints how to call it, and succeeds', async () => {
  const {status, stdout} = await run('--help')
  expect(status).toBe(0)
  expect(stdout).toContain('density-lens explain CHECKPOINT [INPUT…] [options]')
})
