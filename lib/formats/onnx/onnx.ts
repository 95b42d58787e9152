import {FormatError} from '@/lib/core/errors'
import type {FileValue, Finding, TensorArchive, TensorEntry} from '../archive'
import {lazyArchive} from '../lazyArchive'
import type {ByteSource} from '../source'
import {SourceCursor} from '../sourceCursor'
import {entryOf, type StridedTensor} from '../stridedTensor'
import {type Beside, onnxTensor, textOf} from './onnxTensor'
import {type Field, fieldsOf} from './protobuf'

// ONNX (onnx.proto): ModelProto.graph = 7, GraphProto.initializer = 5, sparse_initializer = 15. Nothing of the graph's
// operations is read.

const mostTensors = 65_536
const facts: ReadonlyMap<number, string> = new Map([
  [2, 'producer_name'],
  [3, 'producer_version'],
  [4, 'domain']
])

interface Listed {
  readonly tensors: Map<TensorEntry, StridedTensor>
  readonly contents: Map<FileValue, FileValue>
  readonly findings: Finding[]
  /** Other files that hold values. */
  readonly locations: Set<string>
}

/**
 * The initialisers of an ONNX model: its weights. Those kept in other files are read from `given`, which came with it;
 * where that is not there, they are named and left out. `whole` is what the archive is said to be made from.
 */
export async function openOnnx(
  source: ByteSource,
  given: readonly ByteSource[] = [],
  whole: ByteSource = source
): Promise<TensorArchive> {
  const byName = new Map(given.map((file) => [file.name, file]))
  const listed = await listedIn(source, (location) => byName.get(location))
  return lazyArchive({format: 'ONNX', source: whole, ...listed})
}

/** The files that an ONNX model keeps weights in, by plain names: one that leads elsewhere is never looked for. */
export async function onnxFiles(source: ByteSource): Promise<readonly string[]> {
  const {locations} = await listedIn(source, () => undefined)
  return [...locations].filter((name) => name !== '' && name !== '..' && !/[/\\]/.test(name))
}

async function listedIn(source: ByteSource, beside: Beside): Promise<Listed> {
  const cursor = new SourceCursor(source, 'ONNX')
  const listed: Listed = {tensors: new Map(), contents: new Map(), findings: [], locations: new Set()}
  const metadata = new Map<FileValue, FileValue>()
  let graphs = 0
  for await (const field of fieldsOf(cursor, source.size)) {
    const fact = facts.get(field.number)
    if (fact !== undefined && field.wire === 2) metadata.set(fact, await textOf(cursor, field))
    if (field.number !== 7 || field.wire !== 2) continue
    graphs++
    await readGraph(cursor, source, field, listed, beside)
  }
  if (graphs === 0) throw new FormatError('ONNX: the model has no graph, so it has no weights; a whole model is needed')
  listed.contents.set('__metadata__', metadata)
  return listed
}

async function readGraph(
  cursor: SourceCursor,
  source: ByteSource,
  graph: Field,
  listed: Listed,
  beside: Beside
): Promise<void> {
  const {tensors, contents, findings, locations} = listed
  cursor.position = graph.start
  let sparse = 0
  for await (const field of fieldsOf(cursor, graph.end)) {
    if (field.number === 15) sparse++
    if (field.number !== 5 || field.wire !== 2) continue
    const {name: given, shape, tensor, external} = await onnxTensor(cursor, source, field, beside)
    if (external) locations.add(external.location)
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
