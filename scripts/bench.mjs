// Prints how the readers of large files compare with the libraries that wrote them, as ratios of medians.
//   npm run bench -- [--quick] [--json FILE]      PYTHON names a Python with torch and safetensors
import {execFile} from 'node:child_process'
import {mkdtemp, open, rm, writeFile} from 'node:fs/promises'
import {cpus, tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {register} from 'tsx/esm/api'

const root = fileURLToPath(new URL('..', import.meta.url))
const here = (name) => join(root, 'scripts', name)
const run = promisify(execFile)
const runs = 9

const quick = process.argv.includes('--quick')
const jsonAt = process.argv.indexOf('--json')
const jsonPath = jsonAt < 0 ? null : process.argv[jsonAt + 1]
const size = quick ? 1e8 : 1e9

register({tsconfig: join(root, 'tsconfig.json')})
const {largeModel, largeSafetensors, largeTorchZip} = await import('../test/formats/largeFiles.ts')

async function measured() {
  const tensors = largeModel(size)
  const bound = tensors.filter(({value}) => value !== undefined).map(({name}) => name)
  const zip = await written('model.pt', largeTorchZip(tensors))
  const safe = await written('model.safetensors', largeSafetensors(tensors))
  const python = await pythonWith()
  const theirs = (tool, task, path) => [python, [here('bench_theirs.py'), tool, task, path, ...bound]]
  const ours = (task, path) => [process.execPath, [here('benchOurs.mjs'), task, path, ...bound]]
  const has = {
    torch: python && (await imports(python, 'torch')),
    safetensors: python && (await imports(python, 'safetensors.numpy'))
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
  const {stdout} = await run('git', ['-C', root, 'rev-parse', '--short', 'HEAD']).catch(() => ({stdout: ''}))
  return {
    size,
    tensors: tensors.length,
    bound: bound.length,
    runs,
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    commit: stdout.trim(),
    rows
  }
}

/** Each contender once, and again, so that whatever slows the machine slows both. */
async function interleaved(contenders) {
  const results = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]))
  for (let i = 0; i < runs; i++) {
    for (const [name, [command, words]] of Object.entries(contenders)) {
      const {stdout} = await run(command, words, {maxBuffer: 1 << 24})
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

function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1]
}

/** The file as it would be: what is put where it belongs, and nothing on the disk between. */
async function written(name, {size, pieces}) {
  const path = join(folder, name)
  const file = await open(path, 'w')
  await file.truncate(size)
  for (const {start, bytes} of pieces) await file.write(bytes, 0, bytes.length, start)
  await file.close()
  return path
}

async function pythonWith() {
  for (const python of [process.env.PYTHON, 'python3', 'python']) {
    if (
      python &&
      (await run(python, ['--version']).then(
        () => true,
        () => false
      ))
    )
      return python
  }
  return null
}

const imports = (python, module) =>
  run(python, ['-c', `import ${module}`]).then(
    () => true,
    () => false
  )

function print({size, tensors, bound, rows}) {
  console.log(
    `${(size / 1e9).toFixed(1)} GB, ${tensors} tensors; medians of ${runs} runs, each in a process of its own\n`
  )
  const lines = [['file', 'task', 'against', 'ours ms', 'theirs ms', 'time', 'bytes read', 'peak memory']]
  for (const {format, task, against, ours, theirs, skipped} of rows) {
    const what = task === 'list' ? 'list all' : `read ${bound}`
    const pair = (key, unit, digits) =>
      `${(ours[key] / unit).toFixed(digits)} : ${theirs ? (theirs[key] / unit).toFixed(digits) : '–'} MB`
    lines.push([
      format,
      what,
      skipped ? `${against} (skipped: not installed)` : against,
      ours.ms.toFixed(1),
      theirs ? theirs.ms.toFixed(1) : '–',
      theirs ? `${(ours.ms / theirs.ms).toFixed(2)}×` : '–',
      pair('bytes', 1e6, 2),
      pair('peak', 1e6, 1)
    ])
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  for (const line of lines)
    console.log(
      line
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd()
    )
}

if (process.platform !== 'linux') {
  console.error('bench: memory is measured through /proc, which this system does not have; needed Linux')
  process.exit(2)
}
const folder = await mkdtemp(join(tmpdir(), 'density-lens-bench-'))
try {
  const table = await measured()
  print(table)
  if (jsonPath) await writeFile(jsonPath, `${JSON.stringify(table, null, 2)}\n`)
} finally {
  await rm(folder, {recursive: true})
}
