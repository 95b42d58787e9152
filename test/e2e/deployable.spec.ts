import {type ChildProcess, spawn} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {createServer, type IncomingHttpHeaders, request, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, test} from '@playwright/test'
import {deployable} from '../../scripts/deployable.mjs'
import {freePort} from '../../scripts/port.mjs'
import {sharedDigits} from './stored'

// A server of the folder that `npm run deployable` makes, behind a reverse proxy as DEPLOYMENT.md has it.
const top = mkdtempSync(join(tmpdir(), 'density-lens-deployed-'))
let server: ChildProcess
let proxy: Server
let port: number

test.beforeAll(async () => {
  test.setTimeout(120_000)
  await deployable(join(top, 'app'))
  port = await freePort()
  server = spawn(process.execPath, [join(top, 'app/server.js')], {
    cwd: '/',
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: String(port),
      HOSTNAME: '127.0.0.1',
      DENSITY_LENS_STORE: `file:${join(top, 'store')}`,
      DENSITY_LENS_ORIGIN: 'https://lens.example',
      DENSITY_LENS_PROXIES: '1',
      DENSITY_LENS_PAGES_PER_MINUTE: '6'
    }
  })
  proxy = createServer((message, response) => {
    const heard = [message.headers['x-forwarded-for'], message.socket.remoteAddress].filter(Boolean).join(', ')
    const headers = {...message.headers, 'x-forwarded-for': heard, 'x-forwarded-proto': 'https'}
    const options = {host: '127.0.0.1', port, method: message.method, path: message.url, headers}
    const onward = request(options, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
    message.pipe(onward.on('error', () => response.writeHead(502).end()))
  })
  await new Promise<void>((ready) => proxy.listen(0, '127.0.0.1', ready))
  await expect.poll(async () => (await ask('/').catch(() => ({status: 0}))).status, {timeout: 60_000}).toBe(200)
})
test.afterAll(async () => {
  const ended = new Promise((done) => server.once('exit', done))
  server.kill()
  await ended
  proxy.close()
  rmSync(top, {recursive: true, force: true})
})

interface Asked {
  readonly from?: string
  readonly headers?: Record<string, string>
  readonly body?: Uint8Array
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Asks through the proxy, from one of this machine's own addresses. */
function ask(path: string, {from = '127.0.0.1', headers = {}, body}: Asked = {}): Promise<Answer> {
  const options = {
    host: '127.0.0.1',
    port: (proxy.address() as AddressInfo).port,
    localAddress: from,
    path,
    method: body ? 'POST' : 'GET',
    headers
  }
  return new Promise((resolve, reject) => {
    request(options, async (answer) => {
      const parts = await answer.toArray()
      resolve({status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(parts)})
    })
      .on('error', reject)
      .end(body)
  })
}

test('the folder serves the app with all that it asks for', async () => {
  const page = await ask('/')
  const html = page.body.toString()
  expect(html).toContain('Density Lens')
  const parts = [...html.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(([, path]) => path!)
  expect(parts.length).toBeGreaterThan(3)
  for (const path of [...parts, '/examples/digits/explanation.json', '/embed/density-lens.js', '/icon.svg'])
    expect([path, (await ask(path)).status]).toEqual([path, 200])
  expect((await ask('/wasm/tfjs-backend-wasm-simd.wasm')).headers['content-type']).toBe('application/wasm')
})

test('it keeps explanations, under the address that people see', async () => {
  const headers = {'content-type': 'application/octet-stream', host: 'evil.example'}
  const posted = await ask('/api/explanations', {headers, body: await sharedDigits()})
  const {id, url} = JSON.parse(posted.body.toString())
  expect([posted.status, url]).toEqual([201, `https://lens.example/e/${id}`])
  const page = await ask(`/e/${id}`, {headers: {host: 'evil.example'}})
  expect(page.body.toString()).toContain(
    `<meta property="og:image" content="https://lens.example/e/${id}/picture.png"/>`
  )
  expect(page.body.toString()).not.toContain('evil.example')
  const picture = await ask(`/e/${id}/picture.png`)
  expect([picture.status, picture.headers['content-type']]).toEqual([200, 'image/png'])
  expect([picture.body.readUInt32BE(16), picture.body.readUInt32BE(20)]).toEqual([1200, 630])
})

test('it counts pages by the address that its proxy heard from, and by no header of a client’s own', async () => {
  const statuses = async (from: string, times: number) => {
    const found: number[] = []
    for (let i = 0; i < times; i++)
      found.push((await ask('/e/nothing', {from, headers: {'x-forwarded-for': `203.0.113.${i}`}})).status)
    return found
  }
  expect(await statuses('127.0.0.2', 7)).toEqual([404, 404, 404, 404, 404, 404, 429])
  expect(await statuses('127.0.0.3', 1)).toEqual([404])
})
