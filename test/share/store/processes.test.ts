import {execFile} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {afterAll, beforeAll, expect, it} from 'vitest'
import {hashToken} from '@/lib/share/store/deleteToken'
import {openStore} from '@/lib/share/store/openStore'
import {bundled} from './killWriters'
import {startPostgres} from './postgres'

const folder = mkdtempSync(join(tmpdir(), 'dl-processes-'))
const postgres = await startPostgres()
let putter: Awaited<ReturnType<typeof bundled>>

beforeAll(async () => {
  putter = await bundled('putter.ts')
})
afterAll(async () => {
  putter.remove()
  await postgres?.stop()
  rmSync(folder, {recursive: true, force: true})
})

const run = promisify(execFile)
const names = ['first', 'second', 'third', 'fourth']

/** Four processes put the same forty contents at the same time. */
async function expectOne(place: string) {
  const env = {...process.env, DENSITY_LENS_STORE: place}
  const start = String(Date.now() + 1500)
  const outputs = await Promise.all(names.map((name) => run(process.execPath, [putter.path, name, start], {env})))
  const created = outputs.map(({stdout}) => JSON.parse(stdout) as number[])
  expect(created.flat().sort((a, b) => a - b)).toEqual(Array.from({length: 40}, (_, i) => i))
  // What the creator was promised is what is kept.
  const store = await openStore({DENSITY_LENS_STORE: place})
  const {entries} = await store.list(null)
  const keeps = await Promise.all(entries.map(({id}) => store.get(id)))
  const held = names.map((name) => keeps.filter((f) => typeof f !== 'string' && f.keep.tokenHash === hashToken(name)))
  expect(held.map(({length}) => length)).toEqual(created.map(({length}) => length))
  await store.close()
}

it('four processes over one folder of files behave as one', () => expectOne(`file:${folder}`))

it.skipIf(!postgres)('four processes over one PostgreSQL behave as one, on an empty database, too', () =>
  expectOne(postgres!.address)
)
