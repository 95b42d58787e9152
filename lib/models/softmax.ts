/** exp(wᵢ) / Σ exp(wₖ) in float64, about the largest. */
export function softmax(weights: Float32Array): Float32Array {
  const top = weights.reduce((most, weight) => Math.max(most, weight), Number.NEGATIVE_INFINITY)
  const powers = Float64Array.from(weights, (weight) => Math.exp(weight - top))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return Float32Array.from(powers, (power) => power / total)
}
