import {spawn} from 'node:child_process'
import {copyFile, mkdtemp, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, it, onTestFinished, vi} from 'vitest'
import {parseArguments} from '@/bin/arguments'
import {fixture} from '../engine/files'

const command = fileURLToPath(new URL('../../bin/density-lens.mjs', import.meta.url))

it('a checkpoint on disk that is rewritten, torn in between, gives a line for each version until Ctrl+C', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'density-lens-'))
  const path = join(folder, 'checkpoint.pth')
  const [first, second] = [await readFile(fixture('speech.pth')), await readFile(fixture('block.pth'))]
  await writeFile(path, first.subarray(0, 900))
  const child = spawn(process.execPath, [command, 'watch', path, '--backend', 'cpu'], {cwd: folder})
  const said = {out: '', error: ''}
  child.stdout.on('data', (text) => (said.out += text))
  child.stderr.on('data', (text) => (said.error += text))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await rm(folder, {recursive: true})
  })
  const lines = () => said.out.split('\n').filter(Boolean)
  const until = (count: number) => vi.waitFor(() => expect(lines()).toHaveLength(count), {timeout: 20_000})

  // Torn from before it was watched, then whole.
  await new Promise((go) => setTimeout(go, 1500))
  expect(lines()).toEqual([])
  await writeFile(path, first)
  await until(1)
  // Written slowly over the older, and whole only at the end.
  for (const share of [0, 0.3, 0.9, 1]) {
    await writeFile(path, second.subarray(0, Math.floor(share * second.length)))
    await new Promise((go) => setTimeout(go, 120))
  }
  await until(2)
  // Moved in its place at once, as careful scripts do.
  await writeFile(join(folder, 'next'), first)
  await rename(join(folder, 'next'), path)
  await until(3)
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  expect(lines()[0]).toMatch(/^version 1, .*SHA-256 [0-9a-f]{12}, 2\.5\sKB$/)
  expect(lines()[1]).toMatch(/^version 2, .*3\.9\sKB$/)
  expect(lines()[2]!.replace('version 3', 'version 1')).toBe(lines()[0])
  expect(said.error).toBe('density-lens: stopped after 3 versions\n')
})

it('an input that comes into the folder starts a run once it is whole, and so does one that is written anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'density-lens-'))
  const path = join(folder, 'checkpoint.pth')
  await copyFile(fixture('speech.pth'), path)
  await copyFile(fixture('utterance_0.pt'), join(folder, 'utterance_0.pt'))
  const child = spawn(process.execPath, [command, 'watch', path, folder, '--backend', 'cpu'], {cwd: folder})
  let said = ''
  child.stdout.on('data', (text) => {
    said += text
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await rm(folder, {recursive: true})
  })
  const lines = () => said.split('\n').filter(Boolean)
  const until = (count: number) => vi.waitFor(() => expect(lines()).toHaveLength(count), {timeout: 20_000})
  await until(1)
  const next = await readFile(fixture('utterance_1.pt'))
  await writeFile(join(folder, 'utterance_1.pt'), next.subarray(0, next.length / 2))
  await new Promise((go) => setTimeout(go, 1500))
  expect(lines(), 'half of an input is none').toHaveLength(1)
  await writeFile(join(folder, 'utterance_1.pt'), next)
  await until(2)
  await copyFile(fixture('utterance_2.pt'), join(folder, 'utterance_1.pt'))
  await until(3)
  const [first, second, third] = lines()
  expect(first).toMatch(/^version 1, .*, 1 input, /)
  expect(second).toMatch(/^version 2, .*, 2 inputs, /)
  expect(third).toMatch(/^version 3, .*, 2 inputs, /)
  expect(third).not.toBe(second!.replace('version 2', 'version 3'))
})

it('takes what explain takes, except files to write', () => {
  expect(parseArguments(['watch', '--layout=time', 'a.pth', 'x.npy'])).toEqual({
    kind: 'watch',
    checkpoint: 'a.pth',
    inputs: ['x.npy'],
    backend: 'auto',
    settings: {layout: 'time'},
    classes: null
  })
  expect(() => parseArguments(['watch', 'a.pth', '--json', 'b.json'])).toThrow('watch writes no file')
  expect(() => parseArguments(['watch'])).toThrow('watch was given no file; needed a checkpoint')
})
