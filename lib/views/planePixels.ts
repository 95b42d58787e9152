import {type Ramp, rampStep, type Theme} from '@/lib/core/colour'
import type {Interval} from '@/lib/explain/explanation'
import type {MapPlane} from '@/lib/models/family'
import {columnAtShare} from '@/lib/views/planeCells'

/** What a picture of one input holds: (height, width), 0 paper to 255 ink. */
export interface PlanePicture {
  readonly width: number
  readonly height: number
  readonly values: Uint8Array
}

/** A picture in colour: (height, width, 4) sRGB bytes. */
export interface PlaneBitmap {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8ClampedArray<ArrayBuffer>
}

export interface PlanePixelOptions {
  readonly plane: MapPlane
  /** Density by column of the map; null for the picture alone. */
  readonly row: Float32Array | null
  readonly domain: Interval
  readonly ramp: Ramp
  readonly theme: Theme
  readonly picture: PlanePicture | null
}

/** Wash and ink of either theme, sRGB. */
const inks: Readonly<Record<Theme, {readonly light: Colour; readonly dark: Colour; readonly wash: Colour}>> = {
  light: {light: [255, 255, 255], dark: [20, 24, 28], wash: [244, 246, 247]},
  dark: {light: [233, 237, 240], dark: [17, 21, 25], wash: [26, 32, 38]}
}

type Colour = readonly [red: number, green: number, blue: number]

/** How much of its colour a place gives up to the picture's strokes. */
const strokeStrength = 0.82

/**
 * The picture printed on its attention: each place has the colour of its density, exactly that of the heatmap, and the
 * strokes of the picture stand on it in whichever of paper and ink is farther from that colour. A place whose density is
 * not finite stays clear.
 */
export function planePixels({plane, row, domain, ramp, theme, picture}: PlanePixelOptions): PlaneBitmap {
  const pixelsFor = (cells: number, pixels: number) => cells * Math.max(1, Math.ceil(pixels / cells))
  const width = pixelsFor(plane.width, picture?.width ?? 0)
  const height = pixelsFor(plane.height, picture?.height ?? 0)
  const rgba = new Uint8ClampedArray(width * height * 4)
  const {light, dark, wash} = inks[theme]
  const [low, high] = domain
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [across, down] = [(x + 0.5) / width, (y + 0.5) / height]
      const value = row ? row[columnAtShare(plane, across, down)!]! : 0
      if (!Number.isFinite(value)) continue
      const step = row ? 3 * rampStep(high > low ? (value - low) / (high - low) : 0) : 0
      const ground: Colour = row ? [ramp.rgb[step]!, ramp.rgb[step + 1]!, ramp.rgb[step + 2]!] : wash
      const stroke = lightness(ground) > (lightness(light) + lightness(dark)) / 2 ? dark : light
      const ink = (picture ? inkAt(picture, across, down) : 0) * (row ? strokeStrength : 1)
      const pixel = (y * width + x) * 4
      for (let part = 0; part < 3; part++) rgba[pixel + part] = ground[part]! + (stroke[part]! - ground[part]!) * ink
      rgba[pixel + 3] = 255
    }
  return {width, height, rgba}
}

function inkAt({width, height, values}: PlanePicture, across: number, down: number): number {
  return (values[Math.floor(down * height) * width + Math.floor(across * width)] ?? 0) / 255
}

// How light a colour looks is nearer to its gamma-coded luma than to its luminance.
const lightness = ([red, green, blue]: Colour): number => 0.299 * red + 0.587 * green + 0.114 * blue
