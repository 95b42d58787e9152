import {beforeAll, expect, it} from 'vitest'
import {explain} from '@/lib/engine/story'
import {decodeExplanation, encodeExplanation} from '@/lib/explain/json'
import {npzBytes} from '@/lib/formats/npzBytes'
import {openArchive} from '@/lib/formats/openArchive'
import {safetensorsBytes} from '@/lib/formats/safetensorsBytes'
import {type ByteSource, memorySource} from '@/lib/formats/source'
import {openBackend} from '@/lib/models/backend'
import {detect} from '@/lib/models/detect'
import type {Settings} from '@/lib/models/family'
import {decodeRecord, encodeRecord, wholePlan} from '@/lib/share/record'
import {type Packed, unpack} from '../models/fixtures'
import {stackedFixtures} from '../models/stackedLatent.cases'
import {digits, sources} from './files'

beforeAll(() => void openBackend('cpu'))

/** The digits' parameters under names that say nothing, and which of them fills which role. */
async function renamed(): Promise<{file: ByteSource; bindings: Record<string, string>}> {
  const [checkpoint] = await sources(digits('checkpoint.pth'))
  const archive = await openArchive(checkpoint!)
  const found = detect(archive)
  if (found.family === null) throw new Error('the digits are not recognised')
  const tensors = await Promise.all(
    found.bindings.map(async ({name, shape}, i) => {
      const {values} = await archive.read(name)
      return {name: `t${i}`, shape, parts: [Float32Array.from(values as Float32Array)]}
    })
  )
  const bindings = Object.fromEntries(found.bindings.map(({role}, i) => [role, `t${i}`]))
  return {file: memorySource(safetensorsBytes(tensors), 'renamed.safetensors'), bindings}
}

async function explained(checkpoint: ByteSource, settings: Settings) {
  const inputs = await sources(digits('inputs.npz'))
  const outcome = await explain({checkpoint, inputs, settings})
  if (outcome.kind !== 'explained') throw new Error(`expected an explanation, got ${outcome.kind}`)
  outcome.dispose()
  return outcome.explanation
}

it('a checkpoint whose names say nothing gives the numbers of the recognised one, once its tensors are bound', async () => {
  const {file, bindings} = await renamed()
  expect(await explain({checkpoint: file, inputs: [], settings: {}})).toMatchObject({kind: 'unrecognised'})
  const [known] = await sources(digits('checkpoint.pth'))
  const own = await explained(known!, {})
  const bound = await explained(file, {bindings, heads: own.model.heads})
  expect([...bound.density!.values]).toEqual([...own.density!.values])
  expect(bound.layers).toEqual(own.layers)
  expect(bound.samples.map(({logits}) => logits)).toEqual(own.samples.map(({logits}) => logits))
})

it('the binding goes with the explanation, as JSON and as a record, and is enough to explain the file again', async () => {
  const {file, bindings} = await renamed()
  const bound = await explained(file, {bindings, heads: 4})
  const json = decodeExplanation(encodeExplanation(bound))
  const record = await decodeRecord(await encodeRecord({explanation: bound, view: null, plan: wholePlan}))
  for (const {settings} of [json.model, record.explanation.model]) {
    expect(settings.bindings).toEqual(bindings)
    const again = await explained(file, settings)
    expect([...again.density!.values]).toEqual([...bound.density!.values])
  }
})

it('a stack whose names say nothing gives the numbers of the recognised one, and is explained again by what it was bound with', async () => {
  const fixture = stackedFixtures.find(({name, beside}) => /latent/.test(name) && 'words' in beside)!
  const given = {regions: fixture.input, ...fixture.beside} as Readonly<Record<string, Packed>>
  const npz = (name: string, arrays: Readonly<Record<string, Packed>>) =>
    memorySource(
      npzBytes(
        Object.entries(arrays).map(([key, {shape, ...own}]) => ({name: key, shape, values: unpack({shape, ...own})}))
      ),
      name
    )
  const known = npz('known.npz', fixture.parameters)
  const found = detect(await openArchive(known))
  if (found.family === null) throw new Error('the stack is not recognised')
  const strange = Object.fromEntries(found.bindings.map(({name}, i) => [`t${i}`, fixture.parameters[name]!]))
  const bindings = Object.fromEntries(found.bindings.map(({role}, i) => [role, `t${i}`]))
  const file = npz('strange.npz', strange)
  expect(await explain({checkpoint: file, inputs: [], settings: {}})).toMatchObject({kind: 'unrecognised'})
  const inputs = [npz('inputs.npz', given)]
  const of = async (checkpoint: ByteSource, settings: Settings) => {
    const outcome = await explain({checkpoint, inputs, settings})
    if (outcome.kind !== 'explained') throw new Error(`expected an explanation, got ${outcome.kind}`)
    outcome.dispose()
    return outcome.explanation
  }
  const own = await of(known, {})
  const bound = await of(file, {bindings})
  expect(bound.model).toMatchObject({family: 'stacked-latent', title: own.model.title})
  expect([...bound.density!.values]).toEqual([...own.density!.values])
  expect(bound.measures).toEqual(own.measures)
  const record = await decodeRecord(await encodeRecord({explanation: bound, view: null, plan: wholePlan}))
  for (const {settings} of [decodeExplanation(encodeExplanation(bound)).model, record.explanation.model]) {
    expect(settings).toMatchObject({bindings, family: 'stacked-latent', heads: found.layers})
    expect([...(await of(file, settings)).density!.values]).toEqual([...own.density!.values])
  }
})
