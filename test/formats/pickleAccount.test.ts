import {readFileSync} from 'node:fs'
import {expect, it} from 'vitest'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'

const open = (text: string) => openArchive(memorySource(new TextEncoder().encode(text), 'x.pkl'))

it('what an ordinary unpickler would have run is told with its arguments, and left alone', async () => {
  const {named} = await open("cposix\nsystem\n(S'echo hello'\ntR.")
  expect(named).toEqual([
    {name: 'posix.system', standing: 'inert', calls: ['posix.system("echo hello")'], callCount: 1}
  ])
})

it('names that are read come after those left inert, and say so', async () => {
  const {named} = await open('(lp0\nccollections\nOrderedDict\n(tRacargparse\nNamespace\na.')
  expect(named).toEqual([
    {name: 'argparse.Namespace', standing: 'inert', calls: [], callCount: 0},
    {name: 'collections.OrderedDict', standing: 'read', calls: [], callCount: 0}
  ])
})

it('a call repeated without end is counted, and only its first few are kept', async () => {
  const {named} = await open(`(l${"cos\nsystem\n(S'x'\ntRa".repeat(50)}.`)
  expect(named).toMatchObject([{name: 'os.system', callCount: 50}])
  expect(named![0]!.calls).toHaveLength(5)
})

it('arguments of any length are cut short', async () => {
  const {named} = await open(`cbuiltins\neval\n(S'${'a'.repeat(100_000)}'\ntR.`)
  expect(named![0]!.calls[0]!.length).toBeLessThan(400)
})

it('a file without a pickle has no account', async () => {
  const archive = await openArchive(memorySource(readFileSync('test/fixtures/formats/f16.npy'), 'f16.npy'))
  expect(archive.named).toBeUndefined()
})
