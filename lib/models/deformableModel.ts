import {reshape, type Tensor, type Tensor4D, tensor, tensor4d, tidy, transpose} from '@tensorflow/tfjs-core'
import {ShapeError} from '@/lib/core/errors'
import {count as numeral} from '@/lib/core/number'
import {onBackend} from './backend'
import {batchThatFits, checkFits} from './batchSize'
import {type BlockTrace, ourKernels, type Pyramid, type PyramidKernels, pyramidForward} from './deformableForward'
import {cellsOf, type Grid, gridsOf, pointsOf, roomFor} from './deformableGrids'
import {untrainedParts} from './deformableInit'
import {asShares, commonGrid, laidOnCells, meanShift, onGrid, standardised} from './deformableMaps'
import type {BlockPlan, PyramidPlan} from './deformablePlan'
import {biasOf, gridTensors, type Numbers, type PyramidParts, tensorsOf} from './deformableTensors'
import type {
  Detection,
  LoadedModel,
  MapAxes,
  RefusedInput,
  RowMeasure,
  RunResult,
  Samples,
  SamplingPoints
} from './family'
import {type Kept, kept} from './kept'
import {readBack} from './readBack'
import {emptied, notFinite, refusedAmong, spoilt} from './refusedInputs'
import {shapeText, sizeOf, toFloat32} from './shape'

/** A block and where it stands. */
interface Row {
  readonly block: BlockPlan
  readonly stage: number
  readonly grid: Grid
  readonly label: string
}

/** All that hangs on the size of the input. */
interface Sized {
  readonly grids: readonly Grid[]
  readonly common: Grid
  readonly rows: readonly Row[]
  readonly numbers: ReadonlyMap<string, Numbers>
  readonly uploaded: Kept<Record<string, Tensor>>
  /** Numbers of the largest tensor for one input. */
  readonly widest: number
}

/**
 * A deformable pyramid with these parameters. Samples are (channels, mels, frames). Its map has a row for each block and
 * a column for each cell of one time–frequency grid, the finest stage's that has at most 1,024: the attention that the
 * cell receives, averaged over queries and heads, times the number of cells, so that 1 is uniform.
 */
