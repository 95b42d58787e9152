import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {main} from '@/bin/cli'
import {help} from '@/bin/help'
import {decodeExplanation} from '@/lib/explain/json'
import {npzBytes} from '@/lib/formats/npzBytes'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {decodeRecord} from '@/lib/share/record'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'density-lens-'))
})
afterAll(() => rm(folder, {recursive: true}))

async function run(...words: string[]) {
  const said = {out: '', error: ''}
  const streams = {
    out: (text: string) => {
      said.out += text
    },
    error: (text: string) => {
      said.error += text
    }
  }
  return {status: await main(words, streams), ...said}
}

const shipped = (example: string, file: string) => `public/examples/${example}/${file}`
const at = (name: string) => join(folder, name)
const arraysIn = async (path: string) => openArchive(memorySource(new Uint8Array(await readFile(path)), path))

type Change = (values: Float32Array, shape: number[]) => Float32Array | null

const count = 4

/** The first few inputs of an example as a file of their own; arrays changed by name, or left out. */
async function few(example: string, name: string, changes: Readonly<Record<string, Change>> = {}): Promise<string> {
  const archive = await arraysIn(shipped(example, 'inputs.npz'))
  const arrays = []
  for (const {name, shape} of archive.entries) {
    if (name === 'images') continue
    const each = shape.slice(1).reduce((size, length) => size * length, 1)
    const read = (await archive.read(name)).values as ArrayLike<number>
    const first = Float32Array.from({length: count * each}, (_, i) => Number(read[i]))
    const own = [count, ...shape.slice(1)]
    const values = changes[name] ? changes[name](first, own) : first
    if (values) arrays.push({name, shape: own, values})
  }
  await writeFile(at(name), npzBytes(arrays))
  return at(name)
}

const families = [
  {example: 'reasoning', title: 'stacked latent attention', row: 'hop', rows: 3, cols: 9, own: 'attention.regions'},
  {example: 'words', title: 'deformable attention pyramid', row: 'block', rows: 8, cols: 256, own: 'offset_length'}
] as const

describe.each(families)('$example on the command line', ({example, title, row, rows, cols, own}) => {
  const checkpoint = shipped(example, 'checkpoint.pth')
  const out = (ending: string) => at(`${example}.${ending}`)
  let inputs: string
  let said: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    inputs = await few(example, `${example}-few.npz`)
    const files = ['npz', 'json', 'csv', 'html'].flatMap((ending) => [`--${ending}`, out(ending)])
    said = await run('explain', checkpoint, inputs, '--backend', 'cpu', ...files, '--record', out('densitylens'))
    // The page is packed anew, and the engine is loaded first here.
  }, 60_000)

  it('is inspected: what it is, and every tensor with its role', async () => {
    const {status, out: text} = await run('inspect', checkpoint)
    expect(status).toBe(0)
    expect(text).toContain(`Found ${title}`)
    expect(text).toMatch(/^tensor +dtype +shape +role$/m)
  })

  it('is explained row by row, with what is measured beside importance and what to know of it', () => {
    expect(said).toMatchObject({status: 0, error: ''})
    expect(said.out.match(new RegExp(`^ *\\d+ (stage.*|  +.*)${'%'} +\\d+$`, 'gm'))).toHaveLength(rows)
    expect(said.out).toContain(`\n${row}`)
    expect(said.out).toContain('entropy of attention, bits')
    expect(said.out).toContain('our extension')
    expect(said.out).toContain(`Maps: drawn from ${count} inputs in 1 file.`)
  })

  it('gives arrays of these shapes, each of which the help names', async () => {
    const {entries} = await arraysIn(out('npz'))
    const shapes = Object.fromEntries(entries.map(({name, shape}) => [name, shape]))
    expect(shapes).toMatchObject({
      importance: [rows, cols],
      density: [rows, cols],
      layer_importance: [rows],
      entropy: [rows],
      untrained_entropy: [rows],
      sample_density: [count, rows, cols],
      [own]: own.startsWith('attention') ? [count, rows, cols] : [rows]
    })
    for (const {name} of entries) expect(help).toMatch(new RegExp(`\\b${name.replace(/^untrained_/, '')}\\b`))
  })

  it('gives JSON, a table, a page and a record that say the same', async () => {
    const explanation = decodeExplanation(await readFile(out('json'), 'utf8'))
    expect(explanation.axes?.plane).toBeDefined()
    const table = (await readFile(out('csv'), 'utf8')).split('\r\n').filter((line) => !line.startsWith('#'))
    const [head, ...lines] = table
      .filter((line) => line !== '')
      .map((line) => line.replaceAll(/"[^"]*"/g, 'named').split(','))
    expect(lines).toHaveLength(rows)
    for (const [i, line] of lines.entries()) {
      expect(Number(line[head!.indexOf('importance')])).toBeCloseTo(explanation.layers[i]!.importance, 6)
    }
    const page = await readFile(out('html'), 'utf8')
    expect(page).toContain('<h2 id="plane-title">On the input</h2>')
    expect(page).not.toContain('id="inputs"')
    const record = await decodeRecord(new Uint8Array(await readFile(out('densitylens'))))
    expect([record.explanation.layers, record.pictures]).toEqual([explanation.layers, null])
  })

  it('is shared as a link and found again', async () => {
    const link = (await run('share', out('densitylens'))).out.trim()
    expect(link).toMatch(/^http:\/\/localhost:3000\/#x=/)
    for (const shared of [link, out('json')]) {
      const {status, out: text} = await run('verify', shared, checkpoint, inputs, '--backend', 'cpu')
      expect({status, text}).toMatchObject({status: 0, text: expect.stringMatching(/^Reproduced/)})
    }
    const alone = await run('verify', out('densitylens'), checkpoint)
    expect(alone.status).toBe(2)
    expect(alone.error).toContain(`the explanation was made from ${count} inputs; needed their files, too`)
  })

  it('without inputs says that they are needed', async () => {
    const {status, out: text} = await run('explain', checkpoint, '--backend', 'cpu')
    expect(status).toBe(0)
    expect(text).toContain('Importance: absent.')
  })
})

