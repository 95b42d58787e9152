/** A point in pixels. */
export type Place = readonly [x: number, y: number]

/** SVG path data of a curve from its first place, which it does not name, to its last. */
export type Curve = (places: readonly Place[]) => string

// d3's curves come with all that d3 can draw besides; of it these two are wanted. The same numbers, to two digits.
const rounded = (value: number) => Math.round(value * 100) / 100
const point = ([x, y]: Place) => `${rounded(x)},${rounded(y)}`
const cubic = (a: Place, b: Place, c: Place) => `C${point(a)},${point(b)},${point(c)}`

/** A cubic B-spline: near the places between the first and the last. */
export const basis: Curve = (places) => {
  if (places.length < 3) return places.slice(1).map(straight).join('')
  const last = places.at(-1)!
  const [first, second] = places as [Place, Place]
  const start: Place = [(5 * first[0] + second[0]) / 6, (5 * first[1] + second[1]) / 6]
  const bends = [...places.slice(2), last].map((next, i) => basisBend(places[i]!, places[i + 1]!, next))
  return straight(start) + bends.join('') + straight(last)
}

function basisBend([x0, y0]: Place, [x1, y1]: Place, [x, y]: Place): string {
  return cubic(
    [(2 * x0 + x1) / 3, (2 * y0 + y1) / 3],
    [(x0 + 2 * x1) / 3, (y0 + 2 * y1) / 3],
    [(x0 + 4 * x1 + x) / 6, (y0 + 4 * y1 + y) / 6]
  )
}

/**
 * Through every place, and between two of them never beyond either (Steffen, A simple method for monotonic
 * interpolation in one dimension, 1990); x grows or falls throughout.
 */
export const monotone: Curve = (all) => {
  const places = all.filter(([x, y], i) => i === 0 || x !== all[i - 1]![0] || y !== all[i - 1]![1])
  if (places.length < 3) return places.slice(1).map(straight).join('')
  const inner = places.slice(2).map((next, i) => slopeAt(places[i]!, places[i + 1]!, next))
  const slopes = [
    slopeAtEnd(places[0]!, places[1]!, inner[0]!),
    ...inner,
    slopeAtEnd(places.at(-2)!, places.at(-1)!, inner.at(-1)!)
  ]
  return places
    .slice(1)
    .map((to, i) => hermite(places[i]!, to, slopes[i]!, slopes[i + 1]!))
    .join('')
}

function hermite([x0, y0]: Place, [x1, y1]: Place, slope0: number, slope1: number): string {
  const third = (x1 - x0) / 3
  return cubic([x0 + third, y0 + third * slope0], [x1 - third, y1 - third * slope1], [x1, y1])
}

function slopeAt([x0, y0]: Place, [x1, y1]: Place, [x2, y2]: Place): number {
  const [before, after] = [x1 - x0, x2 - x1]
  // Where two places are one above the other, the sign of zero says which way it goes.
  const s0 = (y1 - y0) / (before || (after < 0 ? -0 : 0))
  const s1 = (y2 - y1) / (after || (before < 0 ? -0 : 0))
  const between = (s0 * after + s1 * before) / (before + after)
  const sign = (s0 < 0 ? -1 : 1) + (s1 < 0 ? -1 : 1)
  return sign * Math.min(Math.abs(s0), Math.abs(s1), 0.5 * Math.abs(between)) || 0
}

function slopeAtEnd([x0, y0]: Place, [x1, y1]: Place, slope: number): number {
  const width = x1 - x0
  return width ? ((3 * (y1 - y0)) / width - slope) / 2 : slope
}

const straight = (place: Place) => `L${point(place)}`

/** The curve as SVG path data; empty without places. */
export function smoothLine(places: readonly Place[], curve: Curve): string {
  if (places.length === 0) return ''
  return `M${point(places[0]!)}${curve(places)}${places.length === 1 ? 'Z' : ''}`
}

/** What lies between two curves as SVG path data; empty without places. */
export function smoothArea(upper: readonly Place[], lower: readonly Place[], curve: Curve): string {
  if (upper.length === 0) return ''
  const back = lower.toReversed()
  return `M${point(upper[0]!)}${curve(upper)}${straight(back[0]!)}${curve(back)}Z`
}
