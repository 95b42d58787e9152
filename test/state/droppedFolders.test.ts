import {readFileSync} from 'node:fs'
import {expect, it} from 'vitest'
import {filesInFolders, tensorFilesOf} from '@/lib/state/droppedFolders'

interface Tree {
  readonly [name: string]: Tree | string
}

/** Entries as a browser gives them: a hundred at a time, here two. */
function entries(tree: Tree): FileSystemEntry[] {
  return Object.entries(tree).map(([name, inside]) => {
    if (typeof inside === 'string') {
      const file = (found: (file: File) => void) => found(new File([inside], name))
      return {isFile: true, isDirectory: false, name, file} as unknown as FileSystemEntry
    }
    const createReader = () => {
      const left = entries(inside)
      return {readEntries: (found: (some: FileSystemEntry[]) => void) => found(left.splice(0, 2))}
    }
    return {isFile: false, isDirectory: true, name, createReader} as unknown as FileSystemEntry
  })
}

const names = (files: readonly File[]) => files.map(({name}) => name)

it('every file of a dropped folder is found, in the folders inside it too', async () => {
  const tree = {model: {'a.json': '{}', 'b.txt': '', deeper: {'c.pt': '', 'd.pt': ''}, 'e.md': ''}, 'f.npy': ''}
  expect(names(await filesInFolders(entries(tree)))).toEqual(['a.json', 'b.txt', 'c.pt', 'd.pt', 'e.md', 'f.npy'])
})

it('folders without end are not followed', async () => {
  expect(await filesInFolders(entries({top: {'a.pt': '', again: {b: {c: {d: {e: {'far.pt': ''}}}}}}}))).toHaveLength(1)
})

it('of a folder with an index, the index and its shards are opened and nothing else', async () => {
  const folder = new URL('../fixtures/formats/sharded-safetensors/', import.meta.url)
  const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']
  const files = [...shards, 'model.safetensors.index.json'].map(
    (name) => new File([readFileSync(new URL(name, folder))], name)
  )
  const others = ['README.md', 'config.json', 'merges.txt'].map((name) => new File(['{"a": 1}'], name))
  expect(names(await tensorFilesOf([...others, ...files])).sort()).toEqual(
    [...shards, 'model.safetensors.index.json'].sort()
  )
})

it('of a folder without one, the files of tensors; of one without any, the first', async () => {
  const files = ['README.md', 'config.json', 'checkpoint.pth', 'inputs.npz'].map((name) => new File(['x'], name))
  expect(names(await tensorFilesOf(files))).toEqual(['checkpoint.pth', 'inputs.npz'])
  expect(names(await tensorFilesOf(files.slice(0, 2)))).toEqual(['README.md'])
})
