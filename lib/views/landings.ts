import {fixed} from '@/lib/core/number'
import type {LayerImportance} from '@/lib/explain/explanation'
import type {HeadBlock} from '@/lib/views/frame'
import type {CurvePlace} from '@/lib/views/gaussianCurve'

/** Where a layer lands on its head's curve: at its mean |z|. */
export interface Landing {
  readonly layer: number
  readonly x: number
  readonly y: number
  /** Smaller in low blocks, where landings crowd. */
  readonly radius: number
  /** `mean |z| 0.47`, for whoever rests the pointer on it. */
  readonly meaning: string
  /** The layer's number to the right, joined by a leader; null where there is no room. */
  readonly label: {readonly text: string; readonly x: number; readonly y: number} | null
}

/** Where labels may stand: over what `ceiling` gives for a z, and left of `right`. */
export interface LabelRoom {
  readonly ceiling: (z: number) => number
  readonly right: number
}

const labelStep = 11.5
const labelRoom = 13
const leaderRoom = 32

/**
 * The landings of a block's layers, on the right flank of the curve; null for no labels. Layers beyond the drawn z are
 * left out.
 */
export function landingsOf(
  layers: readonly LayerImportance[],
  block: HeadBlock,
  {limit, x, y}: CurvePlace,
  curve: (z: number) => number,
  room: LabelRoom | null
): Landing[] {
  const landed = block.rows.flatMap(({layer}) => {
    const z = layers.find((l) => l.layer === layer)?.meanAbsZ ?? null
    if (z === null || !(z <= limit)) return []
    return [{layer, x: x(z), y: y(curve(z)), meaning: `layer ${layer + 1}, mean |z| ${fixed(z, 2)}`}]
  })
  const radius = block.height < 60 ? 2.2 : 3
  const heights = room !== null && landed.length > 0 ? labelHeights(landed, block) : null
  const zAt = (px: number) => ((px - x(0)) / (x(limit) - x(0))) * limit
  const edge = heights && room ? labelEdge(landed, heights, (px) => y(room.ceiling(zAt(px))), room.right) : null
  return landed.map((landing, i) => ({
    ...landing,
    radius,
    label: edge === null ? null : {text: String(landing.layer + 1), x: edge, y: heights![i]!}
  }))
}

// The nearest place to the right where the curves have fallen below the lowest label; null when there is none.
function labelEdge(
  landed: readonly {readonly x: number}[],
  heights: readonly number[],
  curveY: (px: number) => number,
  right: number
): number | null {
  const lowest = Math.max(...heights) + 9
  const first = Math.max(...landed.map((landing) => landing.x)) + leaderRoom
  for (let px = first; px < right; px += 4) if (curveY(px - labelRoom) >= lowest) return Math.min(px, right - 1)
  return first < right ? right - 1 : null
}

// From the highest landing down, each label at its own height or just below the one before; null when they do not fit.
function labelHeights(landed: readonly {readonly y: number}[], block: HeadBlock): number[] | null {
  const order = landed.map((_, i) => i).sort((i, j) => landed[i]!.y - landed[j]!.y)
  const heights = new Array<number>(landed.length)
  let next = block.y + 6
  for (const i of order) {
    heights[i] = Math.max(next, landed[i]!.y - 8)
    next = heights[i]! + labelStep
  }
  return next - labelStep <= block.y + block.height - 6 ? heights : null
}
