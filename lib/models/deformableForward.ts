import {
  add,
  clipByValue,
  conv2d,
  div,
  exp,
  log,
  matMul,
  maximum,
  mean,
  mul,
  neg,
  pad,
  relu,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tile,
  transpose
} from '@tensorflow/tfjs-core'
import {type Grid, paddingOf, roomFor} from './deformableGrids'
import type {BlockPlan, DeformableBlock, NeighbourBlock, PyramidPlan, Step, WindowBlock} from './deformablePlan'
import {gelu, layerNorm, linear} from './encoders/transformerBlock'
import {attend} from './kernels/attend'
import {depthwise} from './kernels/depthwise'
import {gatherRows} from './kernels/gatherRows'
import {sampleGrid} from './kernels/sampleGrid'

/** What a pyramid is computed with beside stock functions. */
export interface PyramidKernels {
  readonly sampleGrid: typeof sampleGrid
  readonly attend: typeof attend
  readonly depthwise: typeof depthwise
  readonly gatherRows: typeof gatherRows
}

export const ourKernels: PyramidKernels = {sampleGrid, attend, depthwise, gatherRows}

/** A tensor by its key, channels last; see `deformableTensors.ts`. */
export type TensorOf = (key: string) => Tensor

export interface Pyramid {
  readonly kernels: PyramidKernels
  readonly plan: PyramidPlan
  readonly grids: readonly Grid[]
  readonly tensor: TensorOf
  readonly has: (key: string) => boolean
  /** How a deformable block knows distances on this grid. */
  readonly bias: (block: DeformableBlock) => DeformableBlock['bias'] | 'fixed'
}

/** What is seen of one block, all by inputs first. */
export interface BlockTrace {
  /**
   * Attention by key, averaged over the queries: deformable (n, heads, points); windows (n · windows, heads, cells);
   * neighbourhoods (n, cells, reach²), averaged over heads.
   */
  readonly mass: Tensor
  /** Mean over heads and queries, bits (n). */
  readonly entropy: Tensor
  /** Where a deformable block samples (n, groups, points, 2). */
  readonly points?: Tensor
  /** Where it would without its input adaptor. */
  readonly bare?: Tensor
  /** Attention of every query (n, heads, queries, points), where asked for. */
  readonly weights?: Tensor
}

const epsilon = 1e-5

/**
 * The pyramid on inputs (n, rows, cols, channels): logits (n, classes) or null, and what each block attends to, in
 * order. Blocks are pre-norm, x + a(norm(x)) and x + m(norm(x)), as LeapLabTHU/DAT, models/dat.py, has them without
 * dropout. Call inside tidy. `asked` keeps the whole attention of one block, and runs no further than there.
 */
export function pyramidForward(
  x: Tensor4D,
  pyramid: Pyramid,
  asked: number | null = null
): {readonly blocks: readonly BlockTrace[]; readonly logits: Tensor | null} {
  const {plan, tensor} = pyramid
  const blocks: BlockTrace[] = []
  let map = x
  for (const [i, step] of plan.stem.entries()) {
    map = convolved(map, step, pyramid)
    map = normed(map, `patch_proj.${i === 0 ? 1 : 4}`, tensor)
    if (i + 1 < plan.stem.length) map = gelu(map)
  }
  for (const [s, stage] of plan.stages.entries()) {
    if (s > 0) map = normed(convolved(map, plan.down[s - 1]!, pyramid), `down_projs.${s - 1}.1`, tensor)
    if (pyramid.has(`stages.${s}.proj.weight`)) map = pointwise(map, `stages.${s}.proj`, tensor)
    for (const [d, block] of stage.blocks.entries()) {
      const {y, trace} = transformed(map, s, d, block, pyramid, blocks.length === asked)
      map = y
      blocks.push(trace)
      if (blocks.length - 1 === asked) return {blocks, logits: null}
    }
  }
  return {blocks, logits: plan.classes === null ? null : classified(map, tensor)}
}