export function deformableModel(
  detection: Detection,
  parts: PyramidParts,
  kernels: PyramidKernels = ourKernels
): LoadedModel {
  const {plan} = parts
  const stored = tensorsOf(parts)
  const weights = kept(() => uploadedAll(stored))
  let last: {readonly key: string; readonly sized: Sized} | null = null

  function sizedFor([, rows = 0, cols = 0]: readonly number[]): Sized {
    const key = `${rows} ${cols}`
    if (last?.key === key) return last.sized
    const grids = gridsOf(plan, [rows, cols])
    const all = rowsOf(plan, grids)
    for (const {block, grid, stage} of all)
      if (block.kind === 'deformable') biasOf(block, parts.shapes, grid, pointsFor(block, grid, stage))
    const numbers = gridTensors(parts, grids)
    last?.sized.uploaded.dispose()
    const sized = {
      grids,
      common: commonGrid(grids),
      rows: all,
      numbers,
      uploaded: kept(() => uploadedAll(numbers)),
      widest: widestOf(all, stored, plan)
    }
    last = {key, sized}
    return sized
  }

  const pointsFor = (block: BlockPlan & {kind: 'deformable'}, grid: Grid, stage: number) =>
    pointsOf(grid, block.kernel, plan.stages[stage]!.stride, plan.release)

  function pyramidOn({grids, rows, uploaded}: Sized): Pyramid {
    const own: Record<string, Tensor> = {...weights.tensors(), ...uploaded.tensors()}
    return {
      kernels,
      plan,
      grids,
      tensor: (key) => own[key]!,
      has: (key) => key in own,
      bias: (block) => {
        const {grid, stage} = rows.find((row) => row.block === block)!
        return biasOf(block, parts.shapes, grid, pointsFor(block, grid, stage))
      }
    }
  }

  /** Samples start..stop as the kernels read them. Call inside tidy. */
  function slice(samples: Samples, start: number, stop: number): Tensor4D {
    const {sampleShape, values} = samples
    const [channels = 0, rows = 0, cols = 0] = sampleShape
    const size = sizeOf(sampleShape)
    const own = emptied(values.subarray(start * size, stop * size), stop - start, refusedAmong(samples, start, stop))
    const given = tensor4d(own, [stop - start, channels, rows, cols])
    return channels === 1 ? reshape(given, [stop - start, rows, cols, 1]) : transpose(given, [0, 2, 3, 1])
  }

  async function run(samples: Samples, start: number, stop: number): Promise<RunResult> {
    const sized = sizedFor(samples.sampleShape)
    checkFits(samples.sampleShape, sized.widest)
    const read = await onBackend(() =>
      readBack(
        tidy((): Record<string, Tensor> => {
          const {blocks, logits} = pyramidForward(slice(samples, start, stop), pyramidOn(sized))
          return {...Object.assign({}, ...blocks.map(named)), ...(logits ? {logits} : {})}
        })
      )
    )
    const n = stop - start
    const result = {...mapsOf(read, sized, n), logits: read.logits ?? null, details: null}
    const unusable = refusedAmong(samples, start, stop)
    const {density, standardised, logits, measures} = result
    for (const values of [density, standardised, ...(logits ? [logits] : []), ...measures.map((own) => own.values)])
      spoilt(values, n, unusable)
    return result
  }

  async function points(
    samples: Samples,
    index: number,
    block: number,
    column: number
  ): Promise<SamplingPoints | null> {
    const sized = sizedFor(samples.sampleShape)
    const row = sized.rows[block]
    const cells = cellsOf(sized.common)
    if (!row || !(column >= 0 && column < cells))
      throw new RangeError(
        `block ${block}, column ${column} were asked for; there are ${sized.rows.length} and ${cells}`
      )
    if (row.block.kind !== 'deformable' || refusedAmong(samples, index, index + 1).length > 0) return null
    const {heads, groups} = row.block
    const read = await onBackend(() =>
      readBack(
        tidy((): Record<string, Tensor> => {
          const {blocks} = pyramidForward(slice(samples, index, index + 1), pyramidOn(sized), block)
          const {points, weights} = blocks.at(-1)!
          return {points: points!, weights: weights!}
        })
      )
    )
    const query = cellUnder(column, sized.common, row.grid)
    const reference = sized.numbers.get(`${row.block.at}.reference`)!.values
    const count = reference.length / 2
    const queries = cellsOf(row.grid)
    return {
      grid: row.grid,
      query,
      groups,
      reference: asShares(reference, row.grid),
      sampled: asShares(read.points!, row.grid),
      attention: Float32Array.from({length: heads * count}, (_, i) => {
        const head = Math.floor(i / count)
        return read.weights![(head * queries + query) * count + (i % count)]!
      })
    }
  }

  return {
    detection,
    heads: [],
    runs: true,
    own: null,
    arrange: async (input) => {
      const {count, sampleShape, names} = read(input.shape, plan)
      const values = toFloat32(input.values)
      sizedFor(sampleShape)
      const refused = refusedOf(values, count)
      return {
        count,
        sampleShape,
        values,
        reading: `${shapeText(input.shape)} read as ${names}`,
        ...(refused.length > 0 ? {refused} : {})
      }
    },
    count: (shape) => read(shape, plan).count,
    axes: (sampleShape): MapAxes => {
      if (sampleShape.length !== 3 || sampleShape[0] !== plan.inputs)
        throw new ShapeError(`samples are ${shapeText(sampleShape)}; (${plan.inputs}, mels, frames) is needed`)
      const {common, rows} = sizedFor(sampleShape)
      return {
        rows: rows.length,
        cols: cellsOf(common),
        rowName: 'block',
        colName: 'cell',
        headRows: [[0, rows.length]],
        rowLabels: rows.map(({label}) => label),
        plane: {height: common[0], width: common[1], downName: 'frequency', acrossName: 'time'}
      }
    },
    run,
    points,
    untrained: () => deformableModel(detection, withoutClassifier(untrainedParts(parts)), kernels),
    edited: null,
    maskable: false,
    batchSize: (samples) => batchThatFits(samples, sizedFor(samples.sampleShape).widest),
    dispose: () => {
      weights.dispose()
      last?.sized.uploaded.dispose()
      last = null
    }
  }
}

const withoutClassifier = (parts: PyramidParts): PyramidParts => ({...parts, plan: {...parts.plan, classes: null}})

