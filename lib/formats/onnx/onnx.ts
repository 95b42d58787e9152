import {FormatError} from '@/lib/core/errors'
import type {FileValue, Finding, TensorArchive, TensorEntry} from '../archive'
import {lazyArchive} from '../lazyArchive'
import type {ByteSource} from '../source'
import {SourceCursor} from '../sourceCursor'
import {entryOf, type StridedTensor} from '../stridedTensor'
import {onnxTensor, textOf} from './onnxTensor'
import {type Field, fieldsOf} from './protobuf'

// ONNX (onnx.proto): ModelProto.graph = 7, GraphProto.initializer = 5, sparse_initializer = 15. Nothing of the graph's
// operations is read.

const mostTensors = 16_384
const facts: ReadonlyMap<number, string> = new Map([
  [2, 'producer_name'],
  [3, 'producer_version'],
  [4, 'domain']
])

interface Listed {
  readonly tensors: Map<TensorEntry, StridedTensor>
  readonly contents: Map<FileValue, FileValue>
  readonly findings: Finding[]
}

/** The initialisers of an ONNX model: its weights. Those kept in other files are named and left out. */
export async function openOnnx(source: ByteSource): Promise<TensorArchive> {
  const cursor = new SourceCursor(source, 'ONNX')
  const listed: Listed = {tensors: new Map(), contents: new Map(), findings: []}
  const metadata = new Map<FileValue, FileValue>()
  let graphs = 0
  for await (const field of fieldsOf(cursor, source.size)) {
    const fact = facts.get(field.number)
    if (fact !== undefined && field.wire === 2) metadata.set(fact, await textOf(cursor, field))
    if (field.number !== 7 || field.wire !== 2) continue
    graphs++
    await readGraph(cursor, source, field, listed)
  }
  if (graphs === 0) throw new FormatError('ONNX: the model has no graph, so it has no weights; a whole model is needed')
  listed.contents.set('__metadata__', metadata)
  return lazyArchive({format: 'ONNX', source, ...listed})
}

async function readGraph(cursor: SourceCursor, source: ByteSource, graph: Field, listed: Listed): Promise<void> {
  const {tensors, contents, findings} = listed
  cursor.position = graph.start
  let sparse = 0
  for await (const field of fieldsOf(cursor, graph.end)) {
    if (field.number === 15) sparse++
    if (field.number !== 5 || field.wire !== 2) continue
    const {name: given, shape, tensor} = await onnxTensor(cursor, source, field)
    const name = given || `initializer.${tensors.size + findings.length}`
    if (tensors.size + findings.length >= mostTensors) {
      throw new FormatError(`ONNX: more than ${mostTensors} initialisers; fewer are read`)
    }
    if (typeof tensor === 'string') {
      const text = `${name}: tensor of shape (${shape.join(', ')}), ${tensor}, left out`
      findings.push({kind: 'skipped', text})
      continue
    }
    if (contents.has(name)) throw new FormatError(`ONNX: two initialisers are named ${name}; the file is damaged`)
    const entry = entryOf(name, tensor)
    tensors.set(entry, tensor)
    contents.set(name, entry)
  }
  if (sparse > 0)
    findings.push({
      kind: 'skipped',
      text: `sparse initialisers: ${sparse} of them, left out, since only dense tensors are read`
    })
}

/** Whether a file starts as ONNX models do: the version of their format, then another field of a model. */
export function isOnnx(head: Uint8Array): boolean {
  const next = new Set([0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72])
  return head.length > 4 && head[0] === 0x08 && head[1]! > 0 && head[1]! < 32 && next.has(head[2]!)
}
