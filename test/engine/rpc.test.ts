import {afterEach, expect, it} from 'vitest'
import {CancelledError, FormatError, ReaderError, ShapeError} from '@/lib/core/errors'
import {pauseControl} from '@/lib/core/pausing'
import {type Caller, connect, type Handlers, Moved, serve} from '@/lib/engine/rpc'

interface Counting {
  double: {argument: number; progress: never; result: number}
  count: {argument: number; progress: number; result: string}
  wait: {argument: null; progress: 'begun'; result: never}
  stand: {argument: null; progress: boolean; result: null}
  bytes: {argument: number; progress: never; result: Float32Array}
  fail: {argument: keyof typeof failures; progress: never; result: never}
}

const failures = {
  format: () => new FormatError('npz: no array', {title: 'Not an archive', path: 'a.npy'}),
  shape: () => new ShapeError('inputs are (3, 4); the checkpoint has 12 layers'),
  reader: () => new ReaderError('Nothing to open', 'the list of files is empty'),
  cancelled: () => new CancelledError(),
  mistake: () => new RangeError('index 4 of 3')
}

const moved = new Float32Array(8).fill(0.5)
let letGo = 0
const handlers: Handlers<Counting> = {
  double: async (value) => value * 2,
  count: async (to, {progress}) => {
    for (let i = 1; i <= to; i++) progress(i)
    return `counted to ${to}`
  },
  wait: (_, {signal, progress}) =>
    new Promise((_resolve, reject) => {
      progress('begun')
      signal.addEventListener('abort', () => {
        letGo++
        reject(new CancelledError())
      })
    }),
  stand: (_, {pause, progress}) =>
    new Promise((resolve) => {
      progress(pause.paused)
      pause.onChange((paused) => {
        progress(paused)
        if (!paused) resolve(null)
      })
    }),
  bytes: async () => new Moved(moved, [moved.buffer]),
  fail: async (kind) => {
    throw failures[kind]()
  }
}

const ports: MessagePort[] = []
afterEach(() => {
  for (const port of ports.splice(0)) port.close()
})

function pair(): Caller<Counting> {
  const {port1, port2} = new MessageChannel()
  ports.push(port1, port2)
  serve<Counting>(port1, handlers)
  return connect<Counting>(port2)
}

it('a call returns what the handler returns', async () => {
  expect(await pair().call('double', 21)).toBe(42)
})

it('calls that overlap get their own answers', async () => {
  const caller = pair()
  expect(await Promise.all([1, 2, 3].map((n) => caller.call('double', n)))).toEqual([2, 4, 6])
})

it('progress arrives in order and before the result', async () => {
  const seen: number[] = []
  expect(await pair().call('count', 4, {onProgress: (n) => seen.push(n)})).toBe('counted to 4')
  expect(seen).toEqual([1, 2, 3, 4])
})

it('a moved result arrives whole and leaves its buffer empty behind', async () => {
  const bytes = await pair().call('bytes', 8)
  expect([...bytes]).toEqual(Array(8).fill(0.5))
  expect(moved.length).toBe(0)
})

it('cancelling rejects at once and tells the other side', async () => {
  const caller = pair()
  const controller = new AbortController()
  const before = letGo
  const call = caller.call('wait', null, {signal: controller.signal, onProgress: () => controller.abort()})
  await expect(call).rejects.toBeInstanceOf(CancelledError)
  expect(await caller.call('double', 1)).toBe(2)
  expect(letGo).toBe(before + 1)
})

it('a signal that was aborted before the call never reaches the other side', async () => {
  const seen: number[] = []
  const call = pair().call('count', 2, {signal: AbortSignal.abort(), onProgress: (n) => seen.push(n)})
  await expect(call).rejects.toBeInstanceOf(CancelledError)
  expect(seen).toEqual([])
})

it.each([
  ['format', FormatError, {title: 'Not an archive', path: 'a.npy', message: 'npz: no array'}],
  ['shape', ShapeError, {title: 'These inputs do not fit the checkpoint'}],
  ['reader', ReaderError, {title: 'Nothing to open', message: 'the list of files is empty'}],
  ['cancelled', CancelledError, {message: 'cancelled'}],
  ['mistake', Error, {name: 'RangeError', message: 'index 4 of 3'}]
] as const)('an error keeps its class and fields: %s', async (kind, type, fields) => {
  const error: unknown = await pair()
    .call('fail', kind)
    .catch((e: unknown) => e)
  expect(error).toBeInstanceOf(type)
  expect(error).toMatchObject(fields)
})

it('when the other side is gone, every waiting call rejects with the reason', async () => {
  const caller = pair()
  const calls = [caller.call('wait', null), caller.call('wait', null)]
  caller.fail(new ReaderError('The engine stopped', 'it ran out of memory'))
  const ends = await Promise.allSettled(calls)
  expect(ends.map((end) => end.status === 'rejected' && end.reason.message)).toEqual([
    'it ran out of memory',
    'it ran out of memory'
  ])
})

it('the other side hears when a call is paused and resumed, and only that call', async () => {
  const caller = pair()
  const {signal, set} = pauseControl()
  const other = pauseControl()
  const heard: boolean[] = []
  let first = true
  const standing = caller.call('stand', null, {
    pause: signal,
    onProgress: (paused) => {
      heard.push(paused)
      if (first) set(true)
      else set(false)
      first = false
    }
  })
  other.set(true)
  await standing
  expect(heard).toEqual([false, true, false])
  set(true)
  expect(await caller.call('double', 4)).toBe(8)
})

it('a call that begins paused is paused on the other side, too', async () => {
  const {signal, set} = pauseControl()
  set(true)
  const heard: boolean[] = []
  await pair().call('stand', null, {
    pause: signal,
    onProgress: (paused) => {
      heard.push(paused)
      if (paused) set(false)
    }
  })
  expect(heard).toEqual([false, true, false])
})
