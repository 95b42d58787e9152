#!/usr/bin/env node
import {fileURLToPath} from 'node:url'
import {register} from 'tsx/esm/api'

// TensorFlow.js advises on its own installation as it starts; whoever reads this output has no use for it.
const {warn} = console
console.warn = (...words) => {
  if (!`${words[0]}`.includes('TensorFlow.js')) warn(...words)
}

// A reader that has seen enough, such as head, closes the pipe.
process.stdout.on('error', ({code}) => process.exit(code === 'EPIPE' ? 0 : 1))

// The first Ctrl+C ends the work in order; a second one ends the program.
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())

const line = (text) => process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns || 80) - 1)}`)

register({tsconfig: fileURLToPath(new URL('../tsconfig.json', import.meta.url))})
const {main} = await import('./cli.ts')
try {
  process.exitCode = await main(
    process.argv.slice(2),
    {
      out: (text) => process.stdout.write(text),
      error: (text) => process.stderr.write(text),
      line: process.stderr.isTTY ? line : undefined
    },
    stop.signal
  )
} catch (error) {
  process.stderr.write(`density-lens: ${error.message}; this is a mistake of ours, not in your files\n`)
  process.exitCode = 1
}
