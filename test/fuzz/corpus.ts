import {readdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

/** A file as it is handed to the readers: its name and its bytes. */
export interface CorpusFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Files that are opened together; most stand alone. */
export type CorpusCase = readonly CorpusFile[]

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url))
const notes = new Set(['README.md', 'expected.json', 'expected_more.json'])

/** Every fixture of every format: a file alone, and a folder's files together. In an order that does not change. */
export function corpus(): readonly CorpusCase[] {
  return cases(`${fixtures}formats`)
}

/** Cases that the fuzzer once failed on, each a folder of its files. */
export function foundBefore(): ReadonlyMap<string, CorpusCase> {
  const folder = `${fixtures}fuzz-found`
  const names = readdirSync(folder, {withFileTypes: true}).flatMap((item) => (item.isDirectory() ? [item.name] : []))
  return new Map(names.sort().map((name) => [name, filesIn(`${folder}/${name}`)]))
}

function cases(folder: string): CorpusCase[] {
  const items = readdirSync(folder, {withFileTypes: true}).sort((a, b) => (a.name < b.name ? -1 : 1))
  return items
    .filter(({name}) => !notes.has(name))
    .map((item) => (item.isDirectory() ? filesIn(`${folder}/${item.name}`) : [fileAt(folder, item.name)]))
}

export function filesIn(folder: string): CorpusCase {
  return readdirSync(folder)
    .sort()
    .map((name) => fileAt(folder, name))
}

const fileAt = (folder: string, name: string): CorpusFile => ({
  name,
  bytes: new Uint8Array(readFileSync(`${folder}/${name}`))
})
