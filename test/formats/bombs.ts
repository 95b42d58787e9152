import {deflateRawSync} from 'node:zlib'
import {crc32} from '@/lib/formats/crc32'
import {bytes, little, type Part, zipBytes} from './bytes'

// Files of tens of megabytes that ask for as much memory as they can, made of one small part over and over.

const size = 40e6

function filled(head: Part[], part: Part[], tail: Part[]): Uint8Array {
  const [first, unit, last] = [bytes(...head), bytes(...part), bytes(...tail)]
  const length = first.length + Math.floor(size / unit.length) * unit.length + last.length
  const {buffer} = Buffer.alloc(length, unit)
  const file = new Uint8Array(buffer, 0, length)
  // The parts begin where the head ends.
  file.copyWithin(first.length, 0, length - first.length)
  file.set(first)
  file.set(last, file.length - last.length)
  return file
}

const pickle = (head: Part[], part: Part[], tail: Part[] = []) => filled([0x80, 2, ...head], part, [...tail, '.'])
const safetensors = (head: string, part: string, tail: string) => {
  const file = filled([new Uint8Array(8), head], [part], [tail])
  file.set(little(file.length - 8, 8))
  return file
}
const ggufKey = (key: string, type: number) => bytes(little(key.length, 8), key, little(type, 4))

/** What each is, and the file: made only where it is opened. */
export const bombs: Readonly<Record<string, () => Uint8Array>> = {
  'a pickle of nothing but None': () => pickle(['('], ['N'], ['t']),
  'a pickle of empty tuples': () => pickle(['('], [')'], ['t']),
  'a pickle of empty dictionaries': () => pickle(['('], ['}'], ['t']),
  'a pickle of texts of one letter': () => pickle(['('], ['U', 1, 'a'], ['t']),
  'a pickle of bytes of one byte': () => pickle(['('], ['C', 1, 'a'], ['t']),
  'a pickle of lists of one number': () => pickle(['('], [']K', 1, 'a'], ['t']),
  'a pickle of dictionaries of one pair': () => pickle(['('], ['}K', 1, 'Ns'], ['t']),
  'a pickle of tuples in tuples': () => pickle(['N'], [0x85], []),
  'a pickle of one list that grows': () => pickle([']'], ['Na'], []),
  'a pickle whose memo grows': () => pickle(['N'], [0x94], []),
  'a pickle of tensors that are not read': () =>
    pickle(['(ctorch._utils\n_rebuild_nested_tensor\nq', 0, '0'], ['h', 0, ')R'], ['t']),
  'a pickle of calls of what is not known': () => pickle(['(cos\nsystem\nq', 0, '0'], ['h', 0, ')R'], ['t']),
  'a pickle of dictionaries within what is allowed': () => within(600_000, ['}']),
  'a pickle of tuples within what is allowed': () => within(1_800_000, [')']),
  'a pickle of lists in lists within what is allowed': () => within(400_000, ['])a']),
  'a pickle of memos within what is allowed': () => filledUp(bytes('(N', askedForAgain(1_400_000))),
  'a PyTorch zip of tensors within what is allowed': () => tensorsOnOneStorage(280_000),
  'a pickle of one wide text': () => pickle(['X', little(size - 4, 4), 0xe2, 0x82, 0xac, 'a'], ['a'], []),
  'a safetensors header of empty lists': () => safetensors('{"a":[', '[],', '[]]}'),
  'a safetensors header of numbers': () => safetensors('{"a":[', '1,', '1]}'),
  'a safetensors header of short keys': () => keyed('{', '}', 8),
  'a safetensors header of objects of sixty keys of their own': () => ownKeys(80_000, 60),
  'a safetensors header of objects of three keys within what is allowed': () => ownKeys(80_000, 3),
  'a table in JSON of rows of one number': () => filled(['['], ['[1],'], ['[1]]']),
  'an index of many shards': () => keyed('{"weight_map":{', '}}', 0),
  'a table in CSV of one column': () => filledTo(15e6, '1\n'),
  'a GGUF that lists texts without end': () =>
    filled(
      ['GGUF', little(3, 4), little(0, 8), little(1, 8), ggufKey('a', 9), little(8, 4), little(2 ** 31, 8)],
      [little(0, 8)],
      []
    ),
  'an ONNX of nothing but initialisers': () =>
    filled([8, 8, 0x3a, ...varint(size)], [0x2a, 6, 8, 0, 0x10, 1, 0x4a, 0], []),
  'an ONNX graph of one-byte fields': () => filled([8, 8, 0x12, 1, 'a'], [0x20, 1], [])
}

