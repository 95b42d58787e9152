import {describe, expect, it} from 'vitest'
import {rounds} from '@/scripts/bench/rounds.mjs'

const pace = {budget: 100, least: 2, most: 5}

/** A contender that notes when it runs. */
function contender(name: string, notes: string[], {ms = 1, errors = {output: 1e-7}, failsAt = -1} = {}) {
  let runs = 0
  return {
    name,
    ready: async () => ({errors, ms}),
    time: async () => {
      if (runs === failsAt) throw new Error('it fell over')
      runs++
      notes.push(name)
      return ms
    },
    close: async () => void notes.push(`${name} closed`)
  }
}

describe('rounds', () => {
  it('runs the contenders in turn, none always after the same one', async () => {
    const notes: string[] = []
    await rounds([contender('a', notes), contender('b', notes)], {...pace, most: 3})
    expect(notes.slice(0, 6)).toEqual(['a', 'b', 'b', 'a', 'a', 'b'])
  })

  it('repeats slow ones less often', async () => {
    const notes: string[] = []
    const {times} = await rounds([contender('fast', notes), contender('slow', notes, {ms: 40})], pace)
    expect(times).toMatchObject({fast: {ms: 1, runs: 5}, slow: {ms: 40, runs: 2}})
  })

  it('strikes out who is wrong before timing it', async () => {
    const notes: string[] = []
    const wrong = contender('wrong', notes, {errors: {output: 0.5}})
    const {times, struck} = await rounds([wrong, contender('right', notes)], pace)
    expect(struck).toEqual({wrong: 'its output is off by 5.0e-1 of the peak'})
    expect(Object.keys(times)).toEqual(['right'])
    expect(notes).not.toContain('wrong')
  })

  it('takes what is not a number for wrong', async () => {
    const {struck} = await rounds([contender('nan', [], {errors: {output: Number.NaN}})], pace)
    expect(struck).toHaveProperty('nan')
  })

  it('holds gradients to a ten-thousandth', async () => {
    const input = contender('gradients', [], {errors: {input: 9e-5} as never})
    expect((await rounds([input], pace)).struck).toEqual({})
  })

  it('strikes out who fails on the way and goes on with the others', async () => {
    const notes: string[] = []
    const {times, struck} = await rounds([contender('falls', notes, {failsAt: 2}), contender('stands', notes)], pace)
    expect(struck).toEqual({falls: 'it fell over'})
    expect(times).toMatchObject({stands: {runs: 5}})
  })

  it('closes everyone in the end', async () => {
    const notes: string[] = []
    await rounds([contender('a', notes), contender('b', notes, {errors: {output: 1}})], pace)
    expect(notes).toContain('a closed')
    expect(notes).toContain('b closed')
  })
})