function transformed(map: Tensor4D, s: number, d: number, block: BlockPlan, pyramid: Pyramid, whole: boolean) {
  const {tensor, has} = pyramid
  const at = `stages.${s}`
  const scaled = (y: Tensor4D, j: number): Tensor4D => {
    const key = `${at}.layer_scales.${j}.weight`
    return has(key) ? mul(y, tensor(key)) : y
  }
  const unit = `${at}.local_perception_units.${d}`
  const x: Tensor4D = has(`${unit}.weight`) ? add(map, around(map, unit, pyramid)) : map
  const {seen, trace} = attended(normed(x, `${at}.layer_norms.${2 * d}`, tensor), s, block, pyramid, whole)
  const attentive: Tensor4D = add(x, scaled(seen, 2 * d))
  const inner = mlp(normed(attentive, `${at}.layer_norms.${2 * d + 1}`, tensor), `${at}.mlps.${d}`, block, pyramid)
  return {y: add(attentive, scaled(inner, 2 * d + 1)) as Tensor4D, trace}
}

interface Attended {
  readonly seen: Tensor4D
  readonly trace: BlockTrace
}

function attended(map: Tensor4D, stage: number, block: BlockPlan, pyramid: Pyramid, whole: boolean): Attended {
  if (block.kind === 'deformable') return deformable(map, stage, block, pyramid, whole)
  return block.kind === 'neighbourhood' ? neighbourhood(map, block, pyramid) : windowed(map, block, pyramid)
}

// Deformable attention (LeapLabTHU/DAT, models/dat_blocks.py, DAttentionBaseline)

function deformable(map: Tensor4D, stage: number, block: DeformableBlock, pyramid: Pyramid, whole: boolean): Attended {
  const {tensor, kernels} = pyramid
  const {at, heads} = block
  const x = flat(map)
  const q = projected(x, `${at}.proj_q`, tensor)
  const {points, bare} = positions(mapped(q, map), stage, block, pyramid)
  const sampled = kernels.sampleGrid(map, points)
  const {seen, weights} = kernels.attend(
    {
      q,
      k: projected(sampled, `${at}.proj_k`, tensor),
      v: projected(sampled, `${at}.proj_v`, tensor),
      bias: biased(points, block, pyramid)
    },
    heads
  )
  const located: Tensor3D =
    block.bias === 'convolution' ? add(seen, flat(around(mapped(q, map), `${at}.rpe_table`, pyramid))) : seen
  return {
    seen: mapped(projected(located, `${at}.proj_out`, tensor), map),
    trace: {
      mass: mean(weights, 2),
      entropy: entropyOf(weights, map.shape[0]),
      points,
      ...(bare ? {bare} : {}),
      ...(whole ? {weights} : {})
    }
  }
}

/** Where to look, (n, groups, points, 2), with what the input adaptor adds to the offset network's input and without. */
function positions(q: Tensor4D, stage: number, block: DeformableBlock, {plan, tensor, kernels}: Pyramid) {
  const {at, kernel, groups} = block
  const [n, , , channels] = q.shape
  const reference = tensor(`${at}.reference`) as Tensor4D
  const {stride} = plan.stages[stage]!
  if (!kernel) return {points: tile(reference, [n, 1, 1, 1]), bare: null}
  const moved = (read: Tensor4D): Tensor4D => {
    const padding = paddingOf(kernel, stride, plan.release)
    const strided = kernels.depthwise(
      read,
      tensor(`${at}.conv_offset.0.weight`) as Tensor3D,
      tensor(`${at}.conv_offset.0.bias`) as Tensor1D,
      {stride, padding}
    )
    const [, rows, cols] = strided.shape
    const grouped = gelu(
      normed(reshape(strided, [n, rows * cols, groups, channels / groups]), `${at}.conv_offset.1`, tensor)
    )
    const raw = matMul(
      reshape(grouped, [n * rows * cols * groups, channels / groups]),
      tensor(`${at}.conv_offset.3.weight`) as Tensor2D,
      false,
      true
    )
    const offsets = transpose(reshape(raw, [n, rows * cols, groups, 2]), [0, 2, 1, 3])
    return bounded(offsets, reference, tensor(`${at}.reach`), block, plan)
  }
  if (!block.adapted) return {points: moved(q), bare: null}
  return {points: moved(add(q, tensor(`${at}.input_adaptor`))), bare: moved(q)}
}

// A free offset is bounded by where it leads instead: to the map's edges in 2023, by another tanh in 2022.
function bounded(
  offsets: Tensor,
  reference: Tensor,
  reach: Tensor,
  {ranged}: DeformableBlock,
  {release, offsetRange}: PyramidPlan
) {
  const free = !ranged && (release === '2023' ? offsetRange < 0 : offsetRange <= 0)
  const points = add(reference, free ? offsets : mul(tanh(offsets), reach)) as Tensor4D
  if (ranged || offsetRange >= 0) return points
  return release === '2023' ? (clipByValue(points, -1, 1) as Tensor4D) : tanh(points)
}

