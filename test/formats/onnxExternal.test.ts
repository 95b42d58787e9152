import {describe, expect, it} from 'vitest'
import {fileSet} from '@/lib/formats/fileSet'
import {openArchive} from '@/lib/formats/openArchive'
import {groupFiles, namedBy} from '@/lib/formats/sharded/groupFiles'
import {type ByteSource, memorySource} from '@/lib/formats/source'
import {bytes, type Part} from './bytes'
import {counted} from './fixture'

// onnx.proto: a field is its number and wire type, then its value, or its length and bytes.
const number = (field: number, value: number) => bytes(field * 8, value)
const message = (field: number, ...parts: Part[]) => {
  const inner = bytes(...parts)
  return bytes(field * 8 + 2, inner.length, inner)
}
const said = (facts: Readonly<Record<string, string>>) =>
  Object.entries(facts).map(([key, value]) => message(13, message(1, key), message(2, value)))

/** An f32 initialiser of three numbers that lies where `facts` say. */
const outside = (name: string, facts: Readonly<Record<string, string>>) =>
  message(5, number(1, 3), number(2, 1), message(8, name), ...said(facts), number(14, 1))

const model = (...initializers: Uint8Array[]): ByteSource =>
  memorySource(bytes(number(1, 8), message(7, ...initializers)), 'model.onnx')

const values = Float32Array.of(9, 1.5, -2, 4)
const data = (name = 'model.onnx.data') => memorySource(new Uint8Array(values.buffer), name)
const weight = outside('w', {location: './model.onnx.data', offset: '4', length: '12'})

describe('an ONNX model whose weights lie in another file', () => {
  it('is read together with it, in place', async () => {
    const file = counted(data())
    const archive = await openArchive(fileSet([file, model(weight)]))
    expect(archive).toMatchObject({format: 'ONNX', findings: [], source: {name: 'model.onnx'}})
    const before = file.bytes
    expect([...(await archive.read('w')).values]).toEqual([1.5, -2, 4])
    expect(file.bytes - before).toBe(12)
  })

  it('names the file, so that both are put together wherever they are found', async () => {
    expect(await namedBy(model(weight))).toEqual(['model.onnx.data'])
    const [own, other] = [model(weight), memorySource(bytes('1,2'), 'x.csv')]
    const groups = await groupFiles([other, data(), own], (file) => file)
    expect(groups.map((group) => group.map(({name}) => name))).toEqual([['x.csv'], ['model.onnx', 'model.onnx.data']])
  })

  it('says where they lie when that file is not here', async () => {
    const {findings} = await openArchive(model(weight))
    expect(findings.map(({text}) => text)).toEqual([
      'w: tensor of shape (3), kept in model.onnx.data, outside this file, left out'
    ])
  })

  it.each(['../weights', '/etc/passwd', 'sub/weights', '..', 'c:\\weights'])('never looks for %s', async (location) => {
    const leading = model(outside('w', {location}))
    expect(await namedBy(leading)).toBeNull()
    const {findings} = await openArchive(leading)
    expect(findings[0]!.text).toContain(`kept in ${location}`)
  })

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['beyond its end', {offset: '8'}, 'w needs 12 bytes at 8 of model.onnx.data, which has 16'],
    ['at no whole place', {offset: '-4'}, 'w needs 12 bytes at -4'],
    ['of another length', {offset: '0', length: '16'}, 'and says 16; the files do not belong together']
  ])('is refused when they lie %s', async (_, facts, sentence) => {
    const broken = model(outside('w', {location: 'model.onnx.data', ...facts}))
    await expect(openArchive(fileSet([broken, data()]))).rejects.toThrow(sentence)
  })
})
