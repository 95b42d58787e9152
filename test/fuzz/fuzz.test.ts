import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {FormatError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import type {ByteSource} from '@/lib/formats/source'
import {attempt, failureOf} from './attempt'
import {corpus, foundBefore} from './corpus'
import {cooked, recipe, recipeAt} from './fuzzCase'
import {inputCase, inputRecipe, inputRecipeAt, questionCase, questionRecipe} from './inputCase'
import {modelCase, modelName, modelRecipe} from './modelCase'

const cases = corpus()
const whole = cases[0]!
const failing = async (open: (source: ByteSource) => Promise<TensorArchive>) => failureOf(await attempt(whole, {open}))

describe('a broken file gives its tensors or a sentence, soon and cheaply', () => {
  // A short run of what `npm run fuzz` does for as long as it is told.
  it('whatever is wrong with it', {timeout: 60_000}, async () => {
    await fc.assert(
      fc.asyncProperty(recipe, async (made) => {
        expect(failureOf(await attempt(cooked(made, cases)))).toBeNull()
      }),
      {seed: 20_261_121, numRuns: 10_000}
    )
  })

  it('and what once failed does so no more', async () => {
    for (const [name, files] of foundBefore()) {
      const reading = files[0]?.name !== modelName
      expect({name, failure: failureOf(await attempt(files, {reading}))}).toEqual({name, failure: null})
    }
  })

  it('or with the names, numbers and shapes of the model in it', {timeout: 60_000}, async () => {
    await fc.assert(
      fc.asyncProperty(modelRecipe, async (made) => {
        expect(failureOf(await attempt(modelCase(made), {reading: false}))).toBeNull()
      }),
      {seed: 20_261_121, numRuns: 250}
    )
  })

  it('or with the inputs of a model of places, and with the model', {timeout: 60_000}, async () => {
    await fc.assert(
      fc.asyncProperty(inputRecipe, async (made) => {
        expect(failureOf(await attempt(inputCase(made), {reading: false}))).toBeNull()
      }),
      {seed: 20_261_121, numRuns: 60}
    )
  })

  it('or without the inputs alone whose questions cannot be asked', {timeout: 60_000}, async () => {
    await fc.assert(
      fc.asyncProperty(questionRecipe, async (made) => {
        const {files, count, bad} = questionCase(made)
        const {outcome} = await attempt(files, {reading: false})
        if (bad.size < count) expect(outcome).toMatchObject({inputs: count - bad.size})
        else
          expect(outcome).toMatchObject({refused: expect.stringMatching(/^inputs\.npz: input 1 of \d+ (holds|has) /)})
      }),
      {seed: 20_261_121, numRuns: 30}
    )
  })
})

describe('the fuzzer', () => {
  it('makes the same case of the same seed', () => {
    expect(cooked(recipeAt(7, 123), cases)).toEqual(cooked(recipeAt(7, 123), cases))
    expect(recipeAt(7, 123)).not.toEqual(recipeAt(7, 124))
    expect(recipeAt(7, 123)).not.toEqual(recipeAt(8, 123))
    expect(inputCase(inputRecipeAt(7, 23))).toEqual(inputCase(inputRecipeAt(7, 23)))
  })

  it('takes a whole file and a file refused in a sentence as they should be', async () => {
    expect(failureOf(await attempt(whole))).toBeNull()
    const refusal = () => Promise.reject(new FormatError('x.pt: it is a picture; a checkpoint is needed'))
    expect(await failing(refusal)).toBeNull()
  })

  it('sees a crash', async () => {
    expect(await failing(() => Promise.reject(new TypeError('undefined is not a function')))).toContain('TypeError')
  })

  it('sees a refusal that says nothing', async () => {
    expect(await failing(() => Promise.reject(new FormatError('bad')))).toContain('no sentence')
  })

  it('sees work that lasts', async () => {
    // Spins until the processor time is spent, however busy the machine is.
    const slow = async (): Promise<never> => {
      const start = process.cpuUsage()
      const spent = () => process.cpuUsage(start).user + process.cpuUsage(start).system
      while (spent() < 2.1e6) for (const end = performance.now() + 50; performance.now() < end; );
      throw new FormatError('x.pt: too long; less is needed')
    }
    expect(await failing(slow)).toMatch(/took \d+ ms of processor time; at most 2000 are allowed/)
  })

  it('sees memory that the file does not account for', async () => {
    const kept: Uint8Array[] = []
    const greedy = async (): Promise<never> => {
      kept.push(new Uint8Array(70e6))
      throw new FormatError('x.pt: too much; less is needed')
    }
    expect(await failing(greedy)).toMatch(/used \d+ bytes of memory after reading 0; at most 64000000 are allowed/)
  })
})