/** (m, queries, points, heads), or null. */
function biased(points: Tensor4D, block: DeformableBlock, pyramid: Pyramid): Tensor4D | null {
  const {tensor, kernels} = pyramid
  const {at, heads, groups} = block
  const kind = pyramid.bias(block)
  if (kind === 'none' || kind === 'convolution') return null
  if (kind === 'fixed') return tensor(`${at}.rpe_table`) as Tensor4D
  const [n, , count] = points.shape
  const queries = tensor(`${at}.queries`)
  const many = queries.shape[2]!
  const apart = sub(queries, reshape(points, [n, groups, 1, count, 2]))
  if (kind === 'table') {
    const halved = reshape(mul(apart, 0.5), [n, groups, many * count, 2]) as Tensor4D
    return reshape(kernels.sampleGrid(tensor(`${at}.rpe_table`) as Tensor4D, halved), [n, many, count, heads])
  }
  const far = mul(apart, 4)
  // The sign of a distance times the logarithm of one more than its size, over that of eight.
  const logged = div(sub(log(add(relu(far), 1)), log(add(relu(neg(far)), 1))), 3 * Math.LN2)
  const rows = reshape(logged, [1, n * groups * many * count, 2]) as Tensor3D
  const hidden = relu(linear(rows, tensor(`${at}.rpe_table.0.weight`), tensor(`${at}.rpe_table.0.bias`)))
  const perGroup = matMul(
    reshape(hidden, [rows.shape[1], hidden.shape[2]]),
    tensor(`${at}.rpe_table.2.weight`) as Tensor2D,
    false,
    true
  )
  const byGroup = reshape(perGroup, [n, groups, many * count, heads / groups])
  return reshape(transpose(byGroup, [0, 2, 1, 3]), [n, many, count, heads])
}

// Windows: cells are put into the order of windows, attend among themselves, and are put back.

function windowed(map: Tensor4D, {at, heads}: WindowBlock, {tensor, kernels}: Pyramid): Attended {
  const [n, , , channels] = map.shape
  const bias = tensor(`${at}.bias`) as Tensor4D
  const cells = bias.shape[1]
  const x = kernels.gatherRows(flat(map), tensor(`${at}.order`) as Tensor1D)
  const windows = (x.shape[1] / cells) * n
  const [q, k, v] = thirds(projected(x, `${at}.proj_qkv`, tensor)).map((part) =>
    reshape(part, [windows, cells, channels])
  ) as [Tensor3D, Tensor3D, Tensor3D]
  const {seen, weights} = kernels.attend({q, k, v, bias}, heads)
  const together = projected(reshape(seen, [n, x.shape[1], channels]), `${at}.proj_out`, tensor)
  return {
    seen: mapped(kernels.gatherRows(together, tensor(`${at}.back`) as Tensor1D), map),
    trace: {mass: mean(weights, 2), entropy: entropyOf(weights, n)}
  }
}

// Neighbourhoods: every cell attends to a window of its own. A map smaller than it is padded with zeros, as its authors do.

function neighbourhood(map: Tensor4D, {at, heads, reach}: NeighbourBlock, {tensor, kernels}: Pyramid): Attended {
  const [n, rows, cols, channels] = map.shape
  const [tall, wide] = roomFor([rows, cols], reach)
  const small = tall > rows || wide > cols
  const room: Tensor4D = small
    ? pad(map, [
        [0, 0],
        [0, tall - rows],
        [0, wide - cols],
        [0, 0]
      ])
    : map
  const cells = tall * wide
  const near = tensor(`${at}.cells`) as Tensor1D
  const [q, k, v] = thirds(projected(flat(room), `${at}.qkv`, tensor))
  const around = (part: Tensor3D): Tensor3D =>
    reshape(kernels.gatherRows(part, near), [n * cells, reach * reach, channels])
  const {seen, weights} = kernels.attend(
    {q: reshape(q, [n * cells, 1, channels]), k: around(k), v: around(v), bias: tensor(`${at}.bias`) as Tensor4D},
    heads
  )
  const out: Tensor4D = reshape(projected(reshape(seen, [n, cells, channels]), `${at}.proj`, tensor), [
    n,
    tall,
    wide,
    channels
  ])
  return {
    seen: small ? slice(out, [0, 0, 0, 0], [n, rows, cols, channels]) : out,
    trace: {mass: reshape(mean(weights, 1), [n, cells, reach * reach]), entropy: entropyOf(weights, n)}
  }
}

