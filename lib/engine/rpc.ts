import {CancelledError, FormatError, ReaderError, ShapeError} from '@/lib/core/errors'
import {type PauseControl, type PauseSignal, pauseControl} from '@/lib/core/pausing'

// One call is one number. `call` goes out, perhaps `pause` and `cancel`; any number of `progress` and one `result` or `error`
// come back. A port is a Worker, what a worker sees of its page, or one end of a MessageChannel.

export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  start?(): void
}

/**
 * One thing that can be asked: what goes in, what is told on the way, what comes out. All of it structured-cloneable.
 */
export interface Method {
  readonly argument: unknown
  readonly progress: unknown
  readonly result: unknown
}

type Methods<M> = {readonly [K in keyof M]: Method}

export interface CallContext<P> {
  /** Aborted once the caller has let go. */
  readonly signal: AbortSignal
  /** Paused while the caller wants the work to stand still. */
  readonly pause: PauseSignal
  readonly progress: (value: P) => void
}

/** A result whose buffers are moved to the caller instead of copied; whoever returns it must not touch them again. */
export class Moved<R> {
  constructor(
    readonly result: R,
    readonly transfer: Transferable[]
  ) {}
}

export type Handlers<M extends Methods<M>> = {
  readonly [K in keyof M]: (
    argument: M[K]['argument'],
    context: CallContext<M[K]['progress']>
  ) => Promise<M[K]['result'] | Moved<M[K]['result']>>
}

export interface CallerOptions<P> {
  readonly signal?: AbortSignal | undefined
  readonly pause?: PauseSignal | undefined
  readonly onProgress?: ((progress: P) => void) | undefined
  /** Buffers of the argument that move to the other side instead of being copied. */
  readonly transfer?: Transferable[] | undefined
}

export interface Caller<M extends Methods<M>> {
  /** Rejects with the error that the other side threw, of the same class, or at once with CancelledError. */
  call<K extends keyof M>(
    method: K,
    argument: M[K]['argument'],
    options?: CallerOptions<M[K]['progress']>
  ): Promise<M[K]['result']>
  /** Rejects every call that still waits: the other side is gone. */
  fail(error: Error): void
}

interface ErrorRecord {
  readonly name: string
  readonly message: string
  readonly title: string
  readonly path: string | null
}

type Request =
  | {readonly kind: 'call'; readonly id: number; readonly method: PropertyKey; readonly argument: unknown}
  | {readonly kind: 'pause'; readonly id: number; readonly paused: boolean}
  | {readonly kind: 'cancel'; readonly id: number}

type Response =
  | {readonly kind: 'progress'; readonly id: number; readonly value: unknown}
  | {readonly kind: 'result'; readonly id: number; readonly value: unknown}
  | {readonly kind: 'error'; readonly id: number; readonly error: ErrorRecord}

/** Answers the calls that arrive at `port`. */
export function serve<M extends Methods<M>>(port: Port, handlers: Handlers<M>): void {
  const running = new Map<number, Running>()
  const send = (response: Response, transfer: Transferable[] = []) => port.postMessage(response, transfer)

  async function answer(id: number, method: keyof M, argument: never): Promise<void> {
    const controller = new AbortController()
    const pause = pauseControl()
    running.set(id, {controller, pause})
    const progress = (value: unknown) => send({kind: 'progress', id, value})
    try {
      const reply = await handlers[method](argument, {signal: controller.signal, pause: pause.signal, progress})
      if (reply instanceof Moved) send({kind: 'result', id, value: reply.result}, reply.transfer)
      else send({kind: 'result', id, value: reply})
    } catch (error) {
      send({kind: 'error', id, error: recordOf(error)})
    } finally {
      running.delete(id)
    }
  }

  port.addEventListener('message', ({data}: MessageEvent<Request>) => {
    if (data.kind === 'cancel') running.get(data.id)?.controller.abort()
    else if (data.kind === 'pause') running.get(data.id)?.pause.set(data.paused)
    else void answer(data.id, data.method as keyof M, data.argument as never)
  })
  port.start?.()
}

interface Running {
  readonly controller: AbortController
  readonly pause: PauseControl
}

interface Waiting {
  readonly settle: (response: Exclude<Response, {kind: 'progress'}>) => void
  readonly reject: (error: Error) => void
  readonly onProgress: (value: never) => void
}

/** Calls what is served at the other end of `port`. */
export function connect<M extends Methods<M>>(port: Port): Caller<M> {
  const waiting = new Map<number, Waiting>()
  const send = (request: Request, transfer: Transferable[] = []) => port.postMessage(request, transfer)
  let calls = 0

  port.addEventListener('message', ({data}: MessageEvent<Response>) => {
    // No one waits for a call that was cancelled: its late replies fall here.
    const call = waiting.get(data.id)
    if (data.kind === 'progress') call?.onProgress(data.value as never)
    else call?.settle(data)
  })
  port.start?.()

  return {
    call: (method, argument, {signal, pause, onProgress, transfer} = {}) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(new CancelledError())
        const id = calls++
        const letGo = () => {
          send({kind: 'cancel', id})
          end(() => reject(new CancelledError()))
        }
        const end = (settle: () => void) => {
          waiting.delete(id)
          signal?.removeEventListener('abort', letGo)
          leave?.()
          settle()
        }
        signal?.addEventListener('abort', letGo)
        const stand = (paused: boolean) => send({kind: 'pause', id, paused})
        const leave = pause?.onChange(stand)
        waiting.set(id, {
          onProgress: (value) => onProgress?.(value),
          settle: (response) =>
            end(() => (response.kind === 'error' ? reject(errorOf(response.error)) : resolve(response.value as never))),
          reject: (error) => end(() => reject(error))
        })
        send({kind: 'call', id, method, argument}, transfer)
        if (pause?.paused) stand(true)
      }),
    fail: (error) => {
      for (const call of [...waiting.values()]) call.reject(error)
    }
  }
}

// Structured cloning keeps neither the class nor the fields of an error of ours, so they travel as a record.
function recordOf(error: unknown): ErrorRecord {
  const {name, message} = error instanceof Error ? error : new Error(String(error))
  return {
    name,
    message,
    title: error instanceof ReaderError ? error.title : '',
    path: error instanceof FormatError ? error.path : null
  }
}

function errorOf({name, message, title, path}: ErrorRecord): Error {
  switch (name) {
    case 'FormatError':
      return new FormatError(message, {title, path})
    case 'ShapeError':
      return new ShapeError(message, title)
    case 'ReaderError':
      return new ReaderError(title, message)
    case 'CancelledError':
      return new CancelledError(message)
    default:
      return Object.assign(new Error(message), {name})
  }
}
