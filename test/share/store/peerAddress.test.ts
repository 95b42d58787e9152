import {createServer, request, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {notePeers, peerHeader} from '@/lib/share/store/peerAddress'
import {clientAddress} from '@/lib/share/store/rateLimit'

// Says whom it takes for the client, with so many proxies of its own in front.
const app = createServer((message, response) => {
  const headers = new Headers(
    Object.entries(message.headers).map(([name, value]): [string, string] => [name, String(value)])
  )
  response.end(clientAddress(headers, Number(message.url!.slice(1))))
})
// As nginx does with $proxy_add_x_forwarded_for.
const proxy = createServer((message, response) => {
  const heard = [message.headers['x-forwarded-for'], message.socket.remoteAddress].filter(Boolean).join(', ')
  const headers = {...message.headers, 'x-forwarded-for': heard}
  message.pipe(
    request({port: portOf(app), host: '127.0.0.1', path: message.url, headers}, (answer) => answer.pipe(response))
  )
})

const portOf = (server: Server) => (server.address() as AddressInfo).port

beforeAll(async () => {
  notePeers()
  for (const server of [app, proxy]) await new Promise<void>((ready) => server.listen(0, '0.0.0.0', ready))
})
afterAll(() => {
  app.close()
  proxy.close()
})

/** What the app says, asked from one of this machine's own addresses. */
function ask(server: Server, from: string, proxies: number, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {port: portOf(server), host: '127.0.0.1', localAddress: from, path: `/${proxies}`, headers}
    request(options, async (answer) => resolve((await answer.setEncoding('utf8').toArray()).join('')))
      .on('error', reject)
      .end()
  })
}

describe('who asks', () => {
  it('is the other end of the connection, when no proxy of ours stands in front', async () => {
    expect(await ask(app, '127.0.0.2', 0)).toBe('127.0.0.2')
    expect(await ask(app, '127.0.0.3', 0)).toBe('127.0.0.3')
  })

  it('is then nobody else, whatever the client writes', async () => {
    const forged = {'x-forwarded-for': '203.0.113.7', [peerHeader]: '203.0.113.8'}
    expect(await ask(app, '127.0.0.2', 0, forged)).toBe('127.0.0.2')
  })

  it('is whom our proxy heard from, not the proxy', async () => {
    expect(await ask(proxy, '127.0.0.2', 1)).toBe('127.0.0.2')
    expect(await ask(proxy, '127.0.0.3', 1)).toBe('127.0.0.3')
  })

  it('is that even when the client writes a header of its own to the proxy', async () => {
    expect(await ask(proxy, '127.0.0.2', 1, {'x-forwarded-for': '203.0.113.7, 203.0.113.8'})).toBe('127.0.0.2')
  })

  it('is the proxy, when the server was not told of it: all share one rate, and none escapes it', async () => {
    expect(await ask(proxy, '127.0.0.2', 0, {'x-forwarded-for': '203.0.113.7'})).toMatch(/^(::ffff:)?127\.0\.0\.1$/)
  })
})
