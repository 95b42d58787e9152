import type {Tensor, Tensor1D, Tensor3D} from '@tensorflow/tfjs-core'
import {dispatch, type Program} from './dispatch'
import {defineKernel} from './kernel'

const workgroup = 64

const kernel = defineKernel<'x' | 'rows', object>({
  name: 'GatherRows',
  inputs: ['x', 'rows'],
  shapes: ({x: [n = 0, , width = 0], rows: [count = 0]}) => [[n, count, width]],
  onArrays: ({x, rows}, [y], _, {x: [n = 0, own = 0, width = 0], rows: [count = 0]}) => {
    for (let sample = 0; sample < n; sample++)
      for (let i = 0; i < count; i++) {
        const from = (sample * own + rows[i]!) * width
        y!.set(x.subarray(from, from + width), (sample * count + i) * width)
      }
  },
  onDevice: (backend, {x, rows}, [y]) => {
    const [n = 0, own = 0, width = 0] = x.shape
    const [count = 0] = rows.shape
    const packed = width % 4 === 0
    const element = packed ? 'vec4<f32>' : 'f32'
    const program: Program = {
      key: `gather rows ${element}`,
      workgroup,
      bindings: [
        {name: 'x', element},
        {name: 'rows', element: 'f32'},
        {name: 'y', element, writes: true}
      ],
      uniforms: ['threads', 'own', 'count', 'width'],
      code: () => `
fn run(group: u32, lane: u32) {
  let index = group * ${workgroup}u + lane;
  if (index >= u.threads) { return; }
  let at = index / u.width;
  let row = at / u.count * u.own + u32(rows[at % u.count]);
  y[index] = x[row * u.width + index % u.width];
}`
    }
    const by = packed ? 4 : 1
    const threads = (n * count * width) / by
    if (threads === 0) return
    const uniforms = {threads, own, count, width: width / by}
    dispatch(backend, [{program, buffers: [x, rows, y!], uniforms, workgroups: Math.ceil(threads / workgroup)}])
  }
})

/** Row rows[i] of each x (n, rows, width), as (n, count, width). `rows` are whole numbers below 2²⁴, in any order. */
export function gatherRows(x: Tensor3D, rows: Tensor1D): Tensor3D {
  const [y] = kernel({x, rows}, {})
  return y as Tensor as Tensor3D
}
