import {deflateRawSync} from 'node:zlib'
import {describe, expect, it} from 'vitest'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {failureAlone} from '../fuzz/alone'
import {attempt, failureOf} from '../fuzz/attempt'
import {askedForAgain} from './bombs'
import {bytes, little, type Part, zipBytes} from './bytes'
import {fixtureBytes} from './fixture'

// Files made to do harm. Each is opened under the fuzzer's limits on time and memory, and gives its tensors or a sentence.

const pickle = (...parts: readonly Part[]) => bytes(0x80, 2, ...parts, '.')
const call = (module: string, name: string, argument: string) => [
  `c${module}\n${name}\nX`,
  little(argument.length, 4),
  argument,
  0x85,
  'R'
]
const torch = (content: Uint8Array, more: Parameters<typeof zipBytes>[0] = []) =>
  zipBytes([{name: 'x/data.pkl', content}, ...more])
const text = (value: string): Part[] => ['X', little(value.length, 4), value]
const storage = (key: string, count: number) => [
  '(',
  ...text('storage'),
  'ctorch\nFloatStorage\n',
  ...text(key),
  ...text('cpu'),
  'J',
  little(count, 4),
  'tQ'
]
const tensor = (offset: Part[], shape: Part[], strides: Part[], count = 2) => [
  'ctorch._utils\n_rebuild_tensor_v2\n(',
  ...storage('0', count),
  ...offset,
  ...shape,
  ...strides,
  0x89,
  'ccollections\nOrderedDict\n)RtR'
]
const evil = pickle(...call('os', 'system', 'touch PWNED'))
const int = (value: number): Part[] => ['J', little(value, 4)]
const long = (value: bigint): Part[] => [0x8a, 9, little(BigInt.asUintN(64, value), 8), value < 0n ? 0xff : 0]
const two = [{name: 'x/data/0', content: new Uint8Array(8)}]
const safetensors = (header: string, data = 8) => bytes(little(header.length, 8), header, new Uint8Array(data))
const slot = (shape: string, start: number, end: number) =>
  `{"dtype":"F32","shape":${shape},"data_offsets":[${start},${end}]}`
const npy = (header: string) => bytes('\x93NUMPY', 1, 0, little(header.length, 2), header, new Uint8Array(16))

/** What it gives: names of tensors, or the start of a sentence. */
type Expected = readonly string[] | string

