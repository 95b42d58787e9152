// Perceptual colour: OKLab (Ottosson 2020), ramps of equal steps, and one hue per head.

export type Theme = 'light' | 'dark'

/** A colour scale of 256 steps, low to high. */
export interface Ramp {
  /** (256, 3) sRGB bytes. */
  readonly rgb: Uint8Array
}

export type Oklab = readonly [lightness: number, a: number, b: number]
export type Oklch = readonly [lightness: number, chroma: number, hueDegrees: number]
export type Rgb = readonly [red: number, green: number, blue: number]

export const rampSize = 256

/** Lightness runs from the paper's side to the ink's: low values recede into the page in both themes. */
export const sequentialPoints: Record<Theme, readonly Oklch[]> = {
  light: [
    [0.972, 0.016, 115],
    [0.885, 0.058, 158],
    [0.755, 0.088, 190],
    [0.6, 0.1, 222],
    [0.45, 0.108, 254],
    [0.29, 0.09, 277]
  ],
  dark: [
    [0.245, 0.035, 275],
    [0.36, 0.088, 268],
    [0.5, 0.105, 246],
    [0.645, 0.1, 215],
    [0.8, 0.095, 178],
    [0.945, 0.065, 118]
  ]
}

// The middle one is neutral, near the paper; the arms are equally light step for step.
const divergingPoints: Record<Theme, readonly Oklch[]> = {
  light: [
    [0.5, 0.135, 52],
    [0.66, 0.115, 58],
    [0.83, 0.065, 66],
    [0.965, 0.004, 90],
    [0.83, 0.06, 300],
    [0.66, 0.12, 300],
    [0.48, 0.165, 297]
  ],
  dark: [
    [0.8, 0.125, 62],
    [0.64, 0.115, 58],
    [0.45, 0.075, 58],
    [0.275, 0.008, 260],
    [0.45, 0.095, 298],
    [0.62, 0.13, 299],
    [0.77, 0.125, 302]
  ]
}

/**
 * The hues of the heads, in their fixed order. The page reads them from its custom properties `--head-1` to `--head-8`.
 */
export const headHues: Record<Theme, readonly string[]> = {
  light: ['#1264ba', '#c25105', '#1f553e', '#9f4582', '#695b01', '#2d7f9e', '#8c5849', '#484b7c'],
  dark: ['#47aaf7', '#f28948', '#44dbae', '#cb87bc', '#e2c46b', '#92d8ee', '#d4a499', '#a6abe3']
}

/** The custom property that holds a head's hue, for style sheets and SVG; hues repeat after eight heads. */
export const headHue = (head: number): string => `var(--head-${(head % 8) + 1})`

/** The scale of density and Importance Factor. */
export const sequentialRamp = (theme: Theme): Ramp => rampsOf(theme).sequential

/** The scale of differences: low below zero, high above, neutral in its two middle steps. */
export const divergingRamp = (theme: Theme): Ramp => rampsOf(theme).diverging

/** The step of a ramp for t in 0..1; what lies outside takes the nearest end. Not for NaN. */
export function rampStep(t: number): number {
  return Math.max(0, Math.min(rampSize - 1, Math.round(t * (rampSize - 1))))
}

/** The ramp's colour at t in 0..1 as `#rrggbb`. */
export function rampColour({rgb}: Ramp, t: number): string {
  const i = rampStep(t) * 3
  return hexOf(rgb[i]!, rgb[i + 1]!, rgb[i + 2]!)
}

/** `count` colours at equal distances in OKLab along a smooth curve through the points; sRGB, unclipped 0..1. */
export function equalSteps(points: readonly Oklch[], count: number): Rgb[] {
  return atEqualDistances(smoothCurve(points.map(oklabOf)), count).map(srgbOf)
}

interface Ramps {
  readonly sequential: Ramp
  readonly diverging: Ramp
}

const made: Partial<Record<Theme, Ramps>> = {}