// MLPs: plain, or with a 3 × 3 convolution of each channel inside, which in 2023 is added to what goes in.

function mlp(map: Tensor4D, at: string, block: BlockPlan, pyramid: Pyramid): Tensor4D {
  const {plan, tensor, has} = pyramid
  if (block.mlp === 'plain') {
    const hidden = gelu(projected(flat(map), `${at}.chunk.linear1`, tensor))
    return mapped(projected(hidden, `${at}.chunk.linear2`, tensor), map)
  }
  const inner = has(`${at}.linear1.0.weight`) ? '.0' : ''
  const wide = pointwise(map, `${at}.linear1${inner}`, tensor)
  const spread = around(wide, `${at}.dwc`, pyramid)
  const hidden: Tensor4D = plan.release === '2023' ? add(wide, spread) : spread
  return pointwise(gelu(hidden), `${at}.linear2${inner}`, tensor)
}

// Pieces

const flat = (map: Tensor4D): Tensor3D => reshape(map, [map.shape[0], map.shape[1] * map.shape[2], map.shape[3]])

const mapped = (x: Tensor3D, like: Tensor4D): Tensor4D =>
  reshape(x, [like.shape[0], like.shape[1], like.shape[2], x.shape[2]])

const normed = (x: Tensor4D, at: string, tensor: TensorOf): Tensor4D =>
  layerNorm(x, tensor(`${at}.norm.weight`), tensor(`${at}.norm.bias`), epsilon)

const projected = (x: Tensor3D, at: string, tensor: TensorOf): Tensor3D =>
  linear(x, tensor(`${at}.weight`), tensor(`${at}.bias`))

const pointwise = (map: Tensor4D, at: string, tensor: TensorOf): Tensor4D =>
  mapped(projected(flat(map), at, tensor), map)

/** A 3 × 3 convolution of each channel by itself. */
const around = (map: Tensor4D, at: string, {tensor, kernels}: Pyramid): Tensor4D =>
  kernels.depthwise(map, tensor(`${at}.weight`) as Tensor3D, tensor(`${at}.bias`) as Tensor1D, {
    stride: 1,
    padding: [1, 1]
  })

function convolved(map: Tensor4D, {at, stride, padding}: Step, {tensor, has}: Pyramid): Tensor4D {
  // One number for all sides would be taken for a square kernel and one stride.
  const sides: [number, number][] = [0, padding, padding, 0].map((size) => [size, size])
  const y = conv2d(
    map,
    tensor(`${at}.weight`) as Tensor4D,
    [stride[0], stride[1]],
    sides as [[number, number], [number, number], [number, number], [number, number]],
    'NHWC',
    [1, 1],
    'floor'
  )
  return has(`${at}.bias`) ? add(y, tensor(`${at}.bias`)) : y
}

function thirds(x: Tensor3D): [Tensor3D, Tensor3D, Tensor3D] {
  const [n, rows, triple] = x.shape
  const part = (i: number) => slice(x, [0, 0, (i * triple) / 3], [n, rows, triple / 3])
  return [part(0), part(1), part(2)]
}

/** 1 − 2 / (e²ˣ + 1) */
const tanh = <T extends Tensor>(x: T): T => sub(1, div(2, add(exp(mul(x, 2)), 1))) as T

/** −Σ w log₂ w of each query and head, averaged: (n). */
function entropyOf(weights: Tensor4D, n: number): Tensor {
  const [batch, heads, queries] = weights.shape
  const each = sum(mul(weights, log(maximum(weights, 1e-30))), 3)
  return mul(mean(reshape(each, [n, (batch / n) * heads * queries]), 1), -1 / Math.LN2)
}

function classified(map: Tensor4D, tensor: TensorOf): Tensor2D {
  const pooled = mean(normed(map, 'cls_norm', tensor), [1, 2]) as Tensor2D
  return add(matMul(pooled, tensor('cls_head.weight') as Tensor2D, false, true), tensor('cls_head.bias'))
}
