import {type Grid, grid} from '@/lib/core/grid'
import {capital} from '@/lib/explain/words'
import type {MapPlane, SamplingPoints} from '@/lib/models/family'
import type {PlaneAxes} from '@/lib/views/plane'
import {isUpward, type PlaneFrame} from '@/lib/views/planeCells'

/** Where one query looks: from each reference point to where it moved, sized by its attention. */
export interface PlanePointMarks {
  readonly points: readonly PlanePoint[]
  /** The query's own cell of the block's grid. */
  readonly query: {readonly x: number; readonly y: number; readonly width: number; readonly height: number}
  /** One sentence for those who do not see it. */
  readonly says: string
}

export interface PlanePoint {
  readonly key: string
  readonly x0: number
  readonly y0: number
  readonly x: number
  readonly y: number
  readonly radius: number
  /** Of the attention of all points of all groups. */
  readonly share: number
  /** Beyond the edge it reads zeros. */
  readonly outside: boolean
}

/** Units of the frame that a point with all attention would have as its radius. */
const largest = 11
const smallest = 0.9

/** The points of every group, each with the mean attention of its group's heads. */
export function planePoints(frame: PlaneFrame, found: SamplingPoints): PlanePointMarks {
  const {groups, reference, sampled, attention, grid: own, query} = found
  const count = reference.length / 2
  const heads = attention.length / count
  const place = placing(frame)
  const points = Array.from({length: groups * count}, (_, i): PlanePoint => {
    const [group, point] = [Math.floor(i / count), i % count]
    const share = shareOf(attention, {group, groups, heads, point, count})
    const [x0, y0] = place(reference[2 * point]!, reference[2 * point + 1]!)
    const [down, across] = [sampled[2 * i]!, sampled[2 * i + 1]!]
    const [x, y] = place(down, across)
    const outside = !(down >= 0 && down <= 1 && across >= 0 && across <= 1)
    return {
      key: `${group} ${point}`,
      x0,
      y0,
      x,
      y,
      radius: Math.max(smallest, largest * Math.sqrt(share)),
      share,
      outside
    }
  })
  const [rows, cols] = own
  const [height, width] = [frame.height / rows, frame.width / cols]
  const [x, y] = place((Math.floor(query / cols) + 0.5) / rows, ((query % cols) + 0.5) / cols)
  return {
    points,
    query: {x: x - width / 2, y: y - height / 2, width, height},
    says: saysOf(points, groups, count)
  }
}

/** Mean attention of the heads of one group, so that shares of all points of all groups add up to 1. */
function shareOf(
  attention: Float32Array,
  {group, groups, heads, point, count}: {group: number; groups: number; heads: number; point: number; count: number}
): number {
  let sum = 0
  for (let head = 0; head < heads; head++)
    if (Math.floor((head * groups) / heads) === group) sum += attention[head * count + point]!
  return sum / heads
}

function placing({plane, width, height}: PlaneFrame): (down: number, across: number) => readonly [number, number] {
  const upward = isUpward(plane)
  return (down, across) => [across * width, (upward ? 1 - down : down) * height]
}

function saysOf(points: readonly PlanePoint[], groups: number, count: number): string {
  const outside = points.filter((point) => point.outside).length
  const moved = points.reduce((sum, {x, y, x0, y0}) => sum + Math.hypot(x - x0, y - y0), 0) / points.length
  return (
    `This cell looks at ${count} points${groups > 1 ? ` in each of ${groups} groups` : ''}; ` +
    `on average they moved ${Math.round(moved)} % of the height from their grid` +
    `${outside > 0 ? `, ${outside} beyond the edge, where they read zeros` : ''}.`
  )
}

/** How densely points were sampled: (1, places), 1 where as many fall as if they were spread evenly. */
export interface SampledDensity {
  readonly map: Grid
  readonly points: number
  readonly outside: number
}

/** The density over a plane of the points that several blocks sampled; null without any. */
export function sampledDensity(plane: MapPlane, blocks: readonly SamplingPoints[]): SampledDensity | null {
  const counts = new Float32Array(plane.height * plane.width)
  let [points, outside] = [0, 0]
  for (const {sampled} of blocks)
    for (let i = 0; i < sampled.length; i += 2) {
      points++
      const [down, across] = [sampled[i]!, sampled[i + 1]!]
      if (!(down >= 0 && down <= 1 && across >= 0 && across <= 1)) outside++
      else {
        const row = Math.min(plane.height - 1, Math.floor(down * plane.height))
        counts[row * plane.width + Math.min(plane.width - 1, Math.floor(across * plane.width))]! += 1
      }
    }
  if (points === 0) return null
  return {
    map: grid(
      1,
      counts.length,
      counts.map((n) => (n * counts.length) / points)
    ),
    points,
    outside
  }
}

/** "stage 3" of "stage 3, block 2, deformable": what blocks of one resolution share; null where rows have no stages. */
export const stageOf = (label: string | undefined): string | null => /^stage \d+/.exec(label ?? '')?.[0] ?? null

/** The rows of the stage that a row is of; all rows where they have no stages. */
export function stageRows({rows, rowLabels}: PlaneAxes, row: number): number[] {
  const stage = stageOf(rowLabels?.[row])
  return Array.from({length: rows}, (_, i) => i).filter((i) => stageOf(rowLabels?.[i]) === stage)
}

/** How densely a stage samples, under its name. */
export interface StageDensity {
  readonly title: string
  readonly density: SampledDensity
}

/** The density of what the blocks of a row's stage sample; null where none of them samples any. */
export function stageDensity(
  {plane, rowLabels}: PlaneAxes,
  row: number,
  blocks: readonly SamplingPoints[]
): StageDensity | null {
  const density = sampledDensity(plane, blocks)
  return density && {title: `${capital(stageOf(rowLabels?.[row]) ?? 'all blocks')}, all points`, density}
}
