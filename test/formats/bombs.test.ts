import {describe, expect, it} from 'vitest'
import {mostMemory} from '../fuzz/attempt'
import {bombs, expansions} from './bombs'
import {openedAlone, ownRoom} from './openedAlone'

describe('a file of 40 MB made to fill memory is read or refused within four times what was read and 64 MB', () => {
  it.each(Object.keys(bombs))('%s', {timeout: 60_000}, async (bomb) => {
    const {said, memory, read, cpuMs} = await openedAlone({bomb})
    expect(memory - ownRoom, said).toBeLessThan(mostMemory(read))
    expect(cpuMs).toBeLessThan(2000)
    expect(said).toMatch(/^\d+ tensors$|^.+: .+/)
  })
})

describe('a tensor that is asked for by name takes what its own values take, as the file proves them', () => {
  it.each(Object.keys(expansions))('%s', {timeout: 60_000}, async (bomb) => {
    const {memory, read, result, said} = await openedAlone({bomb})
    expect(said).toMatch(/^\d+ tensors$/)
    expect(memory - ownRoom).toBeLessThan(4 * read + 2 * result + 64e6)
  })
})