// Made once per theme: 2 × 256 steps from a few thousand points.
function rampsOf(theme: Theme): Ramps {
  made[theme] ??= {
    sequential: rampOf(equalSteps(sequentialPoints[theme], rampSize)),
    diverging: rampOf(twoArms(divergingPoints[theme]))
  }
  return made[theme]
}

// Each arm gets half of the steps, so that zero is the neutral point exactly, whichever arm is longer.
function twoArms(points: readonly Oklch[]): Rgb[] {
  const curve = smoothCurve(points.map(oklabOf))
  const middle = (curve.length - 1) / 2
  return [curve.slice(0, middle + 1), curve.slice(middle)]
    .flatMap((arm) => atEqualDistances(arm, rampSize / 2))
    .map(srgbOf)
}

const samples = 2000

// A uniform Catmull-Rom spline; the ends stand in for their missing neighbours.
function smoothCurve(points: readonly Oklab[]): Oklab[] {
  const last = points.length - 1
  return Array.from({length: samples + 1}, (_, i) => {
    const t = (i / samples) * last
    const k = Math.min(last - 1, Math.floor(t))
    const near = [points[Math.max(0, k - 1)]!, points[k]!, points[k + 1]!, points[Math.min(last, k + 2)]!]
    const along = (axis: 0 | 1 | 2) =>
      splineBetween(
        near.map((p) => p[axis]),
        t - k
      )
    return [along(0), along(1), along(2)]
  })
}

function splineBetween([a, b, c, d]: readonly number[], u: number): number {
  const [p0, p1, p2, p3] = [a!, b!, c!, d!]
  const cubic = 3 * p1 - p0 - 3 * p2 + p3
  const square = 2 * p0 - 5 * p1 + 4 * p2 - p3
  return p1 + 0.5 * u * (p2 - p0 + u * (square + u * cubic))
}

function atEqualDistances(curve: readonly Oklab[], count: number): Oklab[] {
  const travelled = [0]
  for (let i = 1; i < curve.length; i++) travelled.push(travelled[i - 1]! + labDistance(curve[i - 1]!, curve[i]!))
  const length = travelled.at(-1)!
  let k = 0
  return Array.from({length: count}, (_, i) => {
    const goal = (i / (count - 1)) * length
    while (k < curve.length - 2 && travelled[k + 1]! < goal) k++
    const u = (goal - travelled[k]!) / (travelled[k + 1]! - travelled[k]!)
    return mixLab(curve[k]!, curve[k + 1]!, u)
  })
}

const mixLab = (p: Oklab, q: Oklab, u: number): Oklab => [
  p[0] + (q[0] - p[0]) * u,
  p[1] + (q[1] - p[1]) * u,
  p[2] + (q[2] - p[2]) * u
]

/** The distance between two OKLab colours. */
export const labDistance = (p: Oklab, q: Oklab): number => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])

function oklabOf([lightness, chroma, hue]: Oklch): Oklab {
  const radians = (hue * Math.PI) / 180
  return [lightness, chroma * Math.cos(radians), chroma * Math.sin(radians)]
}

// OKLab to linear sRGB and back (Ottosson 2020), with sRGB's transfer curve.
function srgbOf([lightness, a, b]: Oklab): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  ]
}

/** OKLab of linear-light sRGB. */
export function labOfLinear([red, green, blue]: Rgb): Oklab {
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  ]
}

/** `#rrggbb` in linear light, each channel 0..1. */
export function linearOf(hex: string): Rgb {
  const channel = (at: number) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  return [channel(1), channel(3), channel(5)]
}

const encoded = (x: number): number => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055)
const linear = (x: number): number => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)

const byte = (x: number): number => Math.round(255 * Math.max(0, Math.min(1, x)))
const rampOf = (colours: readonly Rgb[]): Ramp => ({rgb: Uint8Array.from(colours.flat(), byte)})

/** `#rrggbb` of sRGB bytes. */
export const hexOf = (red: number, green: number, blue: number): string =>
  `#${[red, green, blue].map((v) => v.toString(16).padStart(2, '0')).join('')}`
