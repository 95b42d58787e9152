import {ShapeError} from '@/lib/core/errors'
import {plural} from '@/lib/core/number'
import type {Settings} from './family'
import {mostLayers} from './mostDrawn'
import {shapeText} from './shape'

/**
 * Which release of LeapLabTHU/DAT laid a checkpoint out: they differ in the grid of sampling points, in what bounds
 * offsets, and in the convolution inside MLPs.
 */
export type Release = '2022' | '2023'

/** How a deformable block knows how far a point is from a query: a table, its logarithm through an MLP, or otherwise. */
export type PositionBias = 'table' | 'log' | 'convolution' | 'none'

interface Block {
  /** `stages.2.attns.1` */
  readonly at: string
  readonly heads: number
  readonly mlp: 'plain' | 'convolved'
}

export interface DeformableBlock extends Block {
  readonly kind: 'deformable'
  readonly groups: number
  /** Of the offset network; null where the points stay on their grid. */
  readonly kernel: readonly [tall: number, wide: number] | null
  readonly bias: PositionBias
  /** A learned signal of this grid is added to what the offset network reads. */
  readonly adapted: boolean
  /** How far points may move is learned. */
  readonly ranged: boolean
}

export interface WindowBlock extends Block {
  readonly kind: 'window' | 'shifted'
  /** Where they are not equal, which is which only values can tell. */
  readonly window: readonly [tall: number, wide: number]
}

export interface NeighbourBlock extends Block {
  readonly kind: 'neighbourhood'
  /** Neighbours on each axis. */
  readonly reach: number
}

export type BlockPlan = DeformableBlock | WindowBlock | NeighbourBlock

export interface StagePlan {
  readonly channels: number
  readonly blocks: readonly BlockPlan[]
  /** Cells between sampling points. */
  readonly stride: number
  /** What the stage's grid must be, where a tensor says so. */
  readonly grid: readonly [rows: number, cols: number] | null
}

/** A strided convolution. */
export interface Step {
  readonly at: string
  readonly kernel: readonly [tall: number, wide: number]
  readonly stride: readonly [down: number, across: number]
  readonly padding: number
}

/** All that has to be known of a pyramid before it runs. */
export interface PyramidPlan {
  readonly release: Release
  readonly inputs: number
  readonly stem: readonly Step[]
  /** Between stages. */
  readonly down: readonly Step[]
  readonly stages: readonly StagePlan[]
  readonly classes: number | null
  readonly norms: boolean
  /** How far offsets reach, in half steps of the sampling grid; below 0 they are free and positions are bounded. */
  readonly offsetRange: number
}

/** What no tensor tells of a plan. */
export interface OpenPlan {
  readonly release: boolean
  readonly offsetRange: boolean
  readonly strides: boolean
  readonly headWidth: boolean
}

export interface PlanResult {
  readonly plan: PyramidPlan
  readonly open: OpenPlan
  /** The settings in force. */
  readonly settings: Settings
  /** Keys that a part of the plan reads, buffers among them. */
  readonly taken: ReadonlySet<string>
  /** Why it cannot be run, as sentences: shapes that disagree, and what is absent or not read. */
  readonly disagreements: readonly string[]
  readonly missing: readonly string[]
}

type Shapes = ReadonlyMap<string, readonly number[]>

/** Channels of a head in all published configurations. */
const usualHead = 32

/**
 * Reads the configuration off the shapes of a pyramid's tensors, by key (LeapLabTHU/DAT, models/dat.py); what they do
 * not tell is taken from the settings, else from what was published. Throws ShapeError for settings that cannot hold.
 */
