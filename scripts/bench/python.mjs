import {createInterface} from 'node:readline'
import {printed, start} from '../child.mjs'

/** A Python, by PYTHON or by name, or null. */
export async function findPython() {
  for (const python of [process.env.PYTHON, 'python3', 'python']) {
    if (python && (await printed(python, ['--version'])) !== null) return python
  }
  return null
}

/** Whether this Python has the module. */
export const hasModule = async (python, module) =>
  python !== null && (await printed(python, ['-c', `import ${module}`])) !== null

/** Starts a script that answers each line of JSON with one; `ask` sends an object and resolves to the answer. */
export function converse(python, script) {
  const child = start(python, [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Threads that wait by spinning are many times slower wherever something else has a core.
    env: {OMP_WAIT_POLICY: 'PASSIVE'}
  })
  const waiting = []
  let ended = false
  createInterface({input: child.stdout}).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line)))
  child.once('close', () => {
    ended = true
    for (const {reject} of waiting) reject(new Error(`${script} ended before it answered`))
  })
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(new Error(`${script} has ended`))
        waiting.push({resolve, reject})
        child.stdin.write(`${JSON.stringify(request)}\n`)
      }),
    end: () => child.stdin.end()
  }
}