const nan: Change = (values) => values.fill(Number.NaN, 0, 1)
const cut: Change = (values, shape) => {
  shape[1] = shape[1]! - 1
  return values.subarray(
    0,
    shape.reduce((size, length) => size * length, 1)
  )
}

describe('inputs that cannot be used', () => {
  it.each([
    ['reasoning', 'no questions', {question: () => null}, 'needed question beside regions'],
    [
      'reasoning',
      'questions of another width',
      {question: cut},
      'question is (4, 47) beside regions (4, 9, 16); (4, 48)'
    ],
    ['words', 'spectrograms of another height', {mel: cut}, 'inputs are (63, 96)'],
    ['words', 'silence', {mel: (values: Float32Array) => values.fill(0)}, 'is silence']
  ] as const)('%s: %s are refused in one sentence', async (example, name, changes, sentence) => {
    const inputs = await few(example, `${name}.npz`, changes as Readonly<Record<string, Change>>)
    const {status, out, error} = await run('explain', shipped(example, 'checkpoint.pth'), inputs, '--backend', 'cpu')
    expect({status, out}).toEqual({status: 2, out: ''})
    expect(error).toContain(sentence)
    expect(error.trim().split('\n')).toHaveLength(1)
  })

  it.each([
    ['reasoning', 'question'],
    ['words', 'mel']
  ] as const)('%s: one with NaN is left out, counted and named', async (example, array) => {
    const inputs = await few(example, `${example}-nan.npz`, {[array]: nan})
    const {status, out} = await run('explain', shipped(example, 'checkpoint.pth'), inputs, '--backend', 'cpu')
    expect(status).toBe(0)
    expect(out).toMatch(/- Input 1 of 4 could not be used and is left out: it holds NaN at place 1 of /)
    expect(out).toContain('Maps: drawn from 3 inputs in 1 file.')
  })

  it('that are not there are named', async () => {
    const {status, error} = await run('explain', shipped('words', 'checkpoint.pth'), at('nothing.npz'))
    expect(status).toBe(2)
    expect(error).toMatch(/nothing\.npz: there is no such file; a file that can be read is needed\n$/)
  })
})