export function planOf(shapes: Shapes, settings: Settings): PlanResult {
  const taken = new Set<string>()
  const disagreements: string[] = []
  const missing: string[] = []
  const of = (key: string) => shapes.get(key)
  const size = (key: string, axis: number) => of(key)?.[axis] ?? null
  // A file of thousands of blocks has as many that disagree; the first are enough to see why.
  const disagree = (sentence: string) => void (disagreements.length <= 8 && disagreements.push(`pyramid: ${sentence}`))
  const lack = (sentence: string) => void (missing.length <= 8 && missing.push(`pyramid: ${sentence}`))

  /** Takes a tensor that must have this shape; null stands for any size. */
  function take(key: string, ...wanted: readonly (number | null)[]): void {
    const shape = of(key)
    taken.add(key)
    const fits =
      shape &&
      shape.length === wanted.length &&
      wanted.every((want, i) => (want === null ? shape[i]! > 0 : want === shape[i]))
    if (fits) return
    const needed = `(${wanted.map((want) => want ?? 'any').join(', ')}) is needed`
    if (shape) disagree(`${key} is ${shapeText(shape)}; ${needed}`)
    else lack(`${key} is absent; ${needed}`)
  }
  const takeBoth = (at: string, weight: readonly (number | null)[], bias: number | null) => {
    take(`${at}.weight`, ...weight)
    take(`${at}.bias`, bias)
  }
  const takeNorm = (at: string, channels: number | null) => takeBoth(`${at}.norm`, [channels], channels)

  const counts = stagesIn(shapes)
  for (const [s, blocks] of counts.entries()) if (blocks === 0) lack(`stages.${s} has no blocks`)
  const told = releaseIn(shapes)
  const release = told ?? settings.release ?? '2022'
  const strides = stridesOf(settings, release, counts.length)
  let [asksRange, asksStride, asksHeads] = [false, false, false]

  const stages = counts.map((count, s): StagePlan => {
    const at = `stages.${s}`
    const channels = channelsOf(shapes, at, count)
    let grid: readonly [number, number] | null = null
    if (of(`${at}.proj.weight`))
      takeBoth(`${at}.proj`, [channels, s === 0 ? null : size(`down_projs.${s - 1}.0.weight`, 0), 1, 1], channels)
    const known = Array.from({length: count}, (_, d) => headsIn(shapes, `${at}.attns.${d}`)).find((heads) => heads > 0)
    const blocks = Array.from({length: count}, (_, d): BlockPlan => {
      const own = `${at}.attns.${d}`
      const has = (...names: string[]) => names.some((name) => of(`${own}.${name}`) !== undefined)
      const isDeformable = has('proj_q.weight', 'proj_k.weight', 'proj_v.weight', 'conv_offset.0.weight')
      const heads = headsIn(shapes, own) || known || headsBy(channels, settings.headWidth)
      if (!headsIn(shapes, own) && !known) asksHeads = true
      if (channels % heads !== 0)
        disagree(`${own} has ${plural(heads, 'head')}, which cannot share ${channels} channels equally`)
      takeNorm(`${at}.layer_norms.${2 * d}`, channels)
      takeNorm(`${at}.layer_norms.${2 * d + 1}`, channels)
      for (const j of [2 * d, 2 * d + 1])
        if (of(`${at}.layer_scales.${j}.weight`)) take(`${at}.layer_scales.${j}.weight`, channels)
      if (of(`${at}.local_perception_units.${d}.weight`))
        takeBoth(`${at}.local_perception_units.${d}`, [channels, 1, 3, 3], channels)
      const mlp = takeMlp(`${at}.mlps.${d}`, channels)
      if (isDeformable) {
        const block = deformable(own, channels, heads, mlp)
        grid = gridIn(block) ?? grid
        asksStride = true
        asksRange ||= block.kernel !== null && !block.ranged
        return block
      }
      if (has('qkv.weight', 'rpb')) return neighbourhood(own, channels, heads, mlp)
      if (has('proj_qkv.weight', 'relative_position_bias_table')) return windowed(own, channels, heads, mlp)
      lack(
        `${own} has none of proj_q, proj_qkv and qkv, which deformable, window and neighbourhood blocks have; blocks of other kinds are not read`
      )
      return {kind: 'neighbourhood', at: own, heads, mlp, reach: 1}
    })
    return {channels, blocks, stride: strides[s]!, grid}
  })

  function takeMlp(at: string, channels: number): Block['mlp'] {
    const plain = of(`${at}.chunk.linear1.weight`)
    if (plain) {
      takeBoth(`${at}.chunk.linear1`, [null, channels], plain[0] ?? null)
      takeBoth(`${at}.chunk.linear2`, [channels, plain[0] ?? null], channels)
      return 'plain'
    }
    const inner = of(`${at}.linear1.0.weight`) ? '.0' : ''
    const hidden = size(`${at}.linear1${inner}.weight`, 0)
    takeBoth(`${at}.linear1${inner}`, [null, channels, 1, 1], hidden)
    takeBoth(`${at}.dwc`, [hidden, 1, 3, 3], hidden)
    takeBoth(`${at}.linear2${inner}`, [channels, hidden, 1, 1], channels)
    return 'convolved'
  }

  function deformable(at: string, channels: number, heads: number, mlp: Block['mlp']): DeformableBlock {
    for (const name of ['proj_q', 'proj_k', 'proj_v', 'proj_out'])
      takeBoth(`${at}.${name}`, [channels, channels, 1, 1], channels)
    const [own = 0, , tall = 0, wide = 0] = of(`${at}.conv_offset.0.weight`) ?? []
    const moves = own > 0
    const groups = moves ? channels / own : 1
    if (moves) {
      takeBoth(`${at}.conv_offset.0`, [null, 1, null, null], own)
      takeNorm(`${at}.conv_offset.1`, own)
      take(`${at}.conv_offset.3.weight`, 2, own, 1, 1)
    }
    const [adapted, ranged] = [
      moves && of(`${at}.input_adaptor`) !== undefined,
      moves && of(`${at}.offset_range`) !== undefined
    ]
    if (adapted) take(`${at}.input_adaptor`, channels, null, null)
    if (ranged) take(`${at}.offset_range`, Number.isInteger(groups) ? groups : null, 2)
    if (!Number.isInteger(groups))
      disagree(`${at}.conv_offset.0.weight moves groups of ${own} channels, which cannot share ${channels} equally`)
    else if (heads % groups !== 0)
      disagree(
        `${at} has ${plural(heads, 'head')}${headsIn(shapes, at) > 0 ? '' : ', as far as no table tells how wide they are'}; a multiple of its ${groups} groups is needed`
      )
    return {
      kind: 'deformable',
      at,
      heads,
      mlp,
      groups,
      kernel: moves ? [tall, wide] : null,
      bias: takeBias(`${at}.rpe_table`, channels, heads, groups),
      adapted,
      ranged
    }
  }

  function takeBias(at: string, channels: number, heads: number, groups: number): PositionBias {
    if (of(at)) {
      take(at, heads, null, null)
      return 'table'
    }
    if (of(`${at}.0.weight`)) {
      const hidden = size(`${at}.0.weight`, 0)
      takeBoth(`${at}.0`, [hidden, 2], hidden)
      take(`${at}.2.weight`, heads % groups === 0 ? heads / groups : null, hidden)
      return 'log'
    }
    if (!of(`${at}.weight`)) return 'none'
    takeBoth(at, [channels, 1, 3, 3], channels)
    return 'convolution'
  }

  /** The grid that a block's tensors fit. A table of biases for each query and point has even sizes, one by distance odd ones. */
  function gridIn({at, adapted}: DeformableBlock): readonly [number, number] | null {
    const [, rows = 0, cols = 0] = of(adapted ? `${at}.input_adaptor` : `${at}.rpe_table`) ?? []
    if (adapted) return [rows, cols]
    return rows % 2 === 1 && cols % 2 === 1 ? [(rows + 1) / 2, (cols + 1) / 2] : null
  }

  function windowed(at: string, channels: number, heads: number, mlp: Block['mlp']): WindowBlock {
    takeBoth(`${at}.proj_qkv`, [3 * channels, channels], 3 * channels)
    takeBoth(`${at}.proj_out`, [channels, channels], channels)
    take(`${at}.relative_position_bias_table`, null, heads)
    const cells = of(`${at}.relative_position_index`)?.[0]
    const table = of(`${at}.relative_position_bias_table`)
    const window = windowOf(table?.[0] ?? 0, cells)
    if (cells !== undefined) take(`${at}.relative_position_index`, cells, cells)
    if (!window && table)
      disagree(
        `${at}.relative_position_bias_table is ${shapeText(table)}; (2a − 1)(2b − 1) rows are needed for windows of a × b${cells === undefined ? '' : ` = ${cells}`} cells`
      )
    const shifted = of(`${at}.attn_mask`) !== undefined
    if (shifted) taken.add(`${at}.attn_mask`)
    return {kind: shifted ? 'shifted' : 'window', at, heads, mlp, window: window ?? [1, 1]}
  }

  function neighbourhood(at: string, channels: number, heads: number, mlp: Block['mlp']): NeighbourBlock {
    takeBoth(`${at}.qkv`, [3 * channels, channels], 3 * channels)
    takeBoth(`${at}.proj`, [channels, channels], channels)
    const span = size(`${at}.rpb`, 1)
    take(`${at}.rpb`, heads, span, span)
    const reach = ((span ?? 1) + 1) / 2
    if (reach % 2 !== 1)
      disagree(`${at}.rpb is ${shapeText(of(`${at}.rpb`)!)}; (heads, 2k − 1, 2k − 1) is needed with k odd`)
    return {kind: 'neighbourhood', at, heads, mlp, reach}
  }

  const stem = stemOf(shapes)
  const inputs = size('patch_proj.0.weight', 1) ?? 0
  for (const [i, {at, kernel}] of stem.entries()) {
    const channels = size(`${at}.weight`, 0)
    takeBoth(at, [null, i === 0 ? null : size(`${stem[0]!.at}.weight`, 0), ...kernel], channels)
    takeNorm(`patch_proj.${i === 0 ? 1 : 4}`, channels)
  }
  const down = stages.slice(1).map((stage, i): Step => {
    const at = `down_projs.${i}.0`
    const kernel = size(`${at}.weight`, 2)
    const leaves = size(`${at}.weight`, 0)
    take(`${at}.weight`, null, stages[i]!.channels, kernel, kernel)
    takeNorm(`down_projs.${i}.1`, leaves)
    if (!of(`stages.${i + 1}.proj.weight`) && leaves !== null && leaves !== stage.channels)
      disagree(`${at}.weight leaves ${leaves} channels, stages.${i + 1} has ${stage.channels}`)
    return {at, kernel: [kernel ?? 0, kernel ?? 0], stride: [2, 2], padding: kernel === 3 ? 1 : 0}
  })
  const last = stages.at(-1)?.channels ?? 0
  const norms = of('cls_norm.norm.weight') !== undefined
  if (norms) takeNorm('cls_norm', last)
  const classes = norms && of('cls_head.weight') ? size('cls_head.weight', 0) : null
  if (classes !== null) takeBoth('cls_head', [classes, last], classes)

  const open = {
    release: told === null,
    offsetRange: asksRange,
    strides: asksStride,
    headWidth: asksHeads
  }
  const offsetRange = settings.offsetRange ?? (release === '2023' ? -1 : 2)
  return {
    plan: {release, inputs, stem, down, stages, classes, norms, offsetRange},
    open,
    settings: {
      ...settings,
      ...(open.release ? {release} : {}),
      ...(asksRange ? {offsetRange} : {}),
      ...(asksStride ? {samplingStrides: strides} : {}),
      ...(asksHeads ? {headWidth: settings.headWidth ?? usualHead} : {})
    },
    taken,
    disagreements,
    missing
  }
}

