import {spawn} from 'node:child_process'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'

/** The top of the checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Next's own command, as a script for Node. */
export const nextBin = join(root, 'node_modules/next/dist/bin/next')

/** A step cannot be done: one sentence for the person at the terminal. Anything else thrown is a mistake of ours. */
export class StepError extends Error {}

const running = new Set()
let stopping = false

// A terminal sends Ctrl+C to the whole group; a service manager ends only the process that it started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopping = true
    for (const child of running) child.kill(signal)
    if (running.size === 0) process.exit(0)
  })
}
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Whether we were asked to stop. */
export const askedToStop = () => stopping

/** Starts a program at the top of the checkout, as a child that does not outlive us. `env` adds to ours; `timeout` is in ms. */
export function start(command, args, {env = {}, stdio = 'inherit', shell = false, timeout = 0} = {}) {
  // Ctrl+C has ended one step; the next is not wanted either.
  if (stopping) process.exit(130)
  const child = spawn(command, args, {
    cwd: root,
    stdio,
    shell,
    timeout,
    env: {...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env}
  })
  running.add(child)
  for (const event of ['exit', 'error']) child.once(event, () => running.delete(child))
  return child
}

/** Starts a script with this Node. */
export const startNode = (script, args, options) => start(process.execPath, [script, ...args], options)

/** Resolves to the exit status; null when the program could not be started or was ended by a signal. */
export function ended(child) {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null))
    child.once('exit', resolve)
  })
}

/** Runs a program to its end and resolves to its exit status, as `ended` does. */
export const run = (command, args, options) => ended(start(command, args, options))

/** Runs a script with this Node to its end and resolves to its exit status, as `ended` does. */
export const runNode = (script, args, options) => ended(startNode(script, args, options))

/** What a program prints, or null when it cannot be started or fails. */
export async function printed(command, args) {
  const child = start(command, args, {stdio: ['ignore', 'pipe', 'ignore']})
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
  })
  return (await ended(child)) === 0 ? text.trim() : null
}
