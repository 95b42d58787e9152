import {type ChildProcess, spawn} from 'node:child_process'
import {randomInt} from 'node:crypto'
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {build} from 'vite'
import type {Store} from '@/lib/share/store/store'

/** What came of killing writers. Every list holds ids, and should be empty. */
export interface Outcome {
  readonly kills: number
  readonly acknowledged: number
  /** Kept, though the kill came before the acknowledgement. */
  readonly unacknowledged: number
  /** Acknowledged and not there, or not as long as it was. */
  readonly lost: readonly string[]
  /** Listed and not given, or not whole. */
  readonly torn: readonly string[]
}

type Environment = Readonly<Record<string, string>>

const root = process.cwd()

/** Bundles a script of this folder into one file, since a process that runs it must start quickly. */
export async function bundled(script: string): Promise<{readonly path: string; remove(): void}> {
  // Inside node_modules, so that its packages are found.
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, {recursive: true})
  const folder = mkdtempSync(join(cache, 'density-lens-'))
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    resolve: {alias: {'@': root}},
    build: {
      ssr: join(root, 'test/share/store', script),
      outDir: folder,
      target: 'node20',
      rollupOptions: {output: {entryFileNames: 'bundle.mjs'}}
    }
  })
  return {path: join(folder, 'bundle.mjs'), remove: () => rmSync(folder, {recursive: true, force: true})}
}

/**
 * Starts writers, kills each with SIGKILL at a random moment amid its writes, `atOnce` at a time, and looks
 * after each what it left; at the end reads everything there is. `store` sees the same place as the writers do.
 */
export async function killWriters(
  store: Store,
  environment: Environment,
  {kills, atOnce = 2}: {readonly kills: number; readonly atOnce?: number}
): Promise<Outcome> {
  const writer = await bundled('writer.ts')
  const acknowledged = new Map<string, number>()
  const lost: string[] = []
  let started = 0

  async function killOne() {
    const heard = await oneKill(writer.path, environment)
    for (const [id, length] of heard) {
      acknowledged.set(id, length)
      if (!(await isWhole(store, id, length))) lost.push(id)
    }
  }

  async function work() {
    while (started++ < kills) await killOne()
  }

  try {
    await Promise.all(Array.from({length: atOnce}, work))
  } finally {
    writer.remove()
  }
  // Again, when all is over: a later writer must not have harmed what an earlier one left.
  for (const [id, length] of acknowledged) if (!(await isWhole(store, id, length))) lost.push(id)
  const {torn, count} = await readAll(store)
  return {
    kills,
    acknowledged: acknowledged.size,
    unacknowledged: count - acknowledged.size,
    lost: [...new Set(lost)],
    torn
  }
}

/** One writer's life: what it had acknowledged when it was killed. */
async function oneKill(path: string, environment: Environment): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [path], {
    env: {...process.env, ...environment},
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const text = await killedAtRandom(child)
  // The last line may be half of one: not told, so not acknowledged.
  const lines = text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== 'ready')
  return new Map(lines.map((line) => [line.split(' ')[0]!, Number(line.split(' ')[1])]))
}

function killedAtRandom(child: ChildProcess): Promise<string> {
  let [text, complaint, armed] = ['', '', false]
  // Mostly amid later writes, sometimes before the first is acknowledged.
  const lines = randomInt(4) === 0 ? 1 : 2
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (chunk) => {
      text += chunk
      if (armed || text.split('\n').length <= lines) return
      armed = true
      setTimeout(() => child.kill('SIGKILL'), randomInt(0, 120))
    })
    child.stderr!.on('data', (chunk) => {
      complaint += chunk
    })
    child.once('error', reject)
    child.once('close', (status, signal) => {
      if (signal === 'SIGKILL') resolve(text)
      else reject(new Error(`a writer ended by itself with status ${status}: ${complaint}`))
    })
  })
}

// A store gives nothing whose content does not fit its id, so the length is only a second look.
async function isWhole(store: Store, id: string, length: number) {
  const found = await store.get(id)
  return typeof found !== 'string' && found.bytes.length === length
}

async function readAll(store: Store) {
  const torn: string[] = []
  let count = 0
  let cursor: string | null = null
  do {
    const page = await store.list(cursor)
    for (const {id} of page.entries) if (typeof (await store.get(id)) === 'string') torn.push(id)
    count += page.entries.length
    cursor = page.cursor
  } while (cursor !== null)
  return {torn, count}
}
