import {execFile} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, expect, it} from 'vitest'
import {digits} from '../engine/files'
import digitsExpected from '../fixtures/digits/expected.json'
import {type RangeServer, rangeServer, servedBytes} from '../formats/rangeServer'

const command = fileURLToPath(new URL('../../bin/density-lens.mjs', import.meta.url))
let server: RangeServer
beforeAll(async () => {
  const served = (name: string) => servedBytes(new Uint8Array(readFileSync(digits(name))))
  server = await rangeServer({
    'checkpoint.pth': served('checkpoint.pth'),
    'inputs.npz': served('inputs.npz')
  })
})
afterAll(() => server.close())

function run(...words: string[]): Promise<{status: number; stdout: string; stderr: string}> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...words], (error, stdout, stderr) => {
      resolve({status: error ? Number(error.code) : 0, stdout, stderr})
    })
  })
}

it('explains a checkpoint and inputs that lie on a server as it explains files', async () => {
  const at = `${server.base}/ranges`
  const {status, stdout, stderr} = await run('explain', `${at}/checkpoint.pth`, `${at}/inputs.npz`)
  expect({status, stderr}).toEqual({status: 0, stderr: ''})
  const rows = stdout.split('\n').filter((line) => /^ +\d+ /.test(line))
  const ranks = rows.map((line) => Number(line.trim().split(/ {2,}/)[2]))
  expect(ranks).toEqual(digitsExpected.layerRank)
})

it('says how much of a file came', async () => {
  const {status, stdout} = await run('inspect', `${server.base}/ranges/checkpoint.pth`)
  expect(status).toBe(0)
  expect(stdout).toContain(`From ${server.host}: 0.1\u00a0MB of 1.0\u00a0MB fetched.`)
})

it.each([
  ['ranges/none.pth', /^none\.pth at .*: there is no such file \(404\).*\n$/],
  ['gated/checkpoint.pth', /^checkpoint\.pth at .*: is not given to everyone \(40[13]\).*\n$/]
])('%s is one sentence and exit status 2', async (path, sentence) => {
  const {status, stdout, stderr} = await run('inspect', `${server.base}/${path}`)
  expect({status, stdout}).toEqual({status: 2, stdout: ''})
  expect(stderr).toMatch(sentence)
})
