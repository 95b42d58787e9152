import {subscribe} from 'node:diagnostics_channel'
import type {IncomingMessage} from 'node:http'

/** The header in which a request carries the address at the other end of its connection. */
export const peerHeader = 'x-density-lens-peer'

const noted = Symbol.for('density-lens.peers')
const shared = globalThis as {[noted]?: boolean}

/**
 * Writes the other end of its connection into every request that this process is sent, over whatever a client wrote
 * there. Handlers are given no socket, and `X-Forwarded-For` is what a client says it is.
 */
export function notePeers(): void {
  if (shared[noted]) return
  shared[noted] = true
  subscribe('http.server.request.start', (message) => {
    const {request} = message as {readonly request: IncomingMessage}
    request.headers[peerHeader] = request.socket.remoteAddress ?? 'unknown'
  })
}