/** Files of one tensor whose values take more than its bytes. */
export const expansions: Readonly<Record<string, () => Uint8Array>> = {
  'an .npz of an array packed a thousand times over': () => {
    const array = npyZeros(200e6)
    const content = deflateRawSync(array)
    return zipBytes([{name: 'x.npy', content, method: 8, size: array.length, crc: crc32(array)}])
  },
  'a GGUF of blocks of four bits': () => {
    const blocks = 1_000_000
    const slot = bytes(little(1, 8), 'x', little(1, 4), little(32 * blocks, 8), little(2, 4), little(0, 8))
    const head = bytes('GGUF', little(3, 4), little(1, 8), little(0, 8), slot)
    const file = new Uint8Array(Math.ceil(head.length / 32) * 32 + 18 * blocks)
    file.set(head)
    return file
  },
  'safetensors of float8': () => typed('F8_E4M3', 32e6, 1),
  'safetensors of bfloat16': () => typed('BF16', 16e6, 2)
}

function typed(dtype: string, count: number, each: number): Uint8Array {
  const header = `{"x":{"dtype":"${dtype}","shape":[${count}],"data_offsets":[0,${count * each}]}}`
  const file = new Uint8Array(8 + header.length + count * each)
  file.set(bytes(little(header.length, 8), header))
  return file
}

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))]

/** The value on top of a pickle's stack remembered so often, and each memory asked for. */
export function askedForAgain(count: number): Uint8Array {
  const file = Buffer.alloc(7 * count, 0x94)
  for (let i = 0, at = count; i < count; i++, at += 6) {
    file[at] = 0x6a
    file.writeUInt32LE(i, at + 1)
    file[at + 5] = 0x30
  }
  return file
}

// Each of twelve bytes: all that it is made of is recalled.
function tensorsOnOneStorage(count: number): Uint8Array {
  const made = bytes(
    ...['(ctorch._utils\n_rebuild_tensor_v2\nq', 1, '0(X', little(7, 4), 'storagectorch\nFloatStorage\n'],
    ...['X', little(1, 4), '0X', little(3, 4), 'cpuK', 1, 'tQq', 2, '0K', 1, 0x85, 'q', 3, '0']
  )
  const tensor = bytes('h', 1, '(h', 2, 'K', 0, 'h', 3, 'h', 3, 'tR')
  const pickle = filledUp(bytes(made, Buffer.alloc(count * tensor.length, tensor)))
  return zipBytes([
    {name: 'x/data.pkl', content: pickle},
    {name: 'x/data/0', content: new Uint8Array(4)}
  ])
}

const within = (count: number, part: Part[]) => {
  const unit = bytes(...part)
  return filledUp(bytes('(', Buffer.alloc(count * unit.length, unit)))
}

// A pickle that opens a tuple, filled up with bytes that cost what they are.
function filledUp(start: Uint8Array): Uint8Array {
  const file = new Uint8Array(size)
  file.set([0x80, 2])
  file.set(start, 2)
  file.set([0x42, ...little(size - start.length - 9, 4)], start.length + 2)
  file.set([0x74, 0x2e], size - 2)
  return file
}

// Members of objects, each by a key of its own.
function keyed(head: string, tail: string, before: number): Uint8Array {
  const file = Buffer.alloc(size, ' ')
  let at = before + file.write(head, before)
  for (let i = 0; at < size - 100; i++)
    at += file.write(`${i > 0 ? ',' : ''}"${i.toString(36)}":${before > 0 ? '0' : '"s"'}`, at)
  file.write(tail, size - tail.length)
  if (before > 0) file.set(little(size - before, 8))
  return new Uint8Array(file.buffer, file.byteOffset, file.length)
}

// Objects none of whose keys stands in another.
function ownKeys(objects: number, keys: number): Uint8Array {
  const file = Buffer.alloc(size, ' ')
  let at = 8 + file.write('{"a":[', 8)
  for (let i = 0; i < objects && at < size - 20 * keys; i++) {
    const members = Array.from({length: keys}, (_, j) => `"${(i * keys + j).toString(36)}":0`)
    at += file.write(`{${members.join(',')}},`, at)
  }
  file.write('0]}', size - 3)
  file.set(little(size - 8, 8))
  return new Uint8Array(file.buffer, file.byteOffset, file.length)
}

const filledTo = (length: number, text: string) => new Uint8Array(Buffer.alloc(length, text).buffer, 0, length)

const npyHeader = (length: number): Uint8Array => {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${length},), }`
  return bytes('\x93NUMPY', 1, 0, little(text.length, 2), text)
}

function npyZeros(length: number): Uint8Array {
  const header = npyHeader(length)
  const file = new Uint8Array(header.length + length)
  file.set(header)
  return file
}
