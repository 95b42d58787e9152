// npm run fuzz -- --minutes N [--seed S]: breaks fixtures of every format in every way and opens what is left of them.
// npm run fuzz -- --replay FOLDER: opens one case again, alone.
import {fork} from 'node:child_process'
import {mkdirSync, rmSync, writeFileSync} from 'node:fs'
import {availableParallelism} from 'node:os'
import {join, relative, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const found = join(root, 'test/fixtures/fuzz-found')
/** A process tries this many cases and makes room for the next, so that nothing it leaves behind adds up. */
const span = 4000
/**
 * A case that is not over by then never may be: it is tried again alone. Time on a busy machine says little, so what a
 * case may take is counted in processor time, where it is tried (test/fuzz/attempt.ts).
 */
const patienceMs = 20_000
/** Alone, this ends what would never end. */
const aloneMs = 60_000

const {values} = parseArgs({
  options: {
    minutes: {type: 'string', default: '1'},
    seed: {type: 'string', default: '1'},
    jobs: {type: 'string', default: String(Math.max(1, availableParallelism() - 1))},
    replay: {type: 'string'}
  }
})

const counts = new Map()
const failures = []
let next = 0
let suspected = 0

process.exitCode = values.replay
  ? await replay(resolve(values.replay))
  : await run(Number(values.minutes), Number(values.seed))

async function run(minutes, seed) {
  const end = Date.now() + minutes * 60_000
  const tell = setInterval(() => console.log(summary()), 60_000)
  const job = async () => {
    while (Date.now() < end && failures.length < 20) {
      const from = next
      next += span
      await runRange(seed, from, from + span, end)
    }
  }
  await Promise.all(Array.from({length: Number(values.jobs)}, job))
  clearInterval(tell)
  console.log(`seed ${seed}, ${minutes} minutes`)
  console.log(summary())
  for (const [outcome, count] of [...counts].sort((a, b) => b[1] - a[1]))
    console.log(`${String(count).padStart(10)}  ${outcome}`)
  for (const failure of failures) console.log(failure)
  return failures.length === 0 ? 0 : 1
}

function summary() {
  const cases = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return `${cases} cases, ${suspected} tried again alone, ${failures.length} failures`
}

/** Tries the cases from `from` up to `to`; one that hangs or kills the process is tried alone, and the rest goes on. */
async function runRange(seed, from, to, end) {
  while (from < to && Date.now() < end) {
    const {at, suspects, over} = await child({kind: 'range', seed, from, to: Math.min(to, from + span)}, patienceMs)
    for (const index of suspects) await alone(seed, index)
    if (over) return
    await alone(seed, at)
    // What was tried before the one that stopped it counts, though its kind was not told.
    count(`tried, in a process that was stopped`, at - from + 1)
    from = at + 1
  }
}

// Making a case takes memory of its own, so one process makes it and another opens it.
async function alone(seed, index) {
  suspected++
  const {files} = await child({kind: 'make', seed, index}, aloneMs)
  const folder = join(found, `${seed}-${index}`)
  mkdirSync(folder, {recursive: true})
  for (const {name, base64} of files ?? []) writeFileSync(join(folder, name), Buffer.from(base64, 'base64'))
  const {result, failure, over} = await child({kind: 'folder', path: folder}, aloneMs)
  if (over && failure === null) return rmSync(folder, {recursive: true})
  const why = failure ?? `did not end within ${aloneMs / 1000} s, or ended its process`
  failures.push(`case ${index}: ${why}\n  replay: npm run fuzz -- --replay ${relative(root, folder)}`)
  console.log(failures.at(-1), result ?? '')
}

async function replay(path) {
  const {result, failure, over} = await child({kind: 'folder', path}, aloneMs)
  console.log(result ?? 'no result')
  console.log(failure ?? (over ? 'as it should be' : `did not end within ${aloneMs / 1000} s, or ended its process`))
  return over && failure === null ? 0 : 1
}

/** One process and one task. Gives what it told, and whether it came to its end. */
function child(task, patience) {
  const heard = {at: 'from' in task ? task.from : 0, suspects: [], over: false, failure: null}
  const options = {
    cwd: root,
    execArgv: ['--expose-gc', '--max-semi-space-size=4', '--import', 'tsx'],
    env: {...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json')}
  }
  const worker = fork(join(root, 'test/fuzz/child.ts'), options)
  return new Promise((settle) => {
    let timer
    const wait = (ms) => {
      clearTimeout(timer)
      timer = setTimeout(() => worker.kill('SIGKILL'), ms)
    }
    // Starting takes a while of its own.
    wait(60_000)
    worker.on('message', (message) => {
      if ('at' in message) {
        heard.at = message.at
        return wait(patience)
      }
      if ('suspect' in message) heard.suspects.push(message.suspect)
      if ('counts' in message) {
        for (const [outcome, cases] of Object.entries(message.counts)) count(outcome, cases)
        heard.over = true
      }
      if ('files' in message || 'result' in message) Object.assign(heard, message, {over: true})
    })
    worker.on('error', () => {})
    // Not `exit`, which may come before the last message.
    worker.on('disconnect', () => {
      clearTimeout(timer)
      settle(heard)
    })
    worker.send(task)
  })
}

function count(outcome, cases) {
  counts.set(outcome, (counts.get(outcome) ?? 0) + cases)
}
