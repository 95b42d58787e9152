import {type ChildProcess, spawn} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {Agent, request} from 'node:http'
import {cpus, loadavg, tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {decodeExplanation} from '@/lib/explain/json'
import {encodeRecord} from '@/lib/share/record'
import {bundled} from './killWriters'

// Many readers and writers of stored explanations at once, over loopback, then readers of the same bytes from a plain
// server of files: npm run load -- [--seconds 60] [--readers 1000] [--writers 100] [--url http://host:port]
// Readers ask again as soon as they are answered; writers post a new record each second. Without --url it starts the
// handler by itself, over a folder of files and without rate limits; with it, those of that server hold.

const {values} = parseArgs({
  options: {
    seconds: {type: 'string', default: '60'},
    readers: {type: 'string', default: '1000'},
    writers: {type: 'string', default: '100'},
    url: {type: 'string'}
  }
})
const [seconds, readers, writers] = [Number(values.seconds), Number(values.readers), Number(values.writers)]

interface Answer {
  readonly status: number
  readonly bytes: Buffer
  readonly ms: number
}

interface Tally {
  readonly name: string
  readonly times: number[]
  bytes: number
  limited: number
  /** What went wrong, and how often. */
  readonly errors: Map<string, number>
}

const tally = (name: string): Tally => ({name, times: [], bytes: 0, limited: 0, errors: new Map()})
const agent = new Agent({keepAlive: true, maxSockets: Number.POSITIVE_INFINITY})

function ask(url: string, method: 'GET' | 'POST', body?: Uint8Array): Promise<Answer> {
  const start = performance.now()
  const headers = body ? {'content-type': 'application/octet-stream', 'content-length': body.length} : {}
  return new Promise((resolve, reject) => {
    const asked = request(url, {method, agent, headers}, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        resolve({status: response.statusCode ?? 0, bytes: Buffer.concat(chunks), ms: performance.now() - start})
      })
    })
    asked.once('error', reject)
    asked.end(body)
  })
}

/** One request, counted. `wrong` says what is wrong with an answer, or nothing. */
async function counted(to: Tally, asking: () => Promise<Answer>, wrong: (answer: Answer) => string | null) {
  const fail = (what: string) => to.errors.set(what, (to.errors.get(what) ?? 0) + 1)
  try {
    const answer = await asking()
    if (answer.status === 429) {
      to.limited++
      return
    }
    const what = wrong(answer)
    if (what) fail(what)
    to.times.push(answer.ms)
    to.bytes += answer.bytes.length
  } catch (error) {
    fail((error as NodeJS.ErrnoException).code ?? String(error))
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const repeated = (count: number, work: (index: number) => Promise<void>) =>
  Promise.all(Array.from({length: count}, (_, i) => work(i)))

const example = decodeExplanation(readFileSync('public/examples/digits/explanation.json', 'utf8'))

/** A whole record of the shipped example, unlike any other by a caveat. */
function newRecord(): Promise<Uint8Array> {
  const caveats = [...example.caveats, {id: 'geometry' as const, text: randomUUID()}]
  const plan = {gaussians: 'f32', density: 'f32', nullDensity: 'f32'} as const
  return encodeRecord({explanation: {...example, caveats}, view: null, plan})
}

async function read(to: Tally, base: string, records: ReadonlyMap<string, Uint8Array>, until: number) {
  const ids = [...records.keys()]
  await repeated(readers, async (reader) => {
    for (let turn = reader; performance.now() < until; turn++) {
      const id = ids[turn % ids.length]!
      await counted(
        to,
        () => ask(`${base}/api/explanations/${id}`, 'GET'),
        ({status, bytes}) => {
          if (status !== 200) return `status ${status}`
          return Buffer.compare(bytes, records.get(id)!) === 0 ? null : 'other bytes'
        }
      )
    }
  })
}

async function write(to: Tally, base: string, until: number) {
  await repeated(writers, async (writer) => {
    await pause((writer / writers) * 1000)
    while (performance.now() < until) {
      const record = await newRecord()
      const next = performance.now() + 1000
      const post = () => ask(`${base}/api/explanations`, 'POST', record)
      await counted(to, post, ({status}) => (status === 201 ? null : `status ${status}`))
      await pause(next - performance.now())
    }
  })
}

function report({name, times, bytes, limited, errors}: Tally) {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (part: number) => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(0).padStart(6)
  const failed = [...errors].map(([what, count]) => `${count} × ${what}`).join(', ') || 'none'
  const rate = `${(times.length / seconds).toFixed(0).padStart(6)}/s ${(bytes / seconds / 1e6).toFixed(1).padStart(6)} MB/s`
  console.log(`${name.padEnd(38)} ${rate}  p50 ${at(0.5)} ms  p99 ${at(0.99)} ms  429: ${limited}  errors: ${failed}`)
}

const children: ChildProcess[] = []

async function started(path: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [path, ...args], {
    env: {...process.env, ...env},
    stdio: ['ignore', 'pipe', 'inherit']
  })
  children.push(child)
  const port = await new Promise<string>((resolve) =>
    child.stdout!.once('data', (line) => resolve(String(line).trim()))
  )
  return `http://127.0.0.1:${port}`
}

async function seed(base: string): Promise<Map<string, Uint8Array>> {
  const records = new Map<string, Uint8Array>()
  for (let i = 0; i < 20; i++) {
    const record = await newRecord()
    const {status, bytes} = await ask(`${base}/api/explanations`, 'POST', record)
    if (status !== 201) throw new Error(`The first posts must succeed; one was answered with ${status} ${bytes}`)
    records.set(JSON.parse(String(bytes)).id, record)
  }
  return records
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'dl-load-'))
  const server = await bundled('bareServer.ts')
  const unlimited = {DENSITY_LENS_READS_PER_MINUTE: '1e9', DENSITY_LENS_WRITES_PER_MINUTE: '1e9'}
  try {
    const store = {DENSITY_LENS_STORE: `file:${folder}/store`, ...unlimited}
    const base = values.url?.replace(/\/+$/, '') ?? (await started(server.path, ['stored'], store))
    const records = await seed(base)
    const size = [...records.values()].reduce((sum, {length}) => sum + length, 0) / records.size
    console.log(
      `${readers} readers, ${writers} writers, ${seconds} s, records of ${(size / 1000).toFixed(1)} kB; ` +
        `Node ${process.version}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)} before`
    )
    const [reads, writes, same] = [
      tally('stored explanations, read'),
      tally('  written meanwhile'),
      tally('plain files, read')
    ]
    const until = performance.now() + seconds * 1000
    await Promise.all([read(reads, base, records, until), write(writes, base, until)])
    report(reads)
    report(writes)
    mkdirSync(join(folder, 'plain'))
    for (const [id, bytes] of records) writeFileSync(join(folder, 'plain', id), bytes)
    const files = await started(server.path, ['static', join(folder, 'plain')])
    await read(same, files, records, performance.now() + seconds * 1000)
    report(same)
    process.exitCode = [reads, writes, same].some(({errors}) => errors.size > 0) ? 1 : 0
  } finally {
    for (const child of children) child.kill()
    agent.destroy()
    server.remove()
    rmSync(folder, {recursive: true, force: true})
  }
}

await main()