const uploadedAll = (numbers: ReadonlyMap<string, Numbers>): Record<string, Tensor> =>
  Object.fromEntries([...numbers].map(([key, {shape, values}]) => [key, tensor(values, [...shape])]))

const titles: Readonly<Record<BlockPlan['kind'], string>> = {
  deformable: 'deformable',
  window: 'window',
  shifted: 'shifted window',
  neighbourhood: 'neighbourhood'
}

const rowsOf = ({stages}: PyramidPlan, grids: readonly Grid[]): Row[] =>
  stages.flatMap(({blocks}, stage) =>
    blocks.map((block, d) => ({
      block,
      stage,
      grid: grids[stage]!,
      label: `stage ${stage + 1}, block ${d + 1}, ${titles[block.kind]}`
    }))
  )

const named = (trace: BlockTrace, i: number): Record<string, Tensor> =>
  Object.fromEntries(Object.entries(trace).map(([name, value]) => [`${name} ${i}`, value as Tensor]))

// Inputs

function read(shape: readonly number[], {inputs, stem}: PyramidPlan) {
  const own = inputs === 1 ? ['mels', 'frames'] : ['channels', 'mels', 'frames']
  const readings = [
    {many: true, axes: ['batch', 'channels', 'mels', 'frames']},
    {many: true, axes: ['batch', 'mels', 'frames']},
    {many: false, axes: own}
  ]
  const found = readings.find(({axes}) => {
    const channels = axes.indexOf('channels')
    return axes.length === shape.length && (channels < 0 ? inputs === 1 : shape[channels] === inputs)
  })
  const [tall = 0, wide = 0] = shape.slice(-2)
  const least = stem[0]!.kernel
  if (!found || sizeOf(shape) === 0 || tall < least[0] || wide < least[1])
    throw new ShapeError(
      `the inputs are ${shapeText(shape)}; the pyramid needs (batch, ${inputs}, mels, frames)${inputs === 1 ? ' or (batch, mels, frames)' : ''} with at least ${least[0]} mels and ${least[1]} frames`
    )
  return {count: found.many ? shape[0]! : 1, sampleShape: [inputs, tall, wide], names: found.axes.join(', ')}
}

/** Silence has no attention worth drawing, and one NaN would be everywhere. */
function refusedOf(values: Float32Array, count: number): RefusedInput[] {
  const size = values.length / count
  return Array.from({length: count}, (_, index) => index).flatMap((index) => {
    const own = values.subarray(index * size, (index + 1) * size)
    const trouble = notFinite(own, {needed: 'spectrograms of finite numbers'})
    if (trouble) return {index, ...trouble}
    return own.every((value) => value === own[0])
      ? {
          index,
          title: 'Silence',
          because: `is silence: all its ${numeral(size)} numbers are ${own[0]}; a spectrogram of something is needed`
        }
      : []
  })
}

// Maps

function mapsOf(read: Readonly<Record<string, Float32Array>>, {rows, common, numbers}: Sized, n: number) {
  const cols = cellsOf(common)
  const density = new Float32Array(n * rows.length * cols)
  const scaled = new Float32Array(density.length)
  const measured = {entropy: empty(n, rows), shift: empty(n, rows), adapted: empty(n, rows)}
  for (const [r, {block, grid}] of rows.entries()) {
    const [mass, entropy, points, bare] = ['mass', 'entropy', 'points', 'bare'].map((name) => read[`${name} ${r}`])
    const part = (values: Float32Array, sample: number) =>
      values.subarray((values.length / n) * sample, (values.length / n) * (sample + 1))
    for (let sample = 0; sample < n; sample++) {
      const own = part(mass!, sample)
      const at = points && part(points, sample)
      const received = receivedBy(block, own, at ?? null, grid, numbers)
      const shown = onGrid(received, grid, common)
      density.set(shown, (sample * rows.length + r) * cols)
      scaled.set(standardised(shown), (sample * rows.length + r) * cols)
      const to = sample * rows.length + r
      measured.entropy[to] = entropy![sample]!
      if (block.kind !== 'deformable' || !at || !block.kernel) continue
      measured.shift[to] = meanShift(at, numbers.get(`${block.at}.reference`)!.values, grid)
      if (bare) measured.adapted[to] = meanShift(at, part(bare, sample), grid)
    }
  }
  return {density, standardised: scaled, deviation: new Float32Array(0), measures: measuresOf(measured, rows)}
}

