import {expect, it, vi} from 'vitest'
import {CancelledError, FormatError} from '@/lib/core/errors'
import type {CallOptions, Progress} from '@/lib/engine/protocol'
import {lookInto} from '@/lib/state/lookInto'
import {createSession} from '@/lib/state/session'
import {explanationOf, nameOf, replyOf, reportOf, scriptedEngine} from './scriptedEngine'

const file = (name: string) => new File(['x'], name)
const files = (count: number) => Array.from({length: count}, (_, i) => file(`u${i}.npz`))

/** An engine that cannot read files called `*.bad`. */
function engineWithBad(...given: Parameters<typeof scriptedEngine>) {
  const engine = scriptedEngine(...given)
  return {
    ...engine,
    inspect: async (...[openable]: Parameters<typeof engine.inspect>) => {
      if (nameOf(openable).endsWith('.bad')) throw new FormatError(`${nameOf(openable)}: the file is empty`)
      return reportOf(nameOf(openable))
    }
  }
}

it('files are looked into a few at a time, in any number, and their order stays', async () => {
  let [now, most] = [0, 0]
  const told: Progress[] = []
  const openables = files(40).map((each) => ({kind: 'file', file: each}) as const)
  const inspect = async (openable: Parameters<ReturnType<typeof scriptedEngine>['inspect']>[0]) => {
    most = Math.max(most, ++now)
    await new Promise((resolve) => setTimeout(resolve, nameOf(openable) === 'u0.npz' ? 20 : 0))
    now--
    return reportOf(nameOf(openable))
  }
  const found = await lookInto(openables, {inspect}, {onProgress: (progress) => told.push(progress)})
  expect(found.files.map(({openable}) => nameOf(openable))).toEqual(openables.map(nameOf))
  expect(most).toBe(8)
  expect(told.map(({done}) => done)).toEqual(Array.from({length: 40}, (_, i) => i + 1))
  expect(told.at(-1)!.text).toBe('Looked into 40 of 40 files')
})

it('a mistake of ours, and a cancel, are no file that cannot be read', async () => {
  for (const error of [new TypeError('x is not a function'), new CancelledError()]) {
    const inspect = () => Promise.reject(error)
    await expect(lookInto([{kind: 'file', file: file('a.npz')}], {inspect}, {})).rejects.toBe(error)
  }
})

it('among many inputs, files that cannot be read or hold none go along, to be left out by name', async () => {
  const engine = engineWithBad()
  const session = createSession({engine})
  await session.getState().openFiles([file('a.pth'), file('empty.bad'), ...files(6), file('vector.pt')])
  expect(session.getState().trouble).toBeNull()
  expect(engine.requests[0]!.inputs.map(nameOf)).toEqual([...files(6).map(({name}) => name), 'vector.pt', 'empty.bad'])
})

it('beside as many inputs, a file that cannot be read is refused', async () => {
  const engine = engineWithBad()
  const session = createSession({engine})
  await session.getState().openFiles([file('a.pth'), file('empty.bad'), file('u.npz')])
  expect(session.getState()).toMatchObject({explanation: null, trouble: {message: 'empty.bad: the file is empty'}})
  expect(engine.requests).toEqual([])
})

it('work on thousands of files is called by the first of them', async () => {
  const session = createSession({engine: scriptedEngine(() => new Promise(() => {}))})
  void session.getState().openFiles([file('a.pth'), ...files(3000)])
  expect(session.getState().work).toMatchObject({name: 'a.pth, u0.npz and 2,999 more files'})
  session.getState().cancel()
})

it('work stands still when it is paused, keeps its figure so far, and goes on when it is resumed', async () => {
  let options: CallOptions = {}
  let finish = () => {}
  const engine = scriptedEngine((request, given) => {
    options = given
    return new Promise((resolve) => {
      finish = () => resolve(replyOf(request))
    })
  })
  const session = createSession({engine})
  const opening = session.getState().openFiles([file('a.pth'), ...files(4)])
  await vi.waitFor(() => expect(options.pause).toBeDefined())
  const partial = explanationOf('a.pth')
  options.onProgress!({phase: 'running', done: 2, total: 4, unit: 'inputs', text: '2 of 4', partial})
  session.getState().pause()
  expect(options.pause!.paused).toBe(true)
  expect(session.getState().work).toMatchObject({kind: 'working', paused: true, progress: {partial}})
  session.getState().resume()
  expect(options.pause!.paused).toBe(false)
  expect(session.getState().work).toMatchObject({kind: 'working', paused: false})
  finish()
  await opening
  expect(session.getState().work).toEqual({kind: 'ready'})
})

it('paused work can be cancelled, and the next work is not paused', async () => {
  const all: CallOptions[] = []
  const engine = scriptedEngine((_, options) => {
    all.push(options)
    return new Promise(() => {})
  })
  const session = createSession({engine})
  void session.getState().openFiles([file('a.pth')])
  await vi.waitFor(() => expect(all).toHaveLength(1))
  session.getState().pause()
  session.getState().cancel()
  expect([all[0]!.signal!.aborted, session.getState().work.kind]).toEqual([true, 'ready'])
  void session.getState().openFiles([file('b.pth')])
  await vi.waitFor(() => expect(all).toHaveLength(2))
  expect(all[1]!.pause!.paused).toBe(false)
})

it('with nothing under way there is nothing to pause', () => {
  const session = createSession({engine: scriptedEngine()})
  session.getState().pause()
  expect(session.getState().work).toEqual({kind: 'ready'})
})