const cases: readonly (readonly [string, Uint8Array, Expected])[] = [
  ['a pickle that calls os.system', evil, []],
  ['a pickle that calls eval', pickle(...call('builtins', 'eval', '1+1')), []],
  [
    'a pickle within a storage within a pickle',
    pickle('ctorch.storage\n_load_from_bytes\nB', little(evil.length, 4), evil, 0x85, 'R'),
    'PyTorch legacy: the first pickle is not the magic number; the file is damaged'
  ],
  [
    'a checkpoint with keys __proto__ and constructor',
    pickle('}', ...text('__proto__'), '}', ...text('polluted'), 0x88, 'ss', ...text('constructor'), 'K', 1, 's'),
    []
  ],
  ['a memo of millions', pickle('N', new Uint8Array(6e6).fill(0x94)), []],
  ['a memo of many that are asked for', pickle('N', askedForAgain(700_000)), 'pickle: its values need more than'],
  ['a memo numbered to the end', pickle('Nr', little(-1, 4), 'j', little(-1, 4)), []],
  [
    'containers deep in each other',
    pickle(']'.repeat(500_000), 'a'.repeat(499_999)),
    'pickle: its values need more than 51 MB'
  ],
  [
    'a huge LONG4',
    pickle(0x8b, little(2 ** 31 - 1, 4), new Uint8Array(1000)),
    'pickle: a value needs 2147483654 bytes'
  ],
  [
    'a LONG4 that is all there',
    pickle(0x8b, little(5e6, 4), new Uint8Array(5e6).fill(1)),
    'pickle: an integer has 5000000 bytes; at most 4096 are read'
  ],
  ['a text longer than the file', pickle('X', little(-1, 4)), 'pickle: a value needs 4294967302 bytes'],
  ['a frame longer than any file', bytes(0x80, 4, 0x95, little(-1, 8), 'N.'), []],
  ['a list that holds itself', pickle(']q', 0, 'h', 0, 'a'), []],
  ['a dictionary that holds itself', pickle('}q', 0, ...text('self'), 'h', 0, 's'), []],
  [
    'lists that double thirty times',
    pickle(']q', 0, ...Array.from({length: 60}, () => bytes('(h\x00h\x00lq\x00'))),
    []
  ],
  [
    'a name given twice in a zip',
    zipBytes([
      {name: 'x/data.pkl', content: pickle('N')},
      {name: 'x/data.pkl', content: pickle('N')}
    ]),
    'zip: x/data.pkl stands in the directory twice'
  ],
  [
    'a name that leads out of a zip',
    zipBytes([{name: '../../data.pkl', content: pickle('N')}]),
    'zip: an entry is named ../../data.pkl; names may not lead out'
  ],
  [
    'a zip bomb that says so',
    zipBytes([{name: 'x/data.pkl', content: deflateRawSync(new Uint8Array(40e6)), method: 8, size: 40e6}]),
    'PyTorch zip: data.pkl unpacks to 40 MB from 39 kB'
  ],
  [
    'a zip bomb that lies',
    zipBytes([{name: 'x.npy', content: deflateRawSync(new Uint8Array(40e6)), method: 8, size: 100}]),
    'zip: x.npy does not inflate'
  ],
  [
    'a zip that claims more than deflate can pack',
    zipBytes([{name: 'x.npy', content: bytes(3, 0), method: 8, size: 1e9}]),
    'zip: x.npy claims 1000000000 bytes from 2'
  ],
  [
    'an entry beyond the end of its zip',
    zipBytes([{name: 'x/data.pkl', content: pickle('N'), offset: 1e9}]),
    'x.pt: bytes 1000000000 to'
  ],
  [
    'a tensor beyond its storage',
    torch(pickle(...tensor(int(1), ['J', little(2, 4), 0x85], ['K', 1, 0x85])), two),
    'PyTorch tensor: shape (2) of f32 reaches byte 12'
  ],
  [
    'a storage larger than its entry',
    torch(pickle(...tensor(int(0), ['K', 1, 0x85], ['K', 1, 0x85], 1e9)), two),
    'PyTorch zip: storage 0 claims 1000000000 elements'
  ],
  [
    'a negative offset',
    torch(pickle(...tensor(int(-1), ['K', 1, 0x85], ['K', 1, 0x85])), two),
    'PyTorch tensor: shape (1) with strides (1) from -1'
  ],
  [
    'a negative axis',
    torch(pickle(...tensor(int(0), [...int(-2), 0x85], ['K', 1, 0x85])), two),
    'PyTorch tensor: shape (-2) has an axis of length -2'
  ],
  [
    'a negative stride',
    torch(pickle(...tensor(int(1), ['K', 2, 0x85], [...int(-1), 0x85])), two),
    'PyTorch tensor: shape (2) with strides (-1)'
  ],
  [
    'a shape whose product overflows',
    torch(pickle(...tensor(int(0), [...long(2n ** 40n), ...long(2n ** 40n), 0x86], ['K', 0, 'K', 0, 0x86])), two),
    'PyTorch tensor: shape (1099511627776,1099511627776) counts more'
  ],
  [
    'a shape past what a number holds',
    torch(pickle(...tensor(int(0), [...long(2n ** 63n), 0x85], ['K', 0, 0x85])), two),
    'pickle: a tensor is made without'
  ],
  [
    'one number repeated to gigabytes',
    torch(pickle('}', ...text('w'), ...tensor(int(0), [...int(2e9), 0x85], ['K', 0, 0x85]), 's'), two),
    'w: 4 bytes repeated to 8 GB'
  ],
  [
    'safetensors that overlap',
    safetensors(`{"a":${slot('[1]', 0, 4)},"b":${slot('[1]', 2, 6)}}`),
    'safetensors: b starts at byte 2'
  ],
  ['safetensors out of range', safetensors(`{"a":${slot('[1]', 8, 12)}}`), 'safetensors: a lies at bytes 8 to 12'],
  ['safetensors of a negative shape', safetensors(`{"a":${slot('[-1]', 0, 4)}}`), 'safetensors: a has no dtype, shape'],
  [
    'safetensors of an overflowing shape',
    safetensors(`{"a":${slot('[4294967296,4294967296]', 0, 4)}}`),
    'safetensors: a: shape (4294967296,4294967296) counts more'
  ],
  ['safetensors named __proto__', safetensors(`{"__proto__":${slot('[1]', 0, 4)}}`), ['__proto__']],
  [
    'a safetensors header of nothing but lists',
    safetensors(`{"a":[${'[],'.repeat(2e6)}[]]}`),
    'safetensors: its values need about'
  ],
  [
    'an npy header that lies about its array',
    npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000,), }"),
    'npy: shape (1000000000) of f32 claims 4 GB'
  ],
  [
    'an npy header that lies about its length',
    bytes('\x93NUMPY', 2, 0, little(-1, 4), "{'descr'"),
    'npy: the header claims'
  ],
  [
    'an npy header of a negative shape',
    npy("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }"),
    'npy: the header gives the shape (-1,)'
  ],
  [
    'an npy header of Python objects',
    npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"),
    'npy: an array of Python objects'
  ],
  [
    'a GGUF of more tensors than bytes',
    bytes('GGUF', little(3, 4), little(-1, 8), little(0, 8)),
    'GGUF: claims 18446744073709552000 tensors'
  ],
  [
    'a GGUF of an overflowing shape',
    bytes(
      'GGUF',
      little(3, 4),
      little(1, 8),
      little(0, 8),
      little(1, 8),
      'a',
      little(2, 4),
      little(2 ** 40, 8),
      little(2 ** 40, 8),
      little(0, 4),
      little(0, 8)
    ),
    'GGUF: a: shape (1099511627776,1099511627776) counts more'
  ],
  [
    'a GGUF whose list has no end',
    bytes(
      'GGUF',
      little(3, 4),
      little(0, 8),
      little(1, 8),
      little(1, 8),
      'a',
      little(9, 4),
      little(4, 4),
      little(-1, 8)
    ),
    'GGUF: 73786976294838210000 bytes at byte'
  ],
  [
    'an ONNX field without end',
    bytes(8, 8, 0x12, 0x01, 't', 0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f),
    'ONNX: found a field of 34359738367 bytes'
  ],
  [
    'an ONNX tensor of a negative shape',
    bytes(8, 8, 0x3a, 17, 0x2a, 15, 8, ...new Array(9).fill(0xff), 1, 0x10, 1, 0x4a, 0),
    'ONNX: : shape (-1) has an axis of length -1'
  ]
]

