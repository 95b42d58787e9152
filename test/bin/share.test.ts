import {execFile} from 'node:child_process'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterAll, beforeAll, expect, it} from 'vitest'
import {fileSource} from '@/bin/fileSource'
import {explain} from '@/lib/engine/story'
import {editsOf} from '@/lib/explain/edit'
import {openBackend} from '@/lib/models/backend'
import {readHashLink} from '@/lib/share/link'
import {decodeRecord, encodeRecord, wholePlan} from '@/lib/share/record'
import {explanations} from '@/lib/share/store/explanations'
import {fileStore} from '@/lib/share/store/fileStore'
import {limitsFrom} from '@/lib/share/store/limits'
import {checkWhole} from '@/lib/share/store/wholeRecord'
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

it('verify and share take the explanation as JSON, too, and share names its files only when asked', async () => {
  const json = join(folder, 'explanation.json')
  await run('explain', ...files, '--json', json)
  const {status, stdout} = await run('verify', json, ...files)
  expect({status, stdout}).toMatchObject({status: 0, stdout: expect.stringMatching(/^Reproduced/)})
  const nameIn = async (...words: string[]) =>
    (await readHashLink((await run('share', json, ...words)).stdout.trim())).explanation.provenance.checkpoint.name
  expect(await nameIn()).toBe('checkpoint')
  expect(await nameIn('--names', 'keep')).toBe('checkpoint.pth')
})

it('verify tells another file by its SHA-256, with exit status 3', async () => {
  const {status, stdout} = await run('verify', link, digits('inputs.npz'))
  expect(status).toBe(3)
  expect(stdout).toMatch(/^Not the same file: inputs\.npz has SHA-256/)
})

it('verify asks for the inputs where they were left out, and takes the maps saved in the checkpoint for no answer', async () => {
  const {status, stdout, stderr} = await run('verify', record, digits('checkpoint.pth'))
  expect({status, stdout}).toEqual({status: 2, stdout: ''})
  expect(stderr).toMatch(/verify was given no inputs, and the explanation was made from 100 inputs; needed their files/)
})

it.each([
  ['none.densitylens', /^none\.densitylens: there is no such file/],
  ['#x=AAAA', /^this link: this does not begin as an explanation does/]
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
  expect(stderr).toBe(`${path}: this does not begin as an explanation does; needed "DLNS"\n`)
})

/** The record with the second head's Gaussians narrower and layer 5 masked, as this machine works it out. */
async function editedRecord(): Promise<string> {
  await openBackend('cpu')
  const sources = await Promise.all(files.map((file) => fileSource(file)))
  const outcome = await explain({checkpoint: sources[0]!, inputs: sources.slice(1), settings: {}})
  if (outcome.kind !== 'explained') throw new Error(outcome.kind)
  const edits = [
    {kind: 'gaussians', head: 1, only: null, shift: 0.25, scale: 0.5},
    {kind: 'mask', of: 'layer', index: 4}
  ] as const
  const supposed = await outcome.whatIf(editsOf(outcome.explanation, edits))
  outcome.dispose()
  const {checkpoint, inputs} = outcome.explanation.provenance
  const explanation = {
    ...supposed.explanation,
    provenance: {...supposed.explanation.provenance, checkpoint, inputs}
  }
  const shownAs = {edits, over: [supposed.inputs, supposed.of], version: null} as const
  const path = join(folder, 'edited.densitylens')
  await writeFile(path, await encodeRecord({explanation, plan: wholePlan, shownAs}))
  return path
}

it('verify makes the edits of an edited record again, says so, and finds it reproduced', async () => {
  const path = await editedRecord()
  const {status, stdout} = await run('verify', path, ...files)
  expect(stdout).toMatch(
    /^With 2 edits made again:\n {2}Head 2, all 64 features: offset \+0\.25 z, spread × 0\.50\n {2}Layer 5: masked.*\nReproduced/
  )
  expect(status).toBe(0)
})

it('verify does not take an edited record for the checkpoint’s own', async () => {
  const {shownAs: _, ...record} = await decodeRecord(new Uint8Array(await readFile(join(folder, 'edited.densitylens'))))
  const path = join(folder, 'pretending.densitylens')
  await writeFile(path, await encodeRecord({...record, plan: wholePlan}))
  const {status, stdout} = await run('verify', path, ...files)
  expect(stdout).toMatch(/^Differs by /)
  expect(status).toBe(3)
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

it('share --to stores on the real server, whose link verifies, until the token it gave deletes it', async () => {
  const store = await mkdtemp(join(tmpdir(), 'density-lens-store-'))
  const served = explanations({
    store: await fileStore(store),
    validate: checkWhole,
    limits: limitsFrom({}),
    origin: null
  })
  const server = createServer(async (incoming, response) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    const {method = 'GET', url = '/'} = incoming
    const headers = new Headers(
      Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)])
    )
    const body = method === 'POST' ? Buffer.concat(parts) : null
    const request = new Request(new URL(url, `http://${incoming.headers.host}`), {method, headers, body})
    const id = url.split('/')[3] ?? ''
    const answer =
      method === 'POST'
        ? await served.post(request)
        : method === 'DELETE'
          ? await served.delete(request, id)
          : await served.get(request, id)
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const {status, stdout, stderr} = await run('share', record, '--to', address)
    expect({status, stderr}).toEqual({status: 0, stderr: ''})
    const {id, url, deleteToken, expires} = JSON.parse(stdout)
    expect(url).toBe(`${address}/e/${id}`)
    expect(Date.parse(expires)).toBeGreaterThan(Date.now())
    expect((await run('verify', url, ...files)).stdout).toMatch(/^Reproduced/)
    const again = JSON.parse((await run('share', record, '--to', address)).stdout)
    expect(again).toMatchObject({id, deleteToken: null})
    const headers = {authorization: `Bearer ${deleteToken}`}
    expect((await fetch(`${address}/api/explanations/${id}`, {method: 'DELETE', headers})).status).toBe(204)
    const gone = await run('verify', url, ...files)
    expect(gone.status).toBe(2)
    expect(gone.stderr).toContain('answered 404')
  } finally {
    server.close()
    await rm(store, {recursive: true})
  }
})
