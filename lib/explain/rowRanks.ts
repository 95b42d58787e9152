import {extent, ranks} from '@/lib/core/statistics'

// Two float32 results of the same sum may differ by this much of their size and mean nothing by it.
export const float32Noise = 1e-6

/** Ranks of row means: rows that float32 cannot tell apart are tied. */
export function rowRanks(rowMeans: ArrayLike<number>): number[] {
  const [min, max] = extent(rowMeans)
  return ranks(rowMeans, float32Noise * Math.max(Math.abs(min), Math.abs(max)))
}
