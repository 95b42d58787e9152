import {describe, expect, it} from 'vitest'
import {fileSet} from '@/lib/formats/fileSet'
import {openArchive} from '@/lib/formats/openArchive'
import {groupFiles} from '@/lib/formats/sharded/groupFiles'
import {type ByteSource, memorySource} from '@/lib/formats/source'
import {bytes, little} from './bytes'
import {counted, fixture} from './fixture'

function safetensors(name: string, tensors: Readonly<Record<string, number>>): ByteSource {
  const slots = Object.keys(tensors).map((key, i) => [key, {dtype: 'U8', shape: [1], data_offsets: [i, i + 1]}])
  const header = JSON.stringify(Object.fromEntries(slots))
  return memorySource(bytes(little(header.length, 8), header, ...Object.values(tensors)), name)
}
const index = (map: Readonly<Record<string, string>>, name = 'x.index.json') =>
  memorySource(bytes(JSON.stringify({metadata: {total_size: 2}, weight_map: map})), name)
const a = () => safetensors('a', {one: 1, both: 2})
const b = () => safetensors('b', {two: 3, both: 4})
const names = (groups: readonly (readonly ByteSource[])[]) => groups.map((group) => group.map(({name}) => name))

describe('shards with their index', () => {
  it('are one archive, each tensor from the shard that the index says', async () => {
    const archive = await openArchive(fileSet([b(), index({one: 'a', two: 'b', both: 'b'}), a()]))
    expect(archive).toMatchObject({format: 'safetensors in 2 files', findings: []})
    expect(archive.source).toMatchObject({
      name: 'x.index.json',
      size: index({one: 'a', two: 'b', both: 'b'}).size + a().size + b().size
    })
    expect(archive.entries.map(({name}) => name)).toEqual(['one', 'two', 'both'])
    expect([...(await archive.read('both')).values]).toEqual([4])
    await expect(archive.read('three')).rejects.toThrow('x.index.json: no tensor is named three; it holds 3 others')
  })

  it('are read in place: only what is asked for, of the shard that holds it', async () => {
    const [first, second] = [counted(a()), counted(b())]
    const archive = await openArchive(fileSet([index({one: 'a', two: 'b', both: 'b'}), first, second]))
    const before = [first.bytes, second.bytes]
    await archive.read('two')
    expect([first.bytes - before[0]!, second.bytes - before[1]!]).toEqual([0, 1])
  })

  it('are refused when some are missing, with their names', async () => {
    await expect(openArchive(fileSet([index({one: 'a', two: 'c'}), a()]))).rejects.toThrow(
      'x.index.json: names 2 files, of which 1 is not here (c); open them together with it'
    )
    await expect(openArchive(index({one: 'a'}))).rejects.toThrow(
      'x.index.json: names 1 file, of which none is here (a); open them together with it'
    )
  })

  it('are looked up among what was given and nowhere else', async () => {
    for (const path of ['../a', '/etc/passwd', 'sub/a', 'https://example.org/a', '__proto__']) {
      await expect(openArchive(fileSet([index({one: path}), a()]))).rejects.toThrow(`of which none is here (${path})`)
    }
  })

  it('are read by pieces, too', async () => {
    const archive = await openArchive(fileSet([index({one: 'a', two: 'b', both: 'b'}), a(), b()]))
    const values: unknown[] = []
    for await (const piece of archive.pieces!('both', [[0, 1]])) values.push(...piece.values)
    expect(values).toEqual([4])
  })

  it('tell once what their pickles name', async () => {
    const {named} = await openArchive(fixture('sharded-torch'))
    const names = named?.map(({name}) => name) ?? []
    expect(names).toContain('torch._utils._rebuild_tensor_v2')
    expect(new Set(names).size).toBe(names.length)
  })

  it('say so when one does not hold what the index promises', async () => {
    const {entries, findings} = await openArchive(fileSet([index({one: 'a', both: 'a', three: 'b'}), a(), b()]))
    expect(entries.map(({name}) => name)).toEqual(['one', 'both', 'two'])
    expect(findings).toEqual([{kind: 'skipped', text: 'three: the index says it is in b, which does not hold it'}])
  })

  it('are named when one is broken', async () => {
    const broken = memorySource(bytes(little(99, 8), '{'), 'b')
    await expect(openArchive(fileSet([index({one: 'a', two: 'b'}), a(), broken]))).rejects.toThrow(
      'b: safetensors: header claims 99 bytes'
    )
  })

  it('cannot be indexes themselves', async () => {
    const inner = index({one: 'inner'}, 'inner')
    await expect(openArchive(fileSet([index({one: 'inner'}), inner]))).rejects.toThrow('of which none is here')
  })
})

describe('numbered shards without an index', () => {
  const part = (i: number, of: number, tensors: Readonly<Record<string, number>>) =>
    safetensors(`m-0000${i}-of-0000${of}.safetensors`, tensors)

  it('are one archive', async () => {
    const {entries} = await openArchive(fileSet([part(2, 2, {y: 1}), part(1, 2, {x: 2})]))
    expect(entries.map(({name}) => name)).toEqual(['x', 'y'])
  })

  it('are refused when one is missing', async () => {
    await expect(openArchive(fileSet([part(1, 3, {x: 1}), part(2, 3, {y: 1})]))).rejects.toThrow(
      '(m-00003-of-00003.safetensors)'
    )
  })

  it('are refused when two hold the same tensor', async () => {
    await expect(openArchive(fileSet([part(1, 2, {x: 1}), part(2, 2, {x: 1})]))).rejects.toThrow(
      'x stands in m-00001-of-00002.safetensors and in m-00002-of-00002.safetensors'
    )
  })
})

describe('files given at once', () => {
  it('are put together where one names the others', async () => {
    const [inputs, table] = [safetensors('inputs', {x: 1}), memorySource(bytes('[[1, 2]]'), 'table.json')]
    const files = [inputs, b(), index({one: 'a', two: 'b'}), table, a()]
    expect(names(await groupFiles(files, (file) => file))).toEqual([
      ['inputs'],
      ['x.index.json', 'a', 'b'],
      ['table.json']
    ])
  })

  it('are put together where they are numbered parts of one', async () => {
    const files = ['m-00001-of-00002.bin', 'n.bin', 'm-00002-of-00002.bin'].map((name) => safetensors(name, {}))
    expect(names(await groupFiles(files, (file) => file))).toEqual([
      ['m-00001-of-00002.bin', 'm-00002-of-00002.bin'],
      ['n.bin']
    ])
  })

  it('stand alone otherwise', async () => {
    expect(names(await groupFiles([a(), b()], (file) => file))).toEqual([['a'], ['b']])
    await expect(openArchive(fileSet([a(), b()]))).rejects.toThrow(
      'a: 2 files that no index joins; an *.index.json or a model.json is needed with them'
    )
  })
})
