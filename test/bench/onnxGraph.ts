// A writer of the little of onnx.proto that one graph needs (opset 13). Fields by number, as that file gives them.

/** One operator: what it takes and gives by name, and its whole-number attributes. */
export interface OnnxNode {
  readonly op: string
  readonly inputs: readonly string[]
  readonly output: string
  readonly attributes?: Readonly<Record<string, number>>
}

/** A constant of the graph. */
export interface OnnxConstant {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array | BigInt64Array
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[]
  readonly constants: readonly OnnxConstant[]
  readonly input: {readonly name: string; readonly shape: readonly number[]}
  readonly output: {readonly name: string; readonly shape: readonly number[]}
}

const float = 1
const int64 = 7

/** The bytes of an .onnx file. */
export function onnxBytes({nodes, constants, input, output}: OnnxGraph): Uint8Array {
  const graph = [
    ...nodes.map((node) => block(1, nodeBytes(node))),
    text(2, 'graph'),
    ...constants.map((constant) => block(5, constantBytes(constant))),
    block(11, valueBytes(input)),
    block(12, valueBytes(output))
  ]
  const opset = joined([text(1, ''), whole(2, 13)])
  return joined([whole(1, 8), block(7, joined(graph)), block(8, opset)])
}

function nodeBytes({op, inputs, output, attributes = {}}: OnnxNode): Uint8Array {
  const attribute = ([name, value]: [string, number]) =>
    block(5, joined([text(1, name), whole(3, value), whole(20, /* INT */ 2)]))
  return joined([
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, op),
    ...Object.entries(attributes).map(attribute)
  ])
}

function constantBytes({name, shape, values}: OnnxConstant): Uint8Array {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const type = values instanceof Float32Array ? float : int64
  return joined([...shape.map((size) => whole(1, size)), whole(2, type), text(8, name), block(9, raw)])
}

function valueBytes({name, shape}: {readonly name: string; readonly shape: readonly number[]}): Uint8Array {
  const dimensions = joined(shape.map((size) => block(1, whole(1, size))))
  const tensor = joined([whole(1, float), block(2, dimensions)])
  return joined([text(1, name), block(2, block(1, tensor))])
}

const whole = (field: number, value: number) => joined([varint(field << 3), varint(value)])
const text = (field: number, value: string) => block(field, new TextEncoder().encode(value))
const block = (field: number, bytes: Uint8Array) => joined([varint((field << 3) | 2), varint(bytes.length), bytes])

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest > 127 ? (rest % 128) | 128 : rest)
    if (rest <= 127) return Uint8Array.from(bytes)
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
