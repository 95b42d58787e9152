/** Entropy of a distribution in bits, −Σ a log₂ a; 0 log 0 is 0. */
export function entropyBits(shares: Float32Array): number {
  let bits = 0
  for (const share of shares) if (share > 0) bits -= share * Math.log2(share)
  return bits
}

/** Values less their mean, over the square root of their biased variance + 1e-5. */
export function standardisedOver(values: Float32Array): Float32Array {
  let [sum, squares] = [0, 0]
  for (const value of values) sum += value
  const mean = sum / values.length
  for (const value of values) squares += (value - mean) ** 2
  const deviation = Math.sqrt(squares / values.length + 1e-5)
  return values.map((value) => (value - mean) / deviation)
}
