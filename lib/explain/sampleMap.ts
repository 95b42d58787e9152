import {type Grid, grid} from '@/lib/core/grid'
import type {Accumulated} from './accumulate'

/**
 * One input's own density map (rows, cols), counted as the inputs came; null when it was left out, or when memory
 * allowed only its extreme cells: then the model must run it again.
 */
export function sampleMapOf({axes, cells, leftOut}: Accumulated, index: number): Grid | null {
  if (cells === null || cells.indices.length < axes.rows * axes.cols || leftOut.includes(index)) return null
  const map = cells.maps[index - leftOut.filter((other) => other < index).length]
  return map ? grid(axes.rows, axes.cols, map) : null
}
