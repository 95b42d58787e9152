import {execFile} from 'node:child_process'
import {mkdtemp, open, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {register} from 'tsx/esm/api'
import {root} from '../child.mjs'
import {findPython, hasModule} from './python.mjs'
import {median} from './statistics.mjs'
import {columns} from './table.mjs'

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const execute = promisify(execFile)
const runs = 9

/** Compares the readers of large files with the libraries that wrote them. `quick` takes a tenth of the size. */
export async function filesTable({quick = false} = {}) {
  if (process.platform !== 'linux') {
    throw new Error('bench: memory is measured through /proc, which this system does not have; needed Linux')
  }
  const folder = await mkdtemp(join(tmpdir(), 'density-lens-bench-'))
  try {
    return await measured(folder, quick ? 1e8 : 1e9)
  } finally {
    await rm(folder, {recursive: true})
  }
}

async function measured(folder, size) {
  register({tsconfig: join(root, 'tsconfig.json')})
  const {largeModel, largeSafetensors, largeTorchZip} = await import('../../test/formats/largeFiles.ts')
  const tensors = largeModel(size)
  const bound = tensors.filter(({value}) => value !== undefined).map(({name}) => name)
  const zip = await written(folder, 'model.pt', largeTorchZip(tensors))
  const safe = await written(folder, 'model.safetensors', largeSafetensors(tensors))
  const python = await findPython()
  const theirs = (tool, task, path) => [python, [here('files_theirs.py'), tool, task, path, ...bound]]
  const ours = (task, path) => [process.execPath, [here('filesOurs.mjs'), task, path, ...bound]]
  const has = {
    torch: await hasModule(python, 'torch'),
    safetensors: await hasModule(python, 'safetensors.numpy')
  }
  const rows = []
  for (const [format, path, tool, call] of [
    ['PyTorch zip', zip, 'torch', 'torch.load(mmap=True)'],
    ['safetensors', safe, 'safetensors', 'safetensors.safe_open']
  ]) {
    for (const task of ['list', 'read']) {
      const contenders = {ours: ours(task, path), ...(has[tool] ? {theirs: theirs(tool, task, path)} : {})}
      rows.push({format, task, against: call, skipped: !has[tool], ...(await interleaved(contenders))})
    }
  }
  return {
    size,
    tensors: tensors.length,
    bound: bound.length,
    runs,
    rows
  }
}

/** Each contender once, and again, so that whatever slows the machine slows both. */
async function interleaved(contenders) {
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let i = 0; i < runs; i++) {
    for (const [name, [command, words]] of Object.entries(contenders)) {
      const {stdout} = await execute(command, words, {maxBuffer: 1 << 24})
      results[name].push(JSON.parse(stdout))
    }
  }
  const {ours, theirs} = results
  if (theirs && (ours[0].sum !== theirs[0].sum || ours[0].tensors !== theirs[0].tensors)) {
    throw new Error('bench: the two read different numbers; there is nothing to compare')
  }
  return {ours: summary(ours), theirs: theirs ? summary(theirs) : null}
}

const summary = (results) => ({
  ms: median(results.map(({ms}) => ms)),
  bytes: median(results.map(({bytes}) => bytes)),
  peak: median(results.map(({peak}) => peak)),
  version: results[0].version ?? null
})

/** The file as it would be: what is put where it belongs, and nothing on the disk between. */
async function written(folder, name, {size, pieces}) {
  const path = join(folder, name)
  const file = await open(path, 'w')
  await file.truncate(size)
  for (const {start, bytes} of pieces) await file.write(bytes, 0, bytes.length, start)
  await file.close()
  return path
}

/** The table as text for a terminal. */
export function filesText({size, tensors, bound, rows}) {
  const lines = [['file', 'task', 'against', 'ours ms', 'theirs ms', 'time', 'bytes read', 'peak memory']]
  for (const {format, task, against, ours, theirs, skipped} of rows) {
    const pair = (key, unit, digits) =>
      `${(ours[key] / unit).toFixed(digits)} : ${theirs ? (theirs[key] / unit).toFixed(digits) : '–'} MB`
    lines.push([
      format,
      task === 'list' ? 'list all' : `read ${bound}`,
      skipped ? `${against} (skipped: not installed)` : against,
      ours.ms.toFixed(1),
      theirs ? theirs.ms.toFixed(1) : '–',
      theirs ? `${(ours.ms / theirs.ms).toFixed(2)}×` : '–',
      pair('bytes', 1e6, 2),
      pair('peak', 1e6, 1)
    ])
  }
  const head = `${(size / 1e9).toFixed(1)} GB, ${tensors} tensors; medians of ${runs} runs, each in a process of its own`
  return `${head}\n\n${columns(lines)}`
}
