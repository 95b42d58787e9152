import {
  Add,
  BatchMatMul,
  type GradConfig,
  getGradient,
  Identity,
  matMul,
  mul,
  Reshape,
  registerGradient,
  reshape,
  Softmax,
  square,
  sub,
  sum,
  Tanh,
  type Tensor
} from '@tensorflow/tfjs-core'

// The core of TensorFlow.js differentiates by rules that are registered, one for each operation, and brings none of them
// along. These are the ones of the operations that our models differentiate.

/** dy of a sum that was broadcast, summed back to the shape of what was added. */
function summedTo(dy: Tensor, shape: readonly number[]): Tensor {
  const ahead = dy.shape.length - shape.length
  const axes = dy.shape.flatMap((size, axis) => (axis < ahead || (shape[axis - ahead] === 1 && size > 1) ? [axis] : []))
  return reshape(axes.length > 0 ? sum(dy, axes) : dy, [...shape])
}

const rules: readonly GradConfig[] = [
  {
    kernelName: Add,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({a: () => summedTo(only(dy), a!.shape), b: () => summedTo(only(dy), b!.shape)})
  },
  {
    // Of products with nothing transposed, which are the only ones we differentiate.
    kernelName: BatchMatMul,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => ({a: () => matMul(only(dy), b!, false, true), b: () => matMul(a!, only(dy), true, false)})
  },
  {kernelName: Identity, gradFunc: (dy) => ({x: () => only(dy)})},
  {kernelName: Reshape, inputsToSave: ['x'], gradFunc: (dy, [x]) => ({x: () => reshape(only(dy), x!.shape)})},
  {
    kernelName: Softmax,
    outputsToSave: [true],
    gradFunc: (dy, [y], attrs) => {
      const weighted = mul(only(dy), y!)
      return {logits: () => sub(weighted, mul(sum(weighted, [Number(attrs.dim)], true), y!))}
    }
  },
  {kernelName: Tanh, outputsToSave: [true], gradFunc: (dy, [y]) => ({x: () => mul(sub(1, square(y!)), only(dy))})}
]

const only = (dy: Tensor | Tensor[]): Tensor => (Array.isArray(dy) ? dy[0]! : dy)

/** Registers the rules, where the whole package has not brought its own. */
export function registerGradients(): void {
  for (const rule of rules) if (getGradient(rule.kernelName) === undefined) registerGradient(rule)
}
