// Prints how fast the app is beside what one would otherwise use. BENCHMARKS.md says how to read it.
//   npm run bench -- [--quick] [--only files|kernels|deformable|stacked|page|redraw|strokes] [--case TEXT] [--contender PATTERN] [--json FILE]
// PYTHON names a Python with torch and safetensors; without them their part says that it was skipped.
import {writeFile} from 'node:fs/promises'
import {cpus, loadavg} from 'node:os'
import {parseArgs} from 'node:util'
import {versionOf} from './bench/browser.mjs'
import {deformableTable, deformableText} from './bench/deformable.mjs'
import {filesTable, filesText} from './bench/files.mjs'
import {kernelsTable, kernelsText} from './bench/kernels.mjs'
import {pageTable, pageText} from './bench/page.mjs'
import {redrawTable, redrawText} from './bench/redraw.mjs'
import {stackedTable, stackedText} from './bench/stacked.mjs'
import {strokesTable, strokesText} from './bench/strokes.mjs'
import {printed, StepError} from './child.mjs'
import {copyWasm} from './wasm.mjs'

const parts = {
  files: {measure: filesTable, text: filesText},
  kernels: {measure: kernelsTable, text: kernelsText},
  deformable: {measure: deformableTable, text: deformableText},
  stacked: {measure: stackedTable, text: stackedText},
  page: {measure: pageTable, text: pageText},
  redraw: {measure: redrawTable, text: redrawText},
  strokes: {measure: strokesTable, text: strokesText}
}

function askedFor() {
  const {values} = parseArgs({
    options: {
      quick: {type: 'boolean', default: false},
      only: {type: 'string'},
      case: {type: 'string', default: ''},
      contender: {type: 'string', default: ''},
      json: {type: 'string'}
    }
  })
  if (values.only === undefined || values.only in parts) return values
  throw new StepError(`bench: there is no part ${values.only}; needed one of ${Object.keys(parts).join(', ')}`)
}

async function everything({quick, only, json, case: cases, contender: contenders}) {
  const report = {
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    load: loadavg()[0],
    commit: await printed('git', ['rev-parse', '--short', 'HEAD']),
    versions: Object.fromEntries(
      ['@tensorflow/tfjs-core', 'onnxruntime-web', 'vite', 'playwright'].map((name) => [name, versionOf(name)])
    )
  }
  console.log(`${report.processor}, ${report.cores} cores, load ${report.load.toFixed(1)}; Node ${report.node}`)
  for (const [name, {measure, text}] of Object.entries(parts)) {
    if (only !== undefined && only !== name) continue
    console.log(`\n── ${name}`)
    report[name] = await measure({quick, cases, contenders})
    console.log(text(report[name]))
    // Written as it grows: what was measured is not lost with what was not.
    if (json) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`)
  }
}

try {
  const wanted = askedFor()
  await copyWasm()
  await everything(wanted)
  process.exit(0)
} catch (error) {
  if (!(error instanceof StepError) && error.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw error
  console.error(error.message)
  process.exit(2)
}
