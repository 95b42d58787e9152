import {type Ramp, rampColour, sequentialRamp, type Theme} from '@/lib/core/colour'
import {type Grid, rowOf} from '@/lib/core/grid'
import {count, fixed} from '@/lib/core/number'
import type {Axes, Explanation, Interval} from '@/lib/explain/explanation'
import {rowName} from '@/lib/explain/rowName'
import {capital} from '@/lib/explain/words'
import type {MapPlane} from '@/lib/models/family'
import {digitsFor, finiteExtent} from '@/lib/views/colourScale'
import {largestAt} from '@/lib/views/largest'
import {cellBox, type PlaneBox, type PlaneFrame, placesOf, planeFrame} from '@/lib/views/planeCells'
import {halfOf, isSpread, outlineOf} from '@/lib/views/planeHalf'
import {type PlaneBitmap, type PlanePicture, planePixels} from '@/lib/views/planePixels'
import {planeReading} from '@/lib/views/planeReading'

/** Axes whose columns are places on a picture of the input. */
export type PlaneAxes = Axes & {readonly plane: MapPlane}

/** What the panel draws from: a map with places, and the picture behind it. */
export interface PlaneScene {
  readonly axes: PlaneAxes
  /** Density, (rows, cols): the mean over inputs or one input's own. */
  readonly map: Grid
  readonly domain: Interval
  readonly ramp: Ramp
  readonly theme: Theme
  readonly picture: PlanePicture | null
  readonly frame: PlaneFrame
}

/** One row's attention on the picture; without a row the picture alone. */
export interface PlaneTile {
  readonly key: string
  readonly row: number | null
  /** "Hop 1" */
  readonly title: string
  /** What it is, where rows have labels: "deformable". */
  readonly gloss: string
  readonly frame: PlaneFrame
  readonly bitmap: PlaneBitmap
  /** Around the fewest places that hold half of its attention; empty where there are none. */
  readonly outline: string
  /** One sentence for those who do not see it. */
  readonly label: string
}

/** The axes of an explanation whose columns are places; null where they are features. */
export function planeAxes({axes}: Pick<Explanation, 'axes'>): PlaneAxes | null {
  return axes?.plane ? {...axes, plane: axes.plane} : null
}

/** A scene of a map on its plane; null where none of its densities is finite. */
export function planeScene(
  axes: PlaneAxes,
  map: Grid,
  {theme, picture}: {readonly theme: Theme; readonly picture: PlanePicture | null}
): PlaneScene | null {
  const domain = finiteExtent(map)
  if (!domain) return null
  const frame = planeFrame(axes.plane, picture)
  return {axes, map, domain, ramp: sequentialRamp(theme), theme, picture, frame}
}

/** A row as a tile. */
export function planeTile(scene: PlaneScene, row: number): PlaneTile {
  const {axes, map, frame} = scene
  const densities = rowOf(map, row)
  const half = halfOf(axes.plane, densities)
  return {
    key: `row ${row}`,
    row,
    title: `${capital(axes.rowName)} ${row + 1}`,
    gloss: axes.rowLabels?.[row]?.split(', ').at(-1) ?? '',
    frame,
    bitmap: pixelsOf(scene, densities),
    outline: half && !isSpread(axes.plane, half) ? outlineOf(frame, half) : '',
    label: planeReading({axes, map, row, column: null})
      .map(({text}) => text)
      .join('')
  }
}

/** The picture alone, to see what lies under the attention; null without one. */
export function pictureTile(scene: PlaneScene, name: string): PlaneTile | null {
  if (!scene.picture) return null
  const {frame} = scene
  const bitmap = pixelsOf(scene, null)
  return {
    key: 'picture',
    row: null,
    title: name,
    gloss: '',
    frame,
    bitmap,
    outline: '',
    label: `${name}, without attention.`
  }
}

/** A tile of another map on the same plane, such as the density of sampled points; it has a scale of its own. */
export function densityTile(scene: PlaneScene, map: Grid, title: string): PlaneTile {
  const own = {...scene, map, domain: finiteExtent(map) ?? scene.domain}
  return {
    key: title,
    row: null,
    title,
    gloss: '',
    frame: scene.frame,
    bitmap: pixelsOf(own, map.values),
    outline: '',
    label: `${title}: from ${fixed(own.domain[0], 2)} to ${fixed(own.domain[1], 2)} times as many as if spread evenly.`
  }
}

/** Where the pointed-at column lies on the plane; null for words, or for none. */
export const pointedBox = (frame: PlaneFrame, column: number | null): PlaneBox | null =>
  column === null ? null : cellBox(frame, column)

/** What the colours of all tiles stand for: both ends, and the colours between them. */
export interface PlaneLegend {
  readonly low: string
  readonly high: string
  /** What the numbers count. */
  readonly unit: string
  readonly stops: readonly string[]
}

/** The scale of a scene, which is the heatmap's while both show the same map. */
export const planeLegend = ({domain, ramp}: PlaneScene): PlaneLegend => legendOf(domain, ramp, '× an even share')

/** The scale of a tile of `densityTile`: as many points, in tiles of the scene's colours. */
export const densityLegend = (scene: PlaneScene, map: Grid): PlaneLegend =>
  legendOf(finiteExtent(map) ?? scene.domain, scene.ramp, '× an even spread')

function legendOf(domain: Interval, ramp: Ramp, unit: string): PlaneLegend {
  const digits = digitsFor(domain)
  const stops = Array.from({length: 17}, (_, i) => rampColour(ramp, i / 16))
  return {low: fixed(domain[0], digits), high: fixed(domain[1], digits), unit, stops}
}

/** The place a row attends to most, where the arrow keys begin. */
export function mostAttended({axes: {plane}, map}: Pick<PlaneScene, 'axes' | 'map'>, row: number): number {
  return largestAt(rowOf(map, row).subarray(0, placesOf(plane)))
}

/** The sentence over the panel that tells whose attention it is. */
export function planeGloss(axes: PlaneAxes, own: boolean, inputs: number): string {
  const whose = own ? 'of this input alone' : inputs === 1 ? 'of the one input' : `mean over ${count(inputs)} inputs`
  return `where each ${axes.rowName} attends, ${whose}`
}

/** A row's own name, for the heading of what is read. */
export const planeRowName = (axes: PlaneAxes, row: number): string => capital(rowName(axes, row))

function pixelsOf({axes: {plane}, domain, ramp, theme, picture}: PlaneScene, row: Float32Array | null): PlaneBitmap {
  return planePixels({plane, row, domain, ramp, theme, picture})
}
