// The fuzzer's working process: it tries case after case and tells its parent which one it is at, so that the parent
// can end it when it hangs. Started by scripts/fuzz.mjs.
import {type Attempt, attempt, failureOf, watchBuffers} from './attempt'
import {type CorpusCase, corpus, filesIn} from './corpus'
import {cooked, recipeAt} from './fuzzCase'
import {inputCase, inputRecipeAt, inputsName} from './inputCase'
import {modelCase, modelName, modelRecipeAt} from './modelCase'

type Task =
  | {readonly kind: 'range'; readonly seed: number; readonly from: number; readonly to: number}
  /** Makes a case and tells its files. */
  | {readonly kind: 'make'; readonly seed: number; readonly index: number}
  /** Opens files in a process that has done nothing else: what is said of them here holds. */
  | {readonly kind: 'folder'; readonly path: string}
  | {readonly kind: 'file'; readonly base64: string}

// A message that has not left is lost when the channel closes, so the last one is waited for.
const tell = (message: object) => new Promise<void>((sent) => process.send!(message, () => sent()))
const gc = (globalThis as {gc?: () => void}).gc ?? (() => {})

watchBuffers()
process.once('message', async (task: Task) => {
  if (task.kind === 'range') await runRange(task.seed, task.from, task.to)
  else if (task.kind === 'make') await tell({files: kept(caseAt(task.seed, task.index, corpus()))})
  else await runAlone(filesOf(task))
  process.disconnect()
})

const kept = (files: CorpusCase) =>
  files.map(({name, bytes}) => ({name, base64: Buffer.from(bytes).toString('base64')}))

function filesOf(task: Extract<Task, {kind: 'folder' | 'file'}>): CorpusCase {
  if (task.kind === 'folder') return filesIn(task.path)
  return [{name: 'file', bytes: new Uint8Array(Buffer.from(task.base64, 'base64'))}]
}

/**
 * Two cases in three are files with something wrong in their bytes, the third is a model with something wrong in it; of
 * these every eighth comes with inputs that have, too, and is run.
 */
const caseAt = (seed: number, index: number, files: readonly CorpusCase[]): CorpusCase =>
  index % 24 === 23
    ? inputCase(inputRecipeAt(seed, index))
    : index % 3 === 2
      ? modelCase(modelRecipeAt(seed, index))
      : cooked(recipeAt(seed, index), files)

async function runRange(seed: number, from: number, to: number): Promise<void> {
  const cases = corpus()
  const counts: Record<string, number> = {}
  for (let index = from; index < to; index++) {
    void tell({at: index})
    const result = await attempt(caseAt(seed, index, cases), {reading: index % 3 !== 2})
    const name = nameOf(result)
    counts[name] = (counts[name] ?? 0) + 1
    if (failureOf(result) !== null) void tell({suspect: index})
    // What one case leaves behind must not be taken for what the next one needs.
    if (index % 200 === 199) gc()
  }
  await tell({counts})
}

function nameOf({outcome}: Attempt): string {
  if ('read' in outcome) return `read as ${outcome.read}, ${outcome.model}`
  return 'refused' in outcome ? `refused in a sentence when ${outcome.at}` : 'broken'
}

async function runAlone(files: CorpusCase): Promise<void> {
  // Told first: it may be the last that is heard of this process.
  await tell({at: 0})
  gc()
  const result = await attempt(files, {
    alone: true,
    reading: files[0]?.name !== modelName && !files.some(({name}) => name === inputsName)
  })
  await tell({result, failure: failureOf(result)})
}
