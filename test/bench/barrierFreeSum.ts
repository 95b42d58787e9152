import type {WebGPUBackend, WebGPUProgram} from '@tensorflow/tfjs-backend-webgpu'
import {backend, engine, type Tensor} from '@tensorflow/tfjs-core'

/**
 * Sum over the last axis, which stays with length 1, one thread per output and no barrier. The stock sum takes a
 * workgroup and a tree of barriers for each, which a software adapter pays for dearly.
 */
export function barrierFreeSum(x: Tensor): Tensor {
  const length = x.shape.at(-1)!
  const own = backend() as WebGPUBackend
  const info = own.runWebGPUProgram(program([...x.shape.slice(0, -1), 1], length), [x], 'float32')
  return engine().makeTensorFromTensorInfo(info)
}

function program(outputShape: number[], length: number): WebGPUProgram {
  const outputs = outputShape.reduce((a, b) => a * b, 1)
  const groups = Math.ceil(outputs / 64)
  // No dimension of a dispatch may exceed 65,535.
  const across = Math.min(groups, 65_535)
  return {
    variableNames: ['x'],
    outputShape,
    workgroupSize: [64, 1, 1],
    dispatchLayout: {x: outputShape.map((_, i) => i)},
    dispatch: [across, Math.ceil(groups / across), 1],
    shaderKey: `barrierFreeSum_${length}`,
    size: true,
    getUserCode: () => `
      fn main(index : i32) {
        if (index >= uniforms.size) { return; }
        var sum = 0.0;
        for (var i = 0; i < ${length}; i++) { sum += x[index * ${length} + i]; }
        result[index] = sum;
      }`
  }
}
