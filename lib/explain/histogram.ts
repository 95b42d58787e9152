import {grid} from '@/lib/core/grid'
import type {Signal} from './explanation'

const bins = 48

/** Counts values per row over 48 equal bins around zero. */
export interface Histogram {
  /** Values that are not finite are passed over. */
  add(row: number, value: number): void
  read(): Signal
}

/**
 * A histogram from −limit to +limit for each of `rows` rows. A value outside doubles the limit: bins merge in pairs,
 * so no count is lost or misplaced.
 */
export function histogram(rows: number, limit: number): Histogram {
  let counts = new Float64Array(rows * bins)
  let reach = limit > 0 ? limit : 1

  const widen = () => {
    const merged = new Float64Array(counts.length)
    for (let i = 0; i < counts.length; i++) {
      const row = Math.floor(i / bins)
      merged[row * bins + bins / 4 + Math.floor((i % bins) / 2)]! += counts[i]!
    }
    counts = merged
    reach *= 2
  }

  return {
    add: (row, value) => {
      if (!Number.isFinite(value)) return
      while (Math.abs(value) > reach) widen()
      const bin = Math.min(bins - 1, Math.floor(((value + reach) / (2 * reach)) * bins))
      counts[row * bins + bin]! += 1
    },
    read: () => ({
      edges: Array.from({length: bins + 1}, (_, i) => ((2 * i) / bins - 1) * reach),
      counts: grid(rows, bins, Float32Array.from(counts))
    })
  }
}
