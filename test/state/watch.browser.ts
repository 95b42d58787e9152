import {afterAll, expect, it} from 'vitest'
import {random as randomOf} from '@/lib/core/random'
import type {ExplainReply, ExplainRequest} from '@/lib/engine/protocol'
import {createSession} from '@/lib/state/session'
import {createWatch} from '@/lib/state/watch'
import {fileTarget, folderTarget} from '@/lib/state/watchTargets'
import {numberedFile, numberOf} from './checkpointFile'
import {replyOf, scriptedEngine} from './scriptedEngine'

// The browser's own file handles, in its private file system: what is behind them is written while it is read.
const folderName = 'watched'
const rest = (ms: number) => new Promise<void>((go) => setTimeout(go, ms))
const folderOf = async () => (await navigator.storage.getDirectory()).getDirectoryHandle(folderName, {create: true})

afterAll(async () => (await navigator.storage.getDirectory()).removeEntry(folderName, {recursive: true}))

async function write(handle: FileSystemFileHandle, bytes: Uint8Array<ArrayBuffer>) {
  const stream = await handle.createWritable()
  await stream.write(bytes)
  await stream.close()
}

/** Explains a numbered file; throws for a torn one. */
async function explain(request: ExplainRequest): Promise<ExplainReply> {
  const {checkpoint} = request
  const number = checkpoint.kind === 'file' ? numberOf(new Uint8Array(await checkpoint.file.arrayBuffer())) : 0
  const reply = replyOf(request) as Extract<ExplainReply, {kind: 'explained'}>
  return {...reply, explanation: {...reply.explanation, model: {...reply.explanation.model, epoch: number}}}
}

function workbench() {
  const engine = scriptedEngine(explain)
  const session = createSession({engine})
  const watch = createWatch({engine, session, wait: (ms) => rest(Math.min(ms, 10))})
  return {engine, session, watch}
}

it('a file rewritten fifty times, torn in between, is followed version by version', async () => {
  const handle = await (await folderOf()).getFileHandle('checkpoint.pth', {create: true})
  const {session, watch, engine} = workbench()
  const watching = watch.getState().begin(fileTarget(handle))
  const random = randomOf(7)
  for (let number = 1; number <= 50; number++) {
    const bytes = numberedFile(number)
    if (random.next() < 0.6) {
      await write(handle, bytes.slice(0, Math.floor(random.next() * bytes.length)))
      await rest(random.next() * 30)
    }
    await write(handle, bytes)
    // Some stand long enough to be read, some do not.
    await rest(random.next() * 70)
  }
  await expect.poll(() => watch.getState().versions.at(-1)?.epoch, {timeout: 5000}).toBe(50)
  watch.getState().stop()
  await watching
  const {versions, missed} = watch.getState()
  expect(versions.filter(({trouble}) => trouble !== null)).toEqual([])
  const seen = versions.map(({epoch}) => Number(epoch))
  expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b))
  expect(seen.length).toBeGreaterThan(10)
  expect(seen.length + missed).toBeLessThanOrEqual(50)
  expect(engine.requests).toHaveLength(seen.length)
  expect(session.getState()).toMatchObject({trouble: null, explanation: {model: {epoch: 50}}})
})

it('feature files that are written into a folder join the run when they are whole', async () => {
  const folder = await (await folderOf()).getDirectoryHandle('features', {create: true})
  const make = async (name: string) => folder.getFileHandle(name, {create: true})
  const {watch, engine} = workbench()
  const watching = watch.getState().begin(folderTarget(folder))
  await write(await make('model.pth'), numberedFile(1))
  await expect.poll(() => watch.getState().versions.length, {timeout: 5000}).toBe(1)
  await write(await make('a.npz'), numberedFile(2).slice(0, 60))
  await rest(150)
  expect(engine.requests).toHaveLength(1)
  await write(await make('a.npz'), numberedFile(2))
  await expect.poll(() => engine.requests.length, {timeout: 5000}).toBe(2)
  expect(engine.requests[1]!.inputs).toHaveLength(1)
  watch.getState().stop()
  await watching
})
