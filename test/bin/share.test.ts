import {execFile} from 'node:child_process'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, expect, it} from 'vitest'
import {readHashLink} from '@/lib/share/link'
import {decodeRecord} from '@/lib/share/record'
import {digits} from '../engine/files'
import digitsExpected from '../fixtures/digits/expected.json'

const command = fileURLToPath(new URL('../../bin/density-lens.mjs', import.meta.url))
const files = [digits('checkpoint.pth'), digits('inputs.npz')]

let folder: string
let record: string
let link: string

function run(...words: string[]): Promise<{status: number; stdout: string; stderr: string}> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...words], {cwd: folder}, (error, stdout, stderr) => {
      resolve({status: error ? Number(error.code) : 0, stdout, stderr})
    })
  })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'density-lens-'))
  record = join(folder, 'OUT.densitylens')
  expect((await run('explain', ...files, '--record', record)).status).toBe(0)
  link = (await run('share', record, '--at', 'https://lens.example/app/')).stdout.trim()
})
afterAll(() => rm(folder, {recursive: true}))

it('explain --record writes the explanation with every digit and without names', async () => {
  const {explanation, unread, left} = await decodeRecord(new Uint8Array(await readFile(record)))
  expect({unread, left}).toEqual({unread: [], left: []})
  expect(explanation.layers.map(({rank}) => rank)).toEqual(digitsExpected.layerRank)
  expect(explanation.provenance.checkpoint.name).toBe('checkpoint')
  expect(explanation.provenance.checkpoint.sha256).toMatch(/^[0-9a-f]{64}$/)
})

it('explain --names keep writes the names, too', async () => {
  const path = join(folder, 'named.densitylens')
  await run('explain', digits('checkpoint.pth'), '--record', path, '--names', 'keep')
  const {explanation} = await decodeRecord(new Uint8Array(await readFile(path)))
  expect(explanation.provenance.checkpoint.name).toBe('checkpoint.pth')
})

it('share prints a link that holds the ranking, and says what had no room', async () => {
  expect(link).toMatch(/^https:\/\/lens\.example\/app\/#x=[\w-]+$/)
  expect((await readHashLink(link)).explanation.layers.map(({rank}) => rank)).toEqual(digitsExpected.layerRank)
  expect((await run('share', record)).stderr).toMatch(/^density-lens: .*the inputs.* did not fit into the link/)
})

it('verify computes a link and a file again and finds them reproduced', async () => {
  for (const shared of [link, record]) {
    const {status, stdout, stderr} = await run('verify', shared, ...files)
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
    expect(stdout).toMatch(/^Reproduced/)
  }
})

it('verify tells another file by its SHA-256, with exit status 3', async () => {
  const {status, stdout} = await run('verify', link, digits('inputs.npz'))
  expect(status).toBe(3)
  expect(stdout).toMatch(/^Not the same file: inputs\.npz has SHA-256/)
})

it('verify finds other numbers: the inputs were left out', async () => {
  const {status, stdout} = await run('verify', record, digits('checkpoint.pth'))
  expect(status).toBe(3)
  expect(stdout).toMatch(/^Differs by /)
})

it.each([
  ['none.densitylens', /^none\.densitylens: there is no such file/],
  ['#x=AAAA', /^share: this does not begin as an explanation does/]
])('verify %s is one sentence and exit status 2', async (shared, sentence) => {
  const {status, stdout, stderr} = await run('verify', shared, ...files)
  expect({status, stdout}).toEqual({status: 2, stdout: ''})
  expect(stderr).toMatch(sentence)
})

it('share of a file that is no record is one sentence', async () => {
  const path = join(folder, 'text.densitylens')
  await writeFile(path, 'hello')
  const {status, stderr} = await run('share', path)
  expect(status).toBe(2)
  expect(stderr).toMatch(/^share: .*\n$/)
})

/** A server that keeps what it is sent. */
async function keeping(): Promise<{server: Server; address: string; got: Buffer[]}> {
  const got: Buffer[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    got.push(Buffer.concat(parts))
    const told = `${request.method} ${request.url} ${request.headers['content-type']}`
    response.writeHead(201).end(JSON.stringify({id: 'abc', told}))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {server, got, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`}
}

it('share --to sends the whole file and prints the answer', async () => {
  const {server, address, got} = await keeping()
  const {status, stdout} = await run('share', record, '--to', address)
  server.close()
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toEqual({id: 'abc', told: 'POST /api/explanations application/octet-stream'})
  expect(got[0]).toEqual(await readFile(record))
})
