/**
 * The largest difference as a share of the largest expected number, or of `peak` where that is larger; infinite where
 * only one of two is a number.
 */
export function worstError(actual: ArrayLike<number>, expected: ArrayLike<number>, peak = 0): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let worst = 0
  for (let i = 0; i < expected.length; i++) {
    if (Number.isNaN(expected[i]) !== Number.isNaN(actual[i])) return Number.POSITIVE_INFINITY
    if (Number.isFinite(expected[i])) peak = Math.max(peak, Math.abs(expected[i]!))
    if (Number.isNaN(expected[i]) || actual[i] === expected[i]) continue
    worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!))
  }
  return worst === 0 ? 0 : worst / peak
}
