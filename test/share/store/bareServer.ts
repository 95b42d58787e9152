import {createReadStream, statSync} from 'node:fs'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {Readable} from 'node:stream'
import type {ReadableStream} from 'node:stream/web'
import {explanations} from '@/lib/share/store/explanations'
import {limitsFrom} from '@/lib/share/store/limits'
import {openStore} from '@/lib/share/store/openStore'
import {checkWhole} from '@/lib/share/store/wholeRecord'

// The stored explanations on a plain HTTP server, without Next around them; or, told `static FOLDER`, the plainest
// server of files there is, to compare with. Prints its port.

const [kind, folder = ''] = process.argv.slice(2)

async function main() {
  const answer = kind === 'static' ? plain : await stored()
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(500).end())
  })
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
}

async function plain({url = ''}: IncomingMessage, response: ServerResponse) {
  const path = join(folder, url.slice(url.lastIndexOf('/') + 1))
  response.writeHead(200, {'content-type': 'application/octet-stream', 'content-length': statSync(path).size})
  createReadStream(path).pipe(response)
}

async function stored() {
  const served = explanations({
    store: await openStore(),
    validate: checkWhole,
    limits: limitsFrom(process.env),
    origin: null
  })
  return async (from: IncomingMessage, to: ServerResponse) => {
    const answered = await (from.method === 'POST'
      ? served.post(requestOf(from))
      : served.get(requestOf(from), from.url!.slice(from.url!.lastIndexOf('/') + 1)))
    to.writeHead(answered.status, Object.fromEntries(answered.headers))
    to.end(Buffer.from(await answered.arrayBuffer()))
  }
}

function requestOf(from: IncomingMessage): Request {
  const headers = new Headers(from.headers as Record<string, string>)
  headers.set('x-forwarded-for', from.socket.remoteAddress ?? '')
  const body = from.method === 'POST' ? (Readable.toWeb(from) as ReadableStream<Uint8Array>) : null
  return new Request(`http://${from.headers.host}${from.url}`, {
    method: from.method!,
    headers,
    body,
    duplex: 'half'
  } as RequestInit)
}

void main()
