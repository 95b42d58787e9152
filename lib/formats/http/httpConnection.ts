import {throwIfCancelled} from '@/lib/core/errors'
import type {HttpPlace} from './httpAddress'
import {brokenOff, silent, unreachable} from './httpTrouble'

export interface HttpOptions {
  /** Hangs up when aborted; what waits then throws CancelledError. */
  readonly signal?: AbortSignal | undefined
  /** A server that sends nothing for so long is given up, in milliseconds. */
  readonly patience?: number
  /** Told of every stretch of bytes that arrives. */
  readonly onBytes?: ((count: number) => void) | undefined
}

/** An answer whose body has yet to come. Read it or close it. */
export interface HttpConnection {
  readonly response: Response
  /** The body as it arrives. Throws ReaderError when it breaks off or stalls, CancelledError when let go. */
  parts(): AsyncGenerator<Uint8Array>
  close(): void
}

const patienceMs = 30_000

/** Asks a server, without cookies and without saying who asks. Throws ReaderError when there is no answer to read. */
export async function connectTo(
  place: HttpPlace,
  request: {readonly method?: 'GET' | 'HEAD'; readonly headers?: Record<string, string>},
  {signal, patience = patienceMs, onBytes}: HttpOptions = {}
): Promise<HttpConnection> {
  throwIfCancelled(signal)
  const controller = new AbortController()
  const letGo = () => controller.abort()
  signal?.addEventListener('abort', letGo)
  let timer: ReturnType<typeof setTimeout> | undefined
  let stalled = false
  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      stalled = true
      controller.abort()
    }, patience)
  }
  const close = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', letGo)
    controller.abort()
  }
  const failed = (error: Error) => {
    close()
    throwIfCancelled(signal)
    return stalled ? silent(place, patience) : error
  }

  wait()
  let response: Response
  try {
    response = await fetch(place.url, {
      ...request,
      signal: controller.signal,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      // What a person opens is not left behind in the browser's cache.
      cache: 'no-store'
    })
  } catch (error) {
    throw failed(unreachable(place, error))
  }

  async function* parts(): AsyncGenerator<Uint8Array> {
    const reader = response.body?.getReader()
    let received = 0
    try {
      while (reader) {
        wait()
        const {done, value} = await reader.read().catch(() => {
          throw failed(brokenOff(place, received))
        })
        // Older Nodes end an aborted body as if it were whole.
        if (done && controller.signal.aborted) throw failed(brokenOff(place, received))
        if (done) return
        received += value.length
        onBytes?.(value.length)
        yield value
      }
    } finally {
      close()
    }
  }

  return {response, parts, close}
}
