import {
  add,
  div,
  exp,
  matMul,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  transpose
} from '@tensorflow/tfjs-core'
import type {TensorArchive} from '@/lib/formats/archive'
import type {Detection} from './family'
import {type GroupedQueryLinear, groupedRole} from './findGroupedQuery'
import {maxAlong, sumAlong} from './reduceAlong'
import {toFloat32} from './shape'

// The grouped-query attention of the published GQDAAM scripts (DAAM-PEFT-paper-code), over the layers of one input. Two
// things in it are unlike the usual: queries are divided by √d and their products by √d again, and the products of the
// query heads that share a key head are summed before the softmax, so there is one map per key head and not per query
// head.

/** Its numbers, laid out for TensorFlow.js. */
export interface GroupedQueryWeights {
  readonly queryHeads: number
  readonly keyHeads: number
  /** Numbers per layer. */
  readonly embed: number
  upload(): GroupedQueryTensors
}

export type GroupedQueryTensors = {[name: string]: Tensor}

const modules = {
  embed: 'embed_transform',
  query: 'gqa.q_proj',
  key: 'gqa.k_proj',
  value: 'gqa.v_proj',
  out: 'gqa.out_proj'
} as const satisfies Record<string, GroupedQueryLinear>

/** Reads it; null where `findGroupedQuery` found it broken. */
export async function readGroupedQuery(
  archive: TensorArchive,
  {bindings, settings}: Detection
): Promise<GroupedQueryWeights | null> {
  const {queryHeads} = settings
  if (queryHeads === undefined) return null
  const read = async (name: string) => {
    const binding = bindings.find(({role}) => role === groupedRole(name))
    return binding ? {shape: binding.shape, values: toFloat32((await archive.read(binding.name)).values)} : null
  }
  const makers: Record<string, () => Tensor> = {}
  let embed = 0
  let keyWidth = 0
  for (const [name, module] of Object.entries(modules)) {
    const weight = (await read(`${module}.weight`))!
    const bias = await read(`${module}.bias`)
    const [out = 0, inputs = 0] = weight.shape
    if (name === 'query') embed = out
    if (name === 'key') keyWidth = out
    makers[name] = () => tensor2d(weight.values, [out, inputs])
    makers[`${name}Bias`] = () => tensor1d(bias?.values ?? new Float32Array(out))
  }
  const [scale, shift] = [await read('gqa.norm.weight'), await read('gqa.norm.bias')]
  if (scale) {
    makers.scale = () => tensor1d(scale.values)
    makers.shift = () => tensor1d(shift?.values ?? new Float32Array(keyWidth))
  }
  return {
    queryHeads,
    keyHeads: (queryHeads * keyWidth) / embed,
    embed,
    upload: () => Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, make()]))
  }
}

export type GroupedQueryResult = {
  /** (n, layers, embed) */
  readonly output: Tensor
  /** Softmax over the last axis, one map per key head: (n, key heads, layers, layers). */
  readonly attention: Tensor
}

/** Attention among the layers of each input: x (n, layers, features), already weighted. Call inside tidy. */
export function groupedQuery(x: Tensor, {queryHeads, keyHeads, embed}: GroupedQueryWeights, t: GroupedQueryTensors) {
  const [n = 0, layers = 0] = x.shape
  const width = embed / queryHeads
  const groups = queryHeads / keyHeads
  const linear = (rows: Tensor, name: string): Tensor =>
    add(matMul(rows as Tensor2D, t[name] as Tensor2D, false, true), t[`${name}Bias`] as Tensor1D)
  const byHead = (rows: Tensor) => transpose(reshape(rows, [n, layers, keyHeads, width]), [0, 2, 1, 3])

  const rows = linear(reshape(x, [n * layers, -1]), 'embed')
  // A sum of products with one key is the product with the summed query.
  const grouped = reshape(linear(rows, 'query'), [n * layers, keyHeads, groups, width])
  const query = byHead(sumAlong(grouped, 2))
  const similarity = div(matMul(query, byHead(linear(rows, 'key')), false, true), width)
  const powers = exp(sub(similarity, maxAlong(similarity, 3)))
  const attention = div(powers, sumAlong(powers, 3))
  const mixed = transpose(matMul(attention, byHead(linear(rows, 'value'))), [0, 2, 1, 3])
  const joined = reshape(mixed, [n * layers, keyHeads * width])
  const output = linear(t.scale ? layerNorm(joined, t.scale, t.shift!) : joined, 'out')
  return {output: reshape(output, [n, layers, embed]), attention} satisfies GroupedQueryResult
}

const normEpsilon = 1e-5

function layerNorm(rows: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const width = rows.shape[1]!
  const centred = sub(rows, div(sumAlong(rows, 1), width))
  const variance = div(sumAlong(square(centred), 1), width)
  return add(mul(div(centred, sqrt(add(variance, normEpsilon))), scale), shift)
}
