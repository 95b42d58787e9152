/** Round numbers: the whole multiples of `step`, or of one over it where it is below one, so that decimals stay exact. */
interface Steps {
  readonly first: number
  readonly last: number
  readonly step: number
  readonly inverse: boolean
}

/** From low to high, about `count` round numbers, as d3's `ticks` gives them; downwards when high is below low. */
export function ticks(low: number, high: number, count: number): number[] {
  if (!(count > 0)) return []
  if (low === high) return [low]
  if (high < low) return ticks(high, low, count).reverse()
  const {first, last, step, inverse} = stepsIn(low, high, count)
  if (!(last >= first)) return []
  return Array.from({length: last - first + 1}, (_, i) => (inverse ? (first + i) / step : (first + i) * step))
}

/** How far those numbers are apart; below one the negative of one over it. For low below high. */
export function tickIncrement(low: number, high: number, count: number): number {
  const {step, inverse} = stepsIn(low, high, count)
  return inverse ? -step : step
}

/** How far those numbers are apart. */
export function tickStep(low: number, high: number, count: number): number {
  const {step, inverse} = stepsIn(low, high, count)
  return inverse ? 1 / step : step
}

function stepsIn(low: number, high: number, count: number): Steps {
  const wanted = (high - low) / Math.max(0, count)
  const power = Math.floor(Math.log10(wanted))
  const rest = wanted / 10 ** power
  // Each gives way to the next halfway between them, as factors go.
  const digit = rest >= Math.sqrt(50) ? 10 : rest >= Math.sqrt(10) ? 5 : rest >= Math.SQRT2 ? 2 : 1
  const inverse = power < 0
  const step = inverse ? 10 ** -power / digit : 10 ** power * digit
  const place = (value: number) => Math.round(inverse ? value * step : value / step)
  const valueAt = (index: number) => (inverse ? index / step : index * step)
  let [first, last] = [place(low), place(high)]
  if (valueAt(first) < low) first++
  if (valueAt(last) > high) last--
  // One was wanted and none is within: the next finer step has some.
  return last < first && count >= 0.5 && count < 2 ? stepsIn(low, high, count * 2) : {first, last, step, inverse}
}
