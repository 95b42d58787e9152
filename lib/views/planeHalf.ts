import type {MapPlane} from '@/lib/models/family'
import {cellBox, type PlaneFrame, placesOf} from '@/lib/views/planeCells'

/**
 * The fewest places that together hold half of a row's attention: the highest-density region of 50 % (Hyndman, The
 * American Statistician 50, 1996, 120–126). Null where a density is not finite, negative, or the same everywhere.
 */
export function halfOf(plane: MapPlane, row: Float32Array): ReadonlySet<number> | null {
  const densities = row.subarray(0, placesOf(plane))
  const total = densities.reduce((sum, density) => sum + density, 0)
  if (!(Number.isFinite(total) && total > 0) || densities.some((density) => density < 0)) return null
  if (densities.every((density) => density === densities[0])) return null
  const order = Array.from(densities.keys()).sort((a, b) => densities[b]! - densities[a]! || a - b)
  const half = new Set<number>()
  let held = 0
  for (const column of order) {
    if (held >= total / 2) break
    held += densities[column]!
    half.add(column)
  }
  return half
}

/** Whether half of attention lies nearly everywhere, or in crumbs: an outline would be a maze of noise. */
export function isSpread(plane: MapPlane, half: ReadonlySet<number>): boolean {
  return half.size > 0.35 * placesOf(plane) || edgesOf(plane, half) > Math.max(12, 2 * half.size)
}

/** Sides of places that the outline of a set runs along. */
function edgesOf({width}: MapPlane, half: ReadonlySet<number>): number {
  let edges = 0
  for (const column of half) {
    const beside = [
      column - width,
      column + width,
      ...(column % width > 0 ? [column - 1] : []),
      ...(column % width < width - 1 ? [column + 1] : [])
    ]
    edges += 4 - beside.filter((other) => half.has(other)).length
  }
  return edges
}

/** The outline of a set of places, as a path: what lies beside one another shares no line. */
export function outlineOf(frame: PlaneFrame, columns: ReadonlySet<number>): string {
  const {width: across} = frame.plane
  const lines: string[] = []
  for (const column of columns) {
    const {x, y, width, height} = cellBox(frame, column)!
    const [right, bottom] = [x + width, y + height]
    const beside = (other: number) => {
      const box = columns.has(other) ? cellBox(frame, other) : null
      return box
    }
    const col = column % across
    const above = [beside(column - across), beside(column + across)]
    if (!above.some((box) => box && box.y < y)) lines.push(`M${at(x)} ${at(y)}H${at(right)}`)
    if (!above.some((box) => box && box.y > y)) lines.push(`M${at(x)} ${at(bottom)}H${at(right)}`)
    if (col === 0 || !columns.has(column - 1)) lines.push(`M${at(x)} ${at(y)}V${at(bottom)}`)
    if (col === across - 1 || !columns.has(column + 1)) lines.push(`M${at(right)} ${at(y)}V${at(bottom)}`)
  }
  return lines.join('')
}

const at = (value: number): string => String(Math.round(value * 100) / 100)
