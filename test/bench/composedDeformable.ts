import {
  add,
  cast,
  clipByValue,
  depthwiseConv2d,
  floor,
  gather,
  greaterEqual,
  lessEqual,
  logicalAnd,
  matMul,
  mul,
  pad,
  reshape,
  slice,
  softmax,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
  tile,
  transpose
} from '@tensorflow/tfjs-core'
import type {PyramidKernels} from '@/lib/models/deformableForward'

/** What the deformable pyramid's own kernels do, put together from stock functions. */
export const stockKernels: PyramidKernels = {
  sampleGrid(x, points) {
    const [maps, rows, cols, channels] = x.shape
    const [n, groups, count] = points.shape
    const own = channels / groups
    // (maps · groups · cells, channels of a group)
    const cells = reshape(transpose(reshape(x, [maps, rows * cols, groups, own]), [0, 2, 1, 3]), [-1, own])
    const axis = (i: number, size: number) =>
      mul(add(reshape(slice(points, [0, 0, 0, i], [n, groups, count, 1]), [n * groups, count]), 1), (size - 1) / 2)
    const [down, across] = [axis(0, rows), axis(1, cols)]
    const [top, left] = [floor(down), floor(across)]
    const first = Float32Array.from({length: n * groups}, (_, i) => (maps === 1 ? i % groups : i) * rows * cols)
    const base = reshape(tensor1d(first), [n * groups, 1])
    let sum: Tensor | null = null
    for (const i of [0, 1])
      for (const j of [0, 1]) {
        const [row, col] = [add(top, i), add(left, j)]
        const tall = i ? sub(down, top) : sub(1, sub(down, top))
        const wide = j ? sub(across, left) : sub(1, sub(across, left))
        const inside = logicalAnd(
          logicalAnd(greaterEqual(row, 0), lessEqual(row, rows - 1)),
          logicalAnd(greaterEqual(col, 0), lessEqual(col, cols - 1))
        )
        const weight = mul(mul(tall, wide), cast(inside, 'float32'))
        const at = add(base, add(mul(clipByValue(row, 0, rows - 1), cols), clipByValue(col, 0, cols - 1)))
        const read = gather(cells, reshape(cast(at, 'int32'), [n * groups * count]))
        const part = mul(read, reshape(weight, [n * groups * count, 1]))
        sum = sum ? add(sum, part) : part
      }
    return reshape(transpose(reshape(sum!, [n, groups, count, own]), [0, 2, 1, 3]), [n, count, channels]) as Tensor3D
  },
  attend({q, k, v, bias}, heads) {
    const [n, queries, channels] = q.shape
    const own = channels / heads
    const byHead = (x: Tensor3D) => transpose(reshape(x, [n, x.shape[1], heads, own]), [0, 2, 1, 3])
    const keys = k.shape[1]
    let scores: Tensor = mul(matMul(byHead(q), byHead(k), false, true), own ** -0.5)
    if (bias) {
      const turned = transpose(bias, [0, 3, 1, 2])
      const times = n / bias.shape[0]
      scores = reshape(
        add(
          reshape(scores, [times, bias.shape[0], heads * queries * keys]),
          reshape(turned, [1, bias.shape[0], heads * queries * keys])
        ),
        [n, heads, queries, keys]
      )
    }
    const weights = softmax(scores) as Tensor4D
    const seen = reshape(transpose(matMul(weights, byHead(v)), [0, 2, 1, 3]), [n, queries, channels]) as Tensor3D
    return {seen, weights}
  },
  depthwise(x, weight, bias, {stride, padding: [down, across]}) {
    const [tall, wide, own] = weight.shape
    const times = x.shape[3] / own
    const padded: Tensor4D =
      down + across > 0
        ? pad(x, [
            [0, 0],
            [down, down],
            [across, across],
            [0, 0]
          ])
        : x
    const filter = reshape(tile(weight, [1, 1, times]), [tall, wide, own * times, 1]) as Tensor4D
    return add(depthwiseConv2d(padded, filter, stride, 'valid'), tile(bias, [times])) as Tensor4D
  },
  gatherRows: (x, rows) => gather(x, cast(rows, 'int32') as Tensor1D, 1) as Tensor3D
}