/** How many blocks each stage has: numbered without holes, and no more than can be drawn. */
function stagesIn(shapes: Shapes): number[] {
  const last: number[] = []
  for (const key of shapes.keys()) {
    const [, stage, block] = /^stages\.(\d{1,4})\.attns\.(\d{1,4})\./.exec(key) ?? []
    if (block === undefined) continue
    last[Number(stage)] = Math.max(last[Number(stage)] ?? 0, Number(block) + 1)
  }
  const counts = Array.from(last, (count = 0) => count)
  const blocks = counts.reduce((a, b) => a + b, 0)
  if (blocks > mostLayers || counts.length > 64)
    throw new ShapeError(
      `the file claims ${blocks} blocks in ${counts.length} stages; at most ${mostLayers} can be drawn`
    )
  // One tensor may bear any number; a block has eight of them at least.
  if (blocks > shapes.size)
    throw new ShapeError(
      `the file claims ${blocks} blocks and holds ${shapes.size} tensors of them; each needs its own`
    )
  return counts
}

/**
 * Channels of a stage: what most of its norms and projections say, so that one bad tensor is named and not all that
 * stand beside it; 0 where none is there.
 */
function channelsOf(shapes: Shapes, at: string, blocks: number): number {
  const counts = new Map<number, number>()
  const vote = (key: string) => {
    const size = shapes.get(`${at}.${key}`)?.[0]
    if (size) counts.set(size, (counts.get(size) ?? 0) + 1)
  }
  for (let d = 0; d < blocks; d++) {
    for (const j of [2 * d, 2 * d + 1]) for (const part of ['weight', 'bias']) vote(`layer_norms.${j}.norm.${part}`)
    for (const name of ['proj_q', 'proj_k', 'proj_v', 'proj_out', 'proj']) vote(`attns.${d}.${name}.weight`)
  }
  const most = Math.max(...counts.values())
  return [...counts].find(([, count]) => count === most)?.[0] ?? 0
}

