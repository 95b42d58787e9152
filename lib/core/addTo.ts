/** Adds values to the totals that stand in the same places, in place. */
export function addTo(totals: Float64Array, values: Float32Array | Float64Array): void {
  for (let i = 0; i < values.length; i++) totals[i]! += values[i]!
}
