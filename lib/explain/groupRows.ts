import {type Grid, grid} from '@/lib/core/grid'
import {mean, sum} from '@/lib/core/statistics'
import type {Axes, Explanation, HeadGaussians, LayerImportance} from './explanation'
import {rowRanks} from './rowRanks'

/** A map of too many rows, drawn as fewer: each row of `explanation` stands for the rows its label names. */
export interface GroupedRows {
  readonly explanation: Explanation
  /** One-based: `1–26`, or `27` for a group of one. */
  readonly labels: readonly string[]
  /** The rows of the whole map behind each merged row. */
  readonly groups: readonly Group[]
}

export interface GroupingOptions {
  /** Only these rows of the map, the last exclusive; all of them by default. */
  readonly window?: readonly [start: number, stop: number]
  /** Leaves density, its untrained twin and importance as they are, for those who read them by `groups`. */
  readonly wholeMaps?: boolean
}

type Group = readonly [start: number, stop: number]

/**
 * Merges neighbouring rows of the same head until at most `most` remain (never fewer than one per head). Densities,
 * importance, learned parts and |z| are means over the merged rows, shares are sums, counts of z add up, and groups are
 * ranked by their means; rows that stand alone keep the rank they have in the whole map. Scale, agreement, finding and
 * caveats still speak of the whole map. A merged row has no interval, since rows of one input are not independent.
 */
export function groupRows(
  explanation: Explanation,
  most: number,
  {window, wholeMaps = false}: GroupingOptions = {}
): GroupedRows {
  const rows = explanation.axes?.rows ?? 0
  const [start, stop] = window ?? [0, rows]
  const groups = stop - start > most ? groupsOf(explanation, [start, stop], most) : singles(start, stop)
  const labels = groups.map(([first, last]) => (last - first > 1 ? `${first + 1}–${last}` : `${last}`))
  if (groups.length === rows) return {explanation, labels, groups}
  return {explanation: merged(explanation, groups, wholeMaps), labels, groups}
}

const singles = (start: number, stop: number): Group[] =>
  Array.from({length: stop - start}, (_, i) => [start + i, start + i + 1])

function groupsOf({heads}: Explanation, [from, to]: Group, most: number): Group[] {
  const known = heads.flatMap(({rows}) => (rows ? [[Math.max(from, rows[0]), Math.min(to, rows[1])] as const] : []))
  const inside = known.filter(([start, stop]) => stop > start)
  const owned = inside.length > 0 ? inside : [[from, to] as const]
  const longest = Math.max(...owned.map(([start, stop]) => stop - start))
  const needed = (size: number) => sum(owned.map(([start, stop]) => Math.ceil((stop - start) / size)))
  let size = 1
  while (size < longest && needed(size) > most) size++
  return owned.flatMap(([start, stop]) => pieces(start, stop, size))
}

// As equal as whole rows allow, so that no crumb of a row remains at the end of a head.
function pieces(start: number, stop: number, size: number): Group[] {
  const count = Math.ceil((stop - start) / size)
  const edge = (i: number) => start + Math.round((i * (stop - start)) / count)
  return Array.from({length: count}, (_, i) => [edge(i), edge(i + 1)])
}

function merged(explanation: Explanation, groups: readonly Group[], wholeMaps: boolean): Explanation {
  const {axes, density, nullDensity, importance, scaleCell, signal} = explanation
  const cell = scaleCell && {...scaleCell, row: groups.findIndex(([a, b]) => scaleCell.row >= a && scaleCell.row < b)}
  const maps = wholeMaps
    ? {}
    : {
        density: density && mergedGrid(density, groups, 'mean'),
        nullDensity: nullDensity && mergedGrid(nullDensity, groups, 'mean'),
        importance: importance && mergedGrid(importance, groups, 'mean')
      }
  // What is known of single cells over inputs is not drawn, and would not fit a merged map.
  const {densityVariance: _, classDensity: __, measures: ___, ...drawn} = explanation
  return {
    ...drawn,
    axes: axes && mergedAxes(axes, groups.length),
    heads: explanation.heads.map((head) => ({...head, rows: head.rows && rowsIn(head.rows, groups)})),
    ...maps,
    scaleCell: cell && cell.row >= 0 ? cell : null,
    layers: mergedLayers(explanation.layers, groups),
    signal: signal && {...signal, counts: mergedGrid(signal.counts, groups, 'sum')}
  }
}

function mergedAxes({rowLabels: _, ...axes}: Axes, rows: number): Axes {
  return {...axes, rows}
}

function rowsIn([start, stop]: NonNullable<HeadGaussians['rows']>, groups: readonly Group[]): [number, number] {
  const inside = groups.flatMap(([first, last], i) => (first >= start && last <= stop ? [i] : []))
  return [inside[0] ?? 0, (inside.at(-1) ?? -1) + 1]
}

function mergedGrid({cols, values}: Grid, groups: readonly Group[], merge: 'mean' | 'sum'): Grid {
  const result = new Float32Array(groups.length * cols)
  const sums = new Float64Array(cols)
  for (const [group, [start, stop]] of groups.entries()) {
    sums.fill(0)
    for (let row = start; row < stop; row++)
      for (let col = 0; col < cols; col++) sums[col]! += values[row * cols + col]!
    const share = merge === 'mean' ? stop - start : 1
    for (let col = 0; col < cols; col++) result[group * cols + col] = sums[col]! / share
  }
  return grid(groups.length, cols, result)
}

function mergedLayers(layers: readonly LayerImportance[], groups: readonly Group[]): LayerImportance[] {
  if (layers.length === 0) return []
  const blended = groups.map(([start, stop], group) => blend(layers.slice(start, stop), group))
  const rank = rowRanks(blended.map(({density}) => density))
  const rankByShare = rowRanks(blended.map(({share}) => share))
  const twins = blended.flatMap(({untrained}) => (untrained ? [untrained.density] : []))
  const untrainedRank = rowRanks(twins)
  if (groups.every(([start, stop]) => stop - start === 1)) return blended.map((layer, i) => ({...layer, layer: i}))
  return blended.map((layer, i) => ({
    ...layer,
    rank: rank[i]!,
    rankByShare: rankByShare[i]!,
    rankInHead: rankAmong(
      blended.filter(({head}) => head === layer.head),
      layer
    ),
    untrained: layer.untrained && {...layer.untrained, rank: untrainedRank[i]!}
  }))
}

function rankAmong(others: readonly LayerImportance[], layer: LayerImportance): number {
  return rowRanks(others.map(({density}) => density))[others.indexOf(layer)]!
}

// Ranks are put in once all groups are known.
function blend(rows: readonly LayerImportance[], group: number): LayerImportance {
  const [only] = rows.length === 1 ? rows : []
  const over = (value: (row: LayerImportance) => number) => mean(rows.map(value))
  const first = rows[0]!
  return {
    ...first,
    layer: group,
    importance: over((row) => row.importance),
    interval: only?.interval ?? null,
    share: sum(rows.map(({share}) => share)),
    density: over((row) => row.density),
    rankInterval: null,
    untrained: first.untrained && {
      ...first.untrained,
      density: over((row) => row.untrained!.density),
      importance: over((row) => row.untrained!.importance),
      importanceOwnScale:
        first.untrained.importanceOwnScale === null ? null : over((row) => row.untrained!.importanceOwnScale!),
      learned: over((row) => row.untrained!.learned),
      learnedInterval: only?.untrained?.learnedInterval ?? null
    },
    meanAbsZ: first.meanAbsZ === null ? null : over((row) => row.meanAbsZ!)
  }
}
