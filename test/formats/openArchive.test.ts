import {describe, expect, it} from 'vitest'
import {FormatError} from '@/lib/core/errors'
import {openArchive} from '@/lib/formats/openArchive'
import {spelled} from './expectedFile'
import {encoded, expected, fixture} from './fixture'

const files = Object.entries(expected)
const read = files.filter(([, {error}]) => error === undefined)
const refused = files.filter(([, {error}]) => error !== undefined)

describe('a file is read as the library that wrote it reads it', () => {
  it.each(read)('%s', async (name, file) => {
    const archive = await openArchive(fixture(name))
    expect(archive.format).toBe(file.format)
    const order = (names: string[]) => (file.anyOrder ? names.sort() : names)
    expect(order(archive.entries.map((entry) => entry.name))).toEqual(order(file.tensors.map((tensor) => tensor.name)))
    for (const {name, dtype, shape, values} of file.tensors) {
      const tensor = await archive.read(name)
      expect({name, dtype: tensor.dtype, shape: tensor.shape}).toEqual({name, dtype, shape})
      // Equal in every bit that a value shows: -0 is not 0.
      expect(spelled(tensor)).toStrictEqual(values)
    }
  })

  it.each(read)('%s lists each tensor as it is read', async (name) => {
    const archive = await openArchive(fixture(name))
    for (const entry of archive.entries) {
      const {dtype, shape, values} = await archive.read(entry.name)
      expect(entry).toMatchObject({kind: 'tensor', dtype, shape})
      expect(values.length).toBe(shape.reduce((product, length) => product * length, 1))
      const width = dtype === 'f16' || dtype === 'bf16' ? 2 : values.BYTES_PER_ELEMENT
      expect(entry.byteLength).toBe(values.length * width)
    }
  })
})

describe('what stands around the tensors is kept', () => {
  it.each(files.filter(([, {contents}]) => contents !== undefined))('%s', async (name, {contents}) => {
    expect(encoded((await openArchive(fixture(name))).contents)).toStrictEqual(contents)
  })
})

describe('what is left out is named', () => {
  it.each(files.filter(([, {skipped}]) => skipped))('%s', async (name, {skipped}) => {
    const {findings} = await openArchive(fixture(name))
    const texts = findings.filter(({kind}) => kind === 'skipped').map(({text}) => text)
    expect(texts.map((text) => text.split(':')[0])).toEqual(skipped)
  })

  it('with its shape and its element type where the file tells', async () => {
    const {findings} = await openArchive(fixture('odd.pt'))
    expect(findings.map(({text}) => text)).toEqual([
      'per channel: quantised tensor (torch.per_channel_affine) of shape (2, 2), torch.QInt8Storage, left out, since only plain dense tensors are read',
      'f8 of another kind: tensor of shape (2), torch.float8_e4m3fnuz, left out, since only plain dense tensors are read',
      'coo: sparse tensor (torch.sparse_coo) of shape (3, 3) left out, since only plain dense tensors are read',
      'csr: sparse tensor (torch.sparse_csr) of shape (3, 3) left out, since only plain dense tensors are read',
      'complex: tensor of shape (1), torch.ComplexFloatStorage, left out, since only plain dense tensors are read',
      'conjugate: tensor of shape (1), torch.ComplexFloatStorage, left out, since only plain dense tensors are read',
      'negated: negated view of shape (1), f32, left out, since only plain dense tensors are read',
      'meta: tensor without values (meta) of shape (2), torch.float32, left out, since only plain dense tensors are read',
      'nested: nested tensor left out, since only plain dense tensors are read'
    ])
  })
})

describe('nothing a file names is run', () => {
  it.each(files.filter(([, {globals}]) => globals))('%s', async (name, {globals}) => {
    const {findings} = await openArchive(fixture(name))
    const named = findings.filter(({kind}) => kind === 'global').map(({text}) => text.split(':')[0])
    expect(named).toEqual(globals)
  })

  it('and the call is kept as a record', async () => {
    const {contents} = await openArchive(fixture('evil.pkl'))
    expect(contents).toEqual({kind: 'inert', global: 'posix.system', args: ['touch PWNED'], state: null})
  })

  it('and no key of a dictionary reaches an object of ours', async () => {
    await openArchive(fixture('others.pt'))
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('a file we do not read is refused in one sentence', () => {
  it.each(refused)('%s', async (name, {error}) => {
    const failure = await openArchive(fixture(name)).catch((reason: unknown) => reason)
    expect(failure).toBeInstanceOf(FormatError)
    expect((failure as FormatError).message).toBe(error)
  })
})

describe('a name that is not there', () => {
  it('is refused', async () => {
    const archive = await openArchive(fixture('c.npy'))
    await expect(archive.read('weights')).rejects.toThrow('c.npy: no tensor is named weights; it holds 1 others')
  })
})
