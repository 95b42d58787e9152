import {execFile} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {expect, it} from 'vitest'
import type {Explanation} from '@/lib/explain/explanation'
import {decodeExplanation} from '@/lib/explain/json'

const folder = 'public/examples/words'
const card = JSON.parse(readFileSync(`${folder}/card.json`, 'utf8'))
const shipped = decodeExplanation(readFileSync(`${folder}/explanation.json`, 'utf8'))

/** The command line on the shipped files, in a process of its own. */
async function explained(): Promise<Explanation> {
  const out = await mkdtemp(join(tmpdir(), 'density-lens-words-'))
  try {
    const json = join(out, 'out.json')
    const files = [`${folder}/checkpoint.pth`, `${folder}/inputs.npz`]
    const args = ['explain', ...files, '--classes', card.classes.join(','), '--json', json]
    await promisify(execFile)(process.execPath, ['bin/density-lens.mjs', ...args])
    return decodeExplanation(await readFile(json, 'utf8'))
  } finally {
    await rm(out, {recursive: true})
  }
}

it('the words on spectrograms are explained as they were when they were shipped', async () => {
  const fresh = await explained()
  expect(fresh.provenance.checkpoint.sha256).toBe(shipped.provenance.checkpoint.sha256)
  expect(fresh.model).toMatchObject({family: 'deformable-audio', settings: {samplingStrides: [4, 2, 1]}})
  for (const map of ['density', 'nullDensity'] as const) {
    const [now, then] = [fresh[map]!.values, shipped[map]!.values]
    expect(now.length).toBe(8 * 256)
    expect(Math.max(...Array.from(now, (value, i) => Math.abs(value - then[i]!)))).toBeLessThan(1e-5)
  }
  expect(fresh.layers.map(({rank}) => rank)).toEqual(shipped.layers.map(({rank}) => rank))
}, 120_000)

it('and the card says of them what their table holds', () => {
  const {rows} = card.table as {rows: readonly (readonly [string, number, number, number, number, number])[]}
  expect(rows.map(([kind, seed]) => `${kind} ${seed}`).sort()).toEqual(
    ['deformable', 'fixed', 'window'].flatMap((kind) => [1, 2, 3].map((seed) => `${kind} ${seed}`))
  )
  // What is compared costs the same.
  const costs = rows.map(([, , cost]) => cost)
  expect(Math.max(...costs) / Math.min(...costs)).toBeLessThan(1.001)
  for (const kind of ['deformable', 'fixed', 'window']) {
    const read = rows.filter(([of]) => of === kind).map((row) => ((row[5] / 240) * 100).toFixed(1))
    expect(card.about.join('\n')).toContain(`${read.join(', ')} % of 240 clips`)
  }
  const right = shipped.samples.filter(({label, logits}) => logits!.indexOf(Math.max(...logits!)) === label).length
  expect(card.about.at(-1)).toContain(`it reads ${right} rightly`)
})

it('each input of the words comes with its sound, and with a name', () => {
  expect(card.sounds).toHaveLength(shipped.samples.length)
  expect(card.names).toHaveLength(shipped.samples.length)
  const heads = card.sounds.map((sound: string) => readFileSync(`${folder}/${sound}`).subarray(0, 4).toString())
  expect(new Set(heads)).toEqual(new Set(['OggS']))
})
