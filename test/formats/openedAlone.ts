import {fork} from 'node:child_process'
import {fileURLToPath} from 'node:url'

/** What is opened: a bomb by its name, or files that are one checkpoint. */
export type Opening = {readonly bomb: string} | {readonly files: readonly string[]}

/** What came of it, and what it cost. */
export interface Measured {
  readonly said: string
  /** Bytes at most above what the process held before, as the system counts them. */
  readonly memory: number
  readonly read: number
  readonly result: number
  readonly cpuMs: number
}

/** What compiling and collecting take beside the values themselves, in bytes. */
export const ownRoom = 16e6

/** Opens something in a process that has done nothing else. */
export function openedAlone(opening: Opening): Promise<Measured> {
  const child = fileURLToPath(new URL('openingChild.ts', import.meta.url))
  const tsconfig = fileURLToPath(new URL('../../tsconfig.json', import.meta.url))
  const process_ = fork(child, {
    execArgv: ['--expose-gc', '--max-semi-space-size=4', '--import', 'tsx'],
    env: {...process.env, NODE_OPTIONS: '', TSX_TSCONFIG_PATH: tsconfig}
  })
  return new Promise((settle, fail) => {
    process_.on('message', (message) => settle(message as Measured))
    process_.on('error', fail)
    process_.on('disconnect', () => fail(new Error('the process ended without a word')))
    process_.send(opening)
  })
}
