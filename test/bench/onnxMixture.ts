import type {MixtureCase} from './cases'
import {type OnnxNode, onnxBytes} from './onnxGraph'
import {quadraticOf} from './quadratic'

/** The quadratic form as an ONNX model: `x` and `output`, both of the case's shape. */
export function onnxMixture({shape, gaussians}: MixtureCase): Uint8Array {
  const heads = quadraticOf(gaussians)
  const items = shape[3] / heads.length
  const scalar = (name: string, value: number) => ({name, shape: [], values: Float32Array.of(value)})
  const sizes = (name: string, values: readonly number[]) => ({
    name,
    shape: [values.length],
    values: BigInt64Array.from(values, BigInt)
  })
  const perHead = (name: string, of: (head: (typeof heads)[number]) => number) => ({
    name,
    shape: [heads.length, 1],
    values: Float32Array.from(heads, of)
  })
  return onnxBytes({
    input: {name: 'x', shape},
    output: {name: 'output', shape},
    constants: [
      sizes('rows', [shape[0] * shape[1] * shape[2], heads.length, items]),
      sizes('whole', shape),
      sizes('last', [-1]),
      scalar('items', items),
      scalar('free', items - 1),
      scalar('epsilon', 1e-8),
      perHead('square', ({square}) => square),
      perHead('linear', ({linear}) => linear),
      perHead('constant', ({constant}) => constant),
      perHead('logPeak', ({logPeak}) => logPeak)
    ],
    nodes
  })
}

const node = (output: string, op: string, ...inputs: string[]): OnnxNode => ({op, inputs, output})
const sum = (output: string, of: string): OnnxNode => ({
  op: 'ReduceSum',
  inputs: [of, 'last'],
  output,
  attributes: {keepdims: 1}
})

const nodes: readonly OnnxNode[] = [
  node('y', 'Reshape', 'x', 'rows'),
  sum('total', 'y'),
  node('mean', 'Div', 'total', 'items'),
  node('d', 'Sub', 'y', 'mean'),
  node('d2', 'Mul', 'd', 'd'),
  sum('squares', 'd2'),
  node('spreadOut', 'Div', 'squares', 'free'),
  node('variance', 'Add', 'spreadOut', 'epsilon'),
  node('a', 'Div', 'square', 'variance'),
  node('b', 'Div', 'linear', 'variance'),
  node('c0', 'Div', 'constant', 'variance'),
  node('c', 'Sub', 'logPeak', 'c0'),
  node('ad', 'Mul', 'a', 'd'),
  node('slope', 'Sub', 'b', 'ad'),
  node('parabola', 'Mul', 'slope', 'd'),
  node('exponent', 'Add', 'parabola', 'c'),
  node('weights', 'Exp', 'exponent'),
  sum('sum', 'weights'),
  node('divisor', 'Max', 'sum', 'epsilon'),
  node('share', 'Div', 'weights', 'divisor'),
  node('weighted', 'Mul', 'y', 'share'),
  node('output', 'Reshape', 'weighted', 'whole')
]
