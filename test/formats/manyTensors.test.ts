import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {mostMemory} from '../fuzz/attempt'
import {expertNames, manyTensors} from './manyTensors'
import {openedAlone, ownRoom} from './openedAlone'

const count = 48_000
const folder = mkdtempSync(join(tmpdir(), 'density-lens-many-'))

afterAll(() => rmSync(folder, {recursive: true}))

describe('48,000 tensors are listed and looked through within four times what was read and 64 MB', () => {
  it.each(Object.keys(manyTensors))('%s', {timeout: 60_000}, async (format) => {
    const files = manyTensors[format]!(expertNames(count)).map(({name, bytes}) => {
      const path = join(folder, name)
      writeFileSync(path, bytes)
      return path
    })
    const {said, memory, read, cpuMs} = await openedAlone({files})
    expect(said).toBe(`${count} tensors`)
    expect(memory - ownRoom).toBeLessThan(mostMemory(read))
    expect(cpuMs).toBeLessThan(2000)
  })
})
