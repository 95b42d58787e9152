import {fork} from 'node:child_process'
import {fileURLToPath} from 'node:url'

/** Tries one file in a process of its own, where memory can be measured; why it failed, or null. */
export function failureAlone(bytes: Uint8Array): Promise<string | null> {
  const child = fileURLToPath(new URL('child.ts', import.meta.url))
  const tsconfig = fileURLToPath(new URL('../../tsconfig.json', import.meta.url))
  const worker = fork(child, {
    execArgv: ['--expose-gc', '--max-semi-space-size=4', '--import', 'tsx'],
    env: {...process.env, NODE_OPTIONS: '', TSX_TSCONFIG_PATH: tsconfig}
  })
  return new Promise((settle, fail) => {
    worker.on('message', (message: {failure?: string | null}) => {
      if ('failure' in message) settle(message.failure ?? null)
    })
    worker.on('error', fail)
    // Not `exit`, which may come before the last message.
    worker.on('disconnect', () => fail(new Error('the process ended without a word')))
    worker.send({kind: 'file', base64: Buffer.from(bytes).toString('base64')})
  })
}