describe('a file made to do harm is read as data or refused in a sentence, soon and cheaply', () => {
  it.each(cases)('%s', async (_, content, expected) => {
    const result = await attempt([{name: 'x.pt', bytes: content}])
    // Litter counts here, so what is over the limit is measured again alone.
    if (failureOf(result) !== null) expect(await failureAlone(content)).toBeNull()
    if (typeof expected === 'string') {
      const said = 'refused' in result.outcome ? result.outcome.refused : JSON.stringify(result.outcome)
      return expect(said.slice(0, expected.length)).toBe(expected)
    }
    const {entries} = await openArchive(memorySource(content, 'x.pt'))
    expect(entries.map(({name}) => name)).toEqual(expected)
  })

  it('and nothing it names reaches an object of ours', async () => {
    for (const [, content] of cases) await openArchive(memorySource(content, 'x.pt')).catch(() => {})
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  })

  it('and an array of objects among arrays is left out with its reason', async () => {
    const [numbers, objects] = ['c.npy', 'objects.npy'].map(fixtureBytes) as [Uint8Array, Uint8Array]
    const archive = await openArchive(
      memorySource(
        zipBytes([
          {name: 'numbers.npy', content: numbers},
          {name: 'objects.npy', content: objects}
        ]),
        'x.npz'
      )
    )
    expect(archive.entries.map(({name}) => name)).toEqual(['numbers'])
    expect(archive.findings.map(({text}) => text)).toEqual([
      'objects: an array of Python objects (|O), shape (1); left out, since only plain numbers and booleans are read'
    ])
  })
})