const empty = (n: number, rows: readonly Row[]) => new Float32Array(n * rows.length).fill(Number.NaN)

function measuresOf(
  {entropy, shift, adapted}: Readonly<Record<'entropy' | 'shift' | 'adapted', Float32Array>>,
  rows: readonly Row[]
): RowMeasure[] {
  const moves = rows.some(({block}) => block.kind === 'deformable' && block.kernel)
  const adapts = rows.some(({block}) => block.kind === 'deformable' && block.adapted)
  return [
    {id: 'entropy', title: 'entropy of attention', unit: 'bits', scale: 'linear', values: entropy},
    ...(moves
      ? [
          {
            id: 'offset-length',
            title: 'shift of sampling points',
            unit: 'cells',
            scale: 'linear',
            values: shift
          } as const
        ]
      : []),
    ...(adapts
      ? [
          {
            id: 'adaptor-shift',
            title: 'shift by the input adaptor',
            unit: 'cells',
            scale: 'linear',
            values: adapted
          } as const
        ]
      : [])
  ]
}

/** Attention that each cell of a block's own grid receives, times the number of cells. */
function receivedBy(
  block: BlockPlan,
  mass: Float32Array,
  points: Float32Array | null,
  grid: Grid,
  numbers: ReadonlyMap<string, Numbers>
): Float64Array {
  const cells = cellsOf(grid)
  if (block.kind === 'deformable')
    return laidOnCells(mass, points!, grid, block.heads, block.groups).map((value) => value * cells)
  if (block.kind === 'neighbourhood') {
    const [rows, cols] = grid
    const [, wide] = roomFor(grid, block.reach)
    const near = numbers.get(`${block.at}.cells`)!.values
    const received = new Float64Array(cells)
    for (let at = 0; at < mass.length; at++) {
      const [row, col] = [Math.floor(near[at]! / wide), near[at]! % wide]
      const query = Math.floor(at / block.reach ** 2)
      // Padding attends and is attended to, and is no cell.
      if (row < rows && col < cols && Math.floor(query / wide) < rows && query % wide < cols)
        received[row * cols + col]! += mass[at]!
    }
    return received
  }
  // (windows, heads, cells): every window has as many queries as cells, so the mean over its own is the whole's share.
  const order = numbers.get(`${block.at}.order`)!.values
  const [, own = 0] = numbers.get(`${block.at}.bias`)!.shape
  const received = new Float64Array(cells)
  for (const [at, cell] of order.entries()) {
    const [window, key] = [Math.floor(at / own), at % own]
    let sum = 0
    for (let head = 0; head < block.heads; head++) sum += mass[(window * block.heads + head) * own + key]!
    received[cell] = (sum / block.heads) * own
  }
  return received
}

/** The cell of a grid under the middle of another grid's cell. */
function cellUnder(column: number, from: Grid, to: Grid): number {
  const row = Math.floor(((Math.floor(column / from[1]) + 0.5) / from[0]) * to[0])
  const col = Math.floor((((column % from[1]) + 0.5) / from[1]) * to[1])
  return row * to[1] + col
}

// Memory

function widestOf(rows: readonly Row[], stored: ReadonlyMap<string, Numbers>, {stages, release}: PyramidPlan): number {
  const hidden = (stage: number) => {
    let most = 0
    for (const [key, {shape}] of stored)
      if (key.startsWith(`stages.${stage}.mlps.`) && /linear1(\.0)?\.weight$/.test(key))
        most = Math.max(most, shape[0]!)
    return most
  }
  return rows.reduce((widest, {block, grid, stage}) => {
    const {channels, stride} = stages[stage]!
    const cells = cellsOf(grid)
    const own = cells * Math.max(hidden(stage), 3 * channels)
    if (block.kind === 'neighbourhood')
      return Math.max(widest, own, cellsOf(roomFor(grid, block.reach)) * block.reach ** 2 * channels)
    if (block.kind !== 'deformable') return Math.max(widest, own, cells * cellsOf(block.window) * block.heads)
    const pairs = cells * cellsOf(pointsOf(grid, block.kernel, stride, release))
    const perPair = Math.max(block.heads, 2 * block.groups, block.bias === 'log' ? 32 * block.groups : 0)
    return Math.max(widest, own, pairs * perPair)
  }, 0)
}