/** By keys that only one of them has; ours stand on the earlier. */
function releaseIn(shapes: Shapes): Release | null {
  for (const key of shapes.keys()) {
    if (/local_perception_units|layer_scales|\.linear1\.0\.|^patch_proj\.3\.|\.rpb$|rpe_table\.2\./.test(key))
      return '2023'
    if (/\.input_adaptor$|\.offset_range$|^stages\.\d+\.mlps\.\d+\.linear1\.weight$/.test(key)) return '2022'
  }
  return null
}

/** Published: 8, 4, 2, 1 in 2023, and 1 before. */
function stridesOf({samplingStrides}: Settings, release: Release, stages: number): readonly number[] {
  const usual = Array.from({length: stages}, (_, s) => (release === '2023' ? 2 ** (stages - 1 - s) : 1))
  const strides = samplingStrides ?? usual
  if (strides.length !== stages || !strides.every((stride) => Number.isInteger(stride) && stride >= 1 && stride <= 64))
    throw new ShapeError(
      `the strides ${strides.join(', ')} were asked for; ${stages} stages need one from 1 to 64 each`
    )
  return strides
}

/** Heads of one block, where its own tensors tell; else 0. */
function headsIn(shapes: Shapes, at: string): number {
  const size = (key: string, axis: number) => shapes.get(`${at}.${key}`)?.[axis] ?? 0
  const groups = size('proj_q.weight', 0) / (size('conv_offset.0.weight', 0) || size('proj_q.weight', 0))
  const perGroup = size('rpe_table.2.weight', 0)
  return (
    size('relative_position_bias_table', 1) ||
    size('rpb', 0) ||
    size('rpe_table', 0) ||
    (perGroup && Number.isInteger(perGroup * groups) ? perGroup * groups : 0)
  )
}

