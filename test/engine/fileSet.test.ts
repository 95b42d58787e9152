import {readFileSync} from 'node:fs'
import {expect, it} from 'vitest'
import {inspect} from '@/lib/engine/fileReport'
import {sourceOf} from '@/lib/engine/openable'
import {openablesOf} from '@/lib/state/openablesOf'

const folder = new URL('../fixtures/formats/sharded-safetensors/', import.meta.url)
const file = (name: string) => new File([readFileSync(new URL(name, folder))], name)
const parts = ['model-00002-of-00002.safetensors', 'model.safetensors.index.json', 'model-00001-of-00002.safetensors']

it('files dropped together are opened as the one checkpoint they are parts of', async () => {
  const stranger = new File(['[[1, 2]]'], 'table.json')
  const openables = await openablesOf([...parts.map(file), stranger])
  expect(openables.map(({kind}) => kind)).toEqual(['set', 'file'])
  const report = await inspect(await sourceOf(openables[0]!))
  expect(report).toMatchObject({name: 'model.safetensors.index.json', format: 'safetensors in 2 files'})
  expect(report.entries.map(({name}) => name).sort()).toEqual(['a.bias', 'a.weight', 'b.steps', 'b.weight'])
})

it('an index dropped alone says which files it needs', async () => {
  const [openable] = await openablesOf([file(parts[1]!)])
  await expect(sourceOf(openable!).then((source) => inspect(source))).rejects.toThrow(
    'model.safetensors.index.json: names 2 files, of which none is here (model-00001-of-00002.safetensors, model-00002-of-00002.safetensors); open them together with it'
  )
})
