import {fork} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {describe, expect, it} from 'vitest'
import {mostMemory} from '../fuzz/attempt'
import {bombs, expansions} from './bombs'

interface Measured {
  readonly said: string
  /** Bytes at most above what the process held before, as the system counts them. */
  readonly memory: number
  readonly read: number
  readonly result: number
  readonly cpuMs: number
}

function measured(name: string): Promise<Measured> {
  const child = fileURLToPath(new URL('bombChild.ts', import.meta.url))
  const tsconfig = fileURLToPath(new URL('../../tsconfig.json', import.meta.url))
  const process_ = fork(child, {
    execArgv: ['--expose-gc', '--max-semi-space-size=4', '--import', 'tsx'],
    env: {...process.env, NODE_OPTIONS: '', TSX_TSCONFIG_PATH: tsconfig}
  })
  return new Promise((settle, fail) => {
    process_.on('message', (message) => settle(message as Measured))
    process_.on('error', fail)
    process_.on('disconnect', () => fail(new Error('the process ended without a word')))
    process_.send(name)
  })
}

// What compiling and collecting take beside the values themselves.
const ownRoom = 16e6

describe('a file of 40 MB made to fill memory is read or refused within four times what was read and 64 MB', () => {
  it.each(Object.keys(bombs))('%s', {timeout: 60_000}, async (name) => {
    const {said, memory, read, cpuMs} = await measured(name)
    expect(memory - ownRoom, said).toBeLessThan(mostMemory(read))
    expect(cpuMs).toBeLessThan(2000)
    expect(said).toMatch(/^\d+ tensors$|^.+: .+/)
  })
})

describe('a tensor that is asked for by name takes what its own values take, as the file proves them', () => {
  it.each(Object.keys(expansions))('%s', {timeout: 60_000}, async (name) => {
    const {memory, read, result, said} = await measured(name)
    expect(said).toMatch(/^\d+ tensors$/)
    expect(memory - ownRoom).toBeLessThan(4 * read + 2 * result + 64e6)
  })
})