function headsBy(channels: number, asked: number | undefined): number {
  const width = asked ?? usualHead
  if (asked !== undefined && channels % asked !== 0)
    throw new ShapeError(`heads of ${asked} channels were asked for; a stage has ${channels}`)
  return channels % width === 0 && channels > 0 ? channels / width : 1
}

/** The window of a table of (2a − 1)(2b − 1) rows, square unless `cells` = ab says otherwise; a is not above b. */
export function windowOf(rows: number, cells: number | undefined): readonly [number, number] | null {
  if (cells === undefined) {
    const side = (Math.sqrt(rows) + 1) / 2
    return Number.isInteger(side) && side > 0 ? [side, side] : null
  }
  // (2a − 1)(2b − 1) = 4ab − 2(a + b) + 1
  const sum = (4 * cells + 1 - rows) / 2
  const root = Math.sqrt(sum * sum - 4 * cells)
  const [a, b] = [(sum - root) / 2, (sum + root) / 2]
  return Number.isInteger(a) && Number.isInteger(b) && a > 0 ? [a, b] : null
}

/** How the input becomes a grid: patches side by side, or overlapping convolutions (of 7 with stride 4, or twice 3 with 2). */
function stemOf(shapes: Shapes): readonly Step[] {
  const [, , tall = 0, wide = 0] = shapes.get('patch_proj.0.weight') ?? []
  const first = {at: 'patch_proj.0', kernel: [tall, wide] as const}
  if (shapes.has('patch_proj.3.weight'))
    return [first, {at: 'patch_proj.3', kernel: [3, 3] as const}].map((step) => ({...step, stride: [2, 2], padding: 1}))
  const overlapping = tall === 7 && wide === 7 && shapes.get('down_projs.0.0.weight')?.[2] === 3
  return [{...first, stride: overlapping ? [4, 4] : [tall, wide], padding: overlapping ? 3 : 0}]
}
