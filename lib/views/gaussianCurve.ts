/** A smooth function of z with its slope, and the places where a drawing of it must bend. */
export interface Curve {
  readonly value: (z: number) => number
  readonly slope: (z: number) => number
  readonly knots: readonly number[]
}

/** From z to px, and from the curve's value to px. */
export interface CurvePlace {
  /** Drawn from −limit to +limit. */
  readonly limit: number
  readonly x: (z: number) => number
  readonly y: (value: number) => number
}

// In standard deviations. Cubics between these stay within 0.001 of a Gaussian.
const bends = [-5, -4, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5]

/**
 * The unnormalised Gaussian exp(−(z − offset)² / 2·variance), 1 or `height` at its peak (arXiv 2401.11143v4, Algorithm
 * 1).
 */
export function gaussianCurve(offset: number, variance: number, height = 1): Curve {
  const value = (z: number) => height * Math.exp(-((z - offset) ** 2) / (2 * variance))
  return {
    value,
    slope: (z) => (value(z) * (offset - z)) / variance,
    knots: bends.map((sd) => offset + sd * Math.sqrt(variance))
  }
}

/** True for parameters that make a curve which can be drawn: a spread that is positive, and numbers throughout. */
export const isDrawable = (offset: number, variance: number): boolean =>
  Number.isFinite(offset) && Number.isFinite(variance) && variance > 0

/** One curve minus another. */
export function curveDifference(curve: Curve, from: Curve): Curve {
  return {
    value: (z) => curve.value(z) - from.value(z),
    slope: (z) => curve.slope(z) - from.slope(z),
    knots: [...curve.knots, ...from.knots]
  }
}

/** SVG path data: a cubic through every knot, with the curve's own slope there. */
export function curvePath({value, slope, knots}: Curve, {limit, x, y}: CurvePlace): string {
  const inside = knots.filter((z) => Math.abs(z) < limit).sort((a, b) => a - b)
  const zs = [-limit, ...inside, limit]
  const point = (z: number, height: number) => `${x(z).toFixed(2)},${y(height).toFixed(2)}`
  return zs
    .map((z, i) => {
      if (i === 0) return `M${point(z, value(z))}`
      const before = zs[i - 1]!
      const third = (z - before) / 3
      const leaving = point(before + third, value(before) + slope(before) * third)
      const arriving = point(z - third, value(z) - slope(z) * third)
      return `C${leaving} ${arriving} ${point(z, value(z))}`
    })
    .join('')
}
