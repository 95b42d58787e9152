import {beforeAll, describe, expect, it} from 'vitest'
import {explain, type Outcome} from '@/lib/engine/story'
import type {TensorArchive} from '@/lib/formats/archive'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import type {HeadEdit} from '@/lib/models/family'
import {apart, digits, fixture, sources} from './files'

type Explained = Extract<Outcome, {kind: 'explained'}>

async function explained(path: string): Promise<Explained> {
  const [checkpoint] = await sources(path)
  const outcome = await explain({checkpoint: checkpoint!, inputs: [], settings: {}})
  if (outcome.kind !== 'explained') throw new Error(`expected an explanation, got ${outcome.kind}`)
  return outcome
}

const reopened = (bytes: Uint8Array<ArrayBuffer>) => openArchive(memorySource(bytes, 'edited.safetensors'))

const numbers = async (archive: TensorArchive, name: string) => (await archive.read(name)).values as Float32Array

function editOf({explanation}: Explained, head: number): HeadEdit {
  const {offset, spread} = explanation.heads[head]!
  return {head, blockLayer: 0, offset: offset.map((delta) => delta + 0.25), spread: spread.map((c) => c / 2)}
}

beforeAll(async () => {
  await openBackend('wasm')
})

describe('the digits, saved with one head edited', () => {
  it('hold every tensor of the module under its name, and other numbers in that head alone', async () => {
    const run = await explained(digits('checkpoint.pth'))
    const edit = editOf(run, 1)
    const archive = await reopened(await run.editedFile([edit], 'all'))
    const [checkpoint] = await sources(digits('checkpoint.pth'))
    const original = await openArchive(checkpoint!)
    const bound = run.report.detection.family ? run.report.detection.bindings : []
    expect(archive.entries).toHaveLength(bound.length)
    const changed: string[] = []
    for (const {name, shape} of archive.entries) {
      const stored = bound.find((binding) => binding.name.endsWith(name))!
      expect(shape).toEqual(stored.shape)
      if (apart(await numbers(archive, name), await numbers(original, stored.name)) > 0) changed.push(stored.role)
    }
    expect(changed.sort()).toEqual(['head 1 mean offset', 'head 1 scaled variance'])
    const again = await explain({checkpoint: archive.source, inputs: [], settings: {}})
    if (again.kind !== 'explained') throw new Error('the saved file was not recognised')
    expect([...again.explanation.heads[1]!.offset]).toEqual([...edit.offset])
    expect([...again.explanation.heads[1]!.spread]).toEqual([...edit.spread])
  })

  it('make a patch of the edited tensors alone', async () => {
    const run = await explained(digits('checkpoint.pth'))
    const edit = editOf(run, 2)
    const archive = await reopened(await run.editedFile([edit], 'edited'))
    expect(archive.entries.map(({shape}) => shape)).toEqual([
      [1, 64],
      [1, 64]
    ])
    const [first, second] = archive.entries.map(({name}) => name)
    const offset = /offset/.test(first!) ? first! : second!
    expect([...(await numbers(archive, offset))]).toEqual([...edit.offset])
  })

  it('tell how far they have come, and stop when cancelled', async () => {
    const run = await explained(digits('checkpoint.pth'))
    const told: number[] = []
    await run.editedFile([], 'all', {onProgress: ({done, total}) => told.push(done / total)})
    expect(told.length).toBeGreaterThan(0)
    const signal = AbortSignal.abort()
    await expect(run.editedFile([], 'all', {signal})).rejects.toThrow('ancelled')
  })

  it('refuse a head that is not there', async () => {
    const run = await explained(digits('checkpoint.pth'))
    await expect(run.editedFile([{...editOf(run, 1), head: 7}], 'edited')).rejects.toThrow(
      'found no tensor that holds the mean offset of head 8'
    )
  })
})

it('a wrapped state dict is saved without its wrapper, as load_state_dict takes it', async () => {
  const run = await explained(fixture('speech.pth'))
  const archive = await reopened(await run.editedFile([editOf(run, 0)], 'all'))
  const bound = run.report.detection.family ? run.report.detection.bindings : []
  expect(archive.entries.every(({name}) => !name.startsWith('state_dict.'))).toBe(true)
  expect(archive.entries).toHaveLength(bound.length)
})
