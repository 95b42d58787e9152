import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {gzipSync} from 'node:zlib'

/** A file that is made as it is asked for. */
export interface ServedFile {
  readonly size: number
  read(start: number, end: number): Uint8Array
}

export const servedBytes = (bytes: Uint8Array): ServedFile => ({
  size: bytes.length,
  read: (start, end) => bytes.subarray(start, end)
})

/** How the server misbehaves; the first folder of a path says which: `/ranges/model.pt`. */
export const modes = [
  'ranges',
  'hidden',
  'bare',
  'whole',
  'untold',
  'nocors',
  'gzip',
  'packed',
  'redirect',
  'expiring',
  'gated',
  'busy',
  'cut',
  'breaking',
  'changing',
  'changing-date',
  'other-part',
  'more',
  'slow'
] as const
export type Mode = (typeof modes)[number]

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
}

export interface RangeServer {
  readonly base: string
  readonly host: string
  readonly asked: Asked[]
  /** Bytes that went out through its sockets, headers included. */
  traffic(): number
  close(): Promise<void>
}

/** A server on this machine that gives `files` by their names, in the manner that the path's first folder names. */
export async function rangeServer(files: Readonly<Record<string, ServedFile>>): Promise<RangeServer> {
  const asked: Asked[] = []
  const sockets = new Set<{readonly bytesWritten: number}>()
  const server = createServer((request, response) => {
    const {pathname} = new URL(request.url!, 'http://x')
    asked.push({method: request.method!, path: pathname, headers: request.headers})
    const [, mode, ...name] = pathname.split('/')
    const file = files[name.join('/')]
    if (mode !== 'nocors') {
      response.setHeader('access-control-allow-origin', '*')
      // What a page that is isolated from others may embed; a server without it is asked for CORS all the same.
      response.setHeader('cross-origin-resource-policy', 'cross-origin')
      if (mode !== 'hidden')
        response.setHeader('access-control-expose-headers', 'Content-Range, Content-Encoding, ETag')
    }
    if (request.method === 'OPTIONS') return response.writeHead(403).end()
    if (!file) return response.writeHead(404).end('no such file')
    answer(mode as Mode, file, request, response, asked.length)
  })
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    base: `http://${host}`,
    host,
    asked,
    traffic: () => [...sockets].reduce((total, {bytesWritten}) => total + bytesWritten, 0),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      })
  }
}

function answer(mode: Mode, file: ServedFile, request: IncomingMessage, response: ServerResponse, nth: number) {
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
  const all = () => file.read(0, file.size)
  switch (mode) {
    case 'whole':
      return response.writeHead(200, {'content-length': file.size}).end(all())
    case 'untold':
      return response.writeHead(200).end(all())
    case 'gzip':
      return response.writeHead(200, {'content-encoding': 'gzip'}).end(gzipSync(all()))
    case 'packed':
      if (range) return response.writeHead(206, {'content-encoding': 'gzip'}).end(gzipSync(all()).subarray(0, 100))
      return response.writeHead(200, {'content-encoding': 'gzip'}).end(gzipSync(all()))
    case 'redirect':
      return response.writeHead(302, {location: request.url!.replace('/redirect/', '/ranges/')}).end()
    case 'expiring':
      // The way there leads to a place that is good for one request.
      if (request.url!.includes('?')) {
        if (Number(request.url!.split('?')[1]) < nth - 1) return response.writeHead(403).end('expired')
        break
      }
      return response.writeHead(302, {location: `${request.url}?${nth}`}).end()
    case 'gated':
      return response.writeHead(nth % 2 ? 401 : 403).end('log in')
    case 'busy':
      return response.writeHead(503).end('busy')
  }
  if (!range) return response.writeHead(200, {'content-length': file.size}).end(request.method === 'HEAD' ? '' : all())
  const start = Number(range[1])
  if (start >= file.size) return response.writeHead(416, {'content-range': `bytes */${file.size}`}).end()
  const end = Math.min(file.size, Number(range[2]) + 1)
  const from = mode === 'other-part' ? start + 1 : start
  const changing = mode === 'changing' ? `"version ${nth}"` : '"version 1"'
  const head = {
    // What a page sees of an answer whose range is hidden from it.
    ...(mode === 'bare' ? {} : {'content-range': `bytes ${from}-${end - 1}/${file.size}`}),
    'content-length': end - start,
    ...(mode === 'changing-date' ? {'last-modified': new Date(nth * 1e6).toUTCString()} : {etag: changing})
  }
  const bytes = file.read(start, end)
  if (mode === 'slow') {
    response.writeHead(206, head).write(bytes.subarray(0, Math.min(1000, bytes.length >> 1)))
  } else if (mode === 'cut') {
    response.writeHead(206, {...head, 'content-length': bytes.length >> 1}).end(bytes.subarray(0, bytes.length >> 1))
  } else if (mode === 'more') {
    response.writeHead(206, {...head, 'content-length': bytes.length + 9}).end(Buffer.concat([bytes, Buffer.alloc(9)]))
  } else if (mode === 'breaking' && nth % 2 === 0) {
    response.writeHead(206, head).write(bytes.subarray(0, bytes.length >> 1))
    setTimeout(() => response.destroy(), 20)
  } else {
    response.writeHead(206, head).end(bytes)
  }
}
