const steps = 1024
const perUnit = steps / Math.LN2
const unit = Math.LN2 / steps
const least = -1074

const fractions = Float64Array.from({length: steps}, (_, j) => 2 ** (j / steps))
const powers = Float64Array.from({length: 1024 - least}, (_, k) => 2 ** (k + least))

/**
 * e to the x, to ten digits: a table of 2^(j/1024), and two terms of the series for what is left. Several times faster
 * than Math.exp. NaN stays NaN.
 */
export function quickExp(x: number): number {
  if (x > -740 && x < 700) {
    const scaled = x * perUnit
    const whole = Math.floor(scaled)
    const rest = (scaled - whole) * unit
    return powers[(whole >> 10) - least]! * fractions[whole & (steps - 1)]! * (1 + rest + rest * rest * 0.5)
  }
  return Math.exp(x)
}
