import {joinedBytes} from '@/lib/formats/joinedBytes'
import {npzBytes} from '@/lib/formats/npzBytes'
import {safetensorsBytes} from '@/lib/formats/safetensorsBytes'
import {zipBytes} from '@/lib/formats/zipBytes'
import {bytes, little} from './bytes'

// Honest checkpoints of very many tensors, each one number: what they cost to open is their directory.

/** A file as it is written to a disk. */
export interface WrittenFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** The names that a large mixture of experts gives its weights. */
export function expertNames(count: number): string[] {
  const projections = ['gate_proj', 'up_proj', 'down_proj']
  return Array.from({length: count}, (_, i) => {
    const [layer, expert] = [Math.floor(i / 768), Math.floor(i / 3) % 256]
    return `model.layers.${layer}.mlp.experts.${expert}.${projections[i % 3]}.weight`
  })
}

const number = (i: number) => new Uint8Array(Float32Array.of(i).buffer)
const written = (name: string, content: Uint8Array): WrittenFile[] => [{name, bytes: content}]
const safetensors = (names: readonly string[]) =>
  safetensorsBytes(names.map((name, i) => ({name, shape: [1, 1], parts: [Float32Array.of(i)]})))

/** The same tensors in each format, as one file or as several. */
export const manyTensors: Readonly<Record<string, (names: readonly string[]) => readonly WrittenFile[]>> = {
  'PyTorch zip': (names) =>
    written(
      'many.pt',
      zipBytes([
        {name: 'many/data.pkl', parts: [stateDict(names)]},
        {name: 'many/version', parts: [bytes('3\n')]},
        ...names.map((_, i) => ({name: `many/data/${i}`, parts: [number(i)]}))
      ])
    ),
  'PyTorch legacy': (names) => written('many.pt', legacy(names)),
  safetensors: (names) => written('many.safetensors', safetensors(names)),
  'safetensors in 8 files': (names) => {
    const file = (shard: number) => `model-0000${shard + 1}-of-00008.safetensors`
    const owner = names.map((name, i) => [name, file(i % 8)] as const)
    const index = JSON.stringify({metadata: {}, weight_map: Object.fromEntries(owner)}, null, 2)
    return [
      {name: 'model.safetensors.index.json', bytes: bytes(index)},
      ...Array.from({length: 8}, (_, shard) => ({
        name: file(shard),
        bytes: safetensors(names.filter((_, i) => i % 8 === shard))
      }))
    ]
  },
  'NumPy .npz': (names) =>
    written('many.npz', npzBytes(names.map((name, i) => ({name, shape: [1, 1], values: Float32Array.of(i)})))),
  GGUF: (names) => written('many.gguf', gguf(names)),
  ONNX: (names) => written('many.onnx', onnx(names))
}

const word = (value: number) => String.fromCharCode(...little(value, 4))
const text = (value: string) => `X${word(value.length)}${value}`

/** A state dict as torch.save pickles it: all that is made is remembered, and what comes again is recalled. */
function stateDict(names: readonly string[], afterSize = ''): Uint8Array {
  const memo = new Map<string, number>()
  let remembered = 0
  const put = () => {
    const index = remembered++
    return index < 256 ? `q${String.fromCharCode(index)}` : `r${word(index)}`
  }
  const once = (made: string) => {
    const index = memo.get(made)
    if (index !== undefined) return `h${String.fromCharCode(index)}`
    memo.set(made, remembered)
    return made + put()
  }
  const tensors = names.map((name, i) =>
    [
      ...(i % 1000 === 0 ? ['('] : []),
      ...[text(name), put(), once('ctorch._utils\n_rebuild_tensor_v2\n'), '(('],
      ...[once(text('storage')), once('ctorch\nFloatStorage\n'), text(String(i)), put(), once(text('cpu'))],
      ...['K\x01', afterSize, 't', put(), 'QK\0'],
      ...['K\x01K\x01\x86', put(), 'K\x01K\x01\x86', put()],
      ...['\x89', once('ccollections\nOrderedDict\n'), ')R', put(), 't', put(), 'R', put()],
      ...(i % 1000 === 999 || i === names.length - 1 ? ['u'] : [])
    ].join('')
  )
  return bytes('\x80\x02}', tensors.join(''), '.')
}

function legacy(names: readonly string[]): Uint8Array {
  const magic = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.'
  const system = bytes('\x80\x02}X', little(13, 4), 'little_endian\x88s.')
  const keys = names.map((_, i) => bytes('X', little(String(i).length, 4), String(i)))
  const storages = names.map((_, i) => bytes(little(1, 8), number(i)))
  const pickles = [bytes(magic, system), stateDict(names, 'N'), bytes('\x80\x02]('), ...keys, bytes('e.')]
  return joinedBytes([...pickles, ...storages])
}

function gguf(names: readonly string[]): Uint8Array {
  const slots = names.map((name, i) =>
    bytes(little(name.length, 8), name, little(2, 4), little(1, 8), little(1, 8), little(0, 4), little(32 * i, 8))
  )
  const head = joinedBytes([bytes('GGUF', little(3, 4), little(names.length, 8), little(0, 8)), ...slots])
  return bytes(head, new Uint8Array(32 - (head.length % 32) + 32 * names.length))
}

function onnx(names: readonly string[]): Uint8Array {
  const graph = joinedBytes(
    names.map((name, i) => {
      const inside = bytes(8, 1, 8, 1, 0x10, 1, 0x42, name.length, name, 0x4a, 4, number(i))
      return bytes(0x2a, inside.length, inside)
    })
  )
  const length = Array.from({length: 4}, (_, i) => ((graph.length >> (7 * i)) & 127) | (i < 3 ? 128 : 0))
  return bytes(8, 8, 0x12, 1, 't', 0x3a, ...length, graph)
}
