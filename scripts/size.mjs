// npm run size: builds when sources changed, opens the app as a visitor does, and prints what script that took.
//   npm run size -- [--json FILE]      exit status 1 when something is heavier than it may be
import {writeFile} from 'node:fs/promises'
import {parseArgs} from 'node:util'
import {columns} from './bench/table.mjs'
import {build} from './build.mjs'
import {StepError} from './child.mjs'
import {measureScripts} from './size/measure.mjs'
import {weigh} from './size/weigh.mjs'
import {copyWasm} from './wasm.mjs'

try {
  const {values} = parseArgs({options: {json: {type: 'string'}}})
  await copyWasm()
  await build()
  const rows = weigh(await measureScripts())
  console.log(columns([['script', 'kB, gzip', 'at most', 'met'], ...rows.map(cells)]))
  if (values.json) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`)
  process.exit(rows.every(({met}) => met !== false) ? 0 : 1)
} catch (error) {
  if (!(error instanceof StepError) && error.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw error
  console.error(error.message)
  process.exit(2)
}

function cells({what, bytes, atMost, met}) {
  const kilobytes = (count) => (count / 1000).toFixed(1)
  return [what, kilobytes(bytes), atMost === null ? '' : kilobytes(atMost), met === null ? '' : met ? 'yes' : 'no']
}
