import fc from 'fast-check'
import type {CorpusCase} from './corpus'
import {type Mutation, mutated, mutation} from './mutation'

/** Which case of the corpus, and what is wrong with which of its files. */
export interface Recipe {
  readonly seedFile: number
  readonly changes: readonly {readonly file: number; readonly change: Mutation}[]
}

const wrong = fc.record({file: fc.nat(), change: mutation})

export const recipe: fc.Arbitrary<Recipe> = fc.record({
  seedFile: fc.nat(),
  // One thing wrong reaches furthest; several meet where one would be caught.
  changes: fc.oneof(fc.array(wrong, {minLength: 1, maxLength: 1}), fc.array(wrong, {minLength: 2, maxLength: 4}))
})

/** The `index`th recipe of a run: the same on every machine. */
export function recipeAt(seed: number, index: number): Recipe {
  return fc.sample(recipe, {
    seed: (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) | 0,
    numRuns: 1
  })[0]!
}

/** The files that a recipe makes. */
export function cooked({seedFile, changes}: Recipe, corpus: readonly CorpusCase[]): CorpusCase {
  const donors = corpus.flatMap((files) => files.map(({bytes}) => bytes))
  const files = [...corpus[seedFile % corpus.length]!]
  for (const {file, change} of changes) {
    const at = file % files.length
    files[at] = {...files[at]!, bytes: mutated(files[at]!.bytes, change, donors)}
  }
  return files
}
