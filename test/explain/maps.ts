import type {Accumulated} from '@/lib/explain/accumulate'
import {accumulator} from '@/lib/explain/accumulate'
import type {LayerImportance} from '@/lib/explain/explanation'
import type {HeadParameters, MapAxes, RunResult} from '@/lib/models/family'

/** Axes of `heads` equal heads over `rows` layers. */
export const axesOf = (rows: number, cols: number, heads = 1): MapAxes => ({
  rows,
  cols,
  rowName: 'layer',
  colName: 'feature',
  headRows: Array.from({length: heads}, (_, h) => [(h * rows) / heads, ((h + 1) * rows) / heads] as const)
})

/** A run of maps alone, (n, rows, cols) flat: z is 0, deviation 1. */
export function runOf(maps: readonly (readonly number[])[], axes: MapAxes): RunResult {
  const density = Float32Array.from(maps.flat())
  return {
    density,
    standardised: new Float32Array(density.length),
    deviation: new Float32Array(maps.length * axes.headRows.length * axes.cols).fill(1),
    logits: null,
    details: null
  }
}

/** What these maps, and their untrained twins, come down to. */
export function numbersOf(
  axes: MapAxes,
  maps: readonly (readonly number[])[],
  untrained: readonly (readonly number[])[] | null = null,
  mapBudget?: number
): Accumulated {
  const sums = accumulator(axes, mapBudget === undefined ? {} : {mapBudget})
  maps.forEach((map, i) => {
    sums.add(runOf([map], axes), untrained && {density: Float32Array.from(untrained[i]!)})
  })
  return sums.read()!
}

/** A layer-density head whose variance is its spread. */
export const headOf = (head: number, offset: number[], spread: number[]): HeadParameters => ({
  head,
  blockLayer: 0,
  kind: 'feature',
  offset: Float32Array.from(offset),
  spread: Float32Array.from(spread),
  variance: Float32Array.from(spread),
  effective: null
})

/** A ranked row, told by what a sentence needs of it. */
export interface Standing {
  readonly head?: number
  readonly density: number
  readonly rank: number
  readonly rankInHead?: number
  readonly rankInterval?: readonly [number, number]
  readonly untrained?: {
    readonly density: number
    readonly rank: number
    readonly interval?: readonly [number, number]
  }
}

/** Rows in order, with the rest of their numbers filled in so that they agree. */
export const layersOf = (rows: readonly Standing[]): LayerImportance[] =>
  rows.map(({head = 0, density, rank, rankInHead = rank, rankInterval = null, untrained}, layer) => ({
    layer,
    head,
    importance: density,
    interval: null,
    share: density / rows.reduce((total, row) => total + row.density, 0),
    density,
    rank,
    rankInterval,
    rankInHead,
    rankByShare: rank,
    untrained: untrained
      ? {
          density: untrained.density,
          importance: untrained.density,
          importanceOwnScale: untrained.density,
          rank: untrained.rank,
          learned: density - untrained.density,
          learnedInterval: untrained.interval ?? null
        }
      : null,
    meanAbsZ: null
  }))
