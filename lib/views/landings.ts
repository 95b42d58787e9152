import {fixed} from '@/lib/core/number'
import type {LayerImportance} from '@/lib/explain/explanation'
import type {HeadBlock} from '@/lib/views/frame'
import type {CurvePlace} from '@/lib/views/gaussianCurve'

/** Where a layer lands on its head's curve: at its mean |z|. */
export interface Landing {
  readonly layer: number
  readonly x: number
  readonly y: number
  /** `mean |z| 0.47`, for whoever rests the pointer on it. */
  readonly meaning: string
  /** The layer's number at the panel's edge, joined by a leader; null where there is no room. */
  readonly label: {readonly text: string; readonly x: number; readonly y: number} | null
}

const labelStep = 11.5
const labelRoom = 16

/** The landings of a block's layers, on the right flank of the curve. Layers beyond the drawn z are left out. */
export function landingsOf(
  layers: readonly LayerImportance[],
  block: HeadBlock,
  {limit, x, y}: CurvePlace,
  curve: (z: number) => number,
  {labels, right}: {readonly labels: boolean; readonly right: number}
): Landing[] {
  const landed = block.rows.flatMap(({layer}) => {
    const z = layers.find((l) => l.layer === layer)?.meanAbsZ ?? null
    if (z === null || !(z <= limit)) return []
    return [{layer, x: x(z), y: y(curve(z)), meaning: `layer ${layer + 1}, mean |z| ${fixed(z, 2)}`}]
  })
  const heights = labels ? labelHeights(landed, block) : null
  return landed.map((landing, i) => {
    const roomy = heights !== null && landing.x < right - labelRoom - 8
    return {...landing, label: roomy ? {text: String(landing.layer + 1), x: right - 1, y: heights[i]!} : null}
  })
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
