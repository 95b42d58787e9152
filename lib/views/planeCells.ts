import type {MapPlane} from '@/lib/models/family'

/** A plane as it is drawn: 100 units high, as wide as its picture is, beside that. */
export interface PlaneFrame {
  readonly plane: MapPlane
  readonly width: number
  readonly height: number
}

/** A rectangle of a drawn plane. */
export interface PlaneBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const unit = 100

/** The frame of a plane, with the proportions of the picture behind it, else with square cells. */
export function planeFrame(
  plane: MapPlane,
  picture: {readonly width: number; readonly height: number} | null
): PlaneFrame {
  const {width, height} = picture ?? plane
  return {plane, width: (unit * width) / height, height: unit}
}

/** Columns of the map that are places; those behind them are words. */
export const placesOf = ({height, width}: MapPlane): number => height * width

/** Frequencies rise, as on every spectrogram; all else is counted from the top. */
export const isUpward = ({downName}: MapPlane): boolean => downName === 'frequency'

/** Where a column of the map lies; null behind the plane. */
export function cellBox({plane, width, height}: PlaneFrame, column: number): PlaneBox | null {
  if (column < 0 || column >= placesOf(plane)) return null
  const [w, h] = [width / plane.width, height / plane.height]
  return {x: (column % plane.width) * w, y: drawnRow(plane, Math.floor(column / plane.width)) * h, width: w, height: h}
}

/** The column of the map at shares of the drawn plane, 0 to 1 from its left and from its top; null outside. */
export function columnAtShare(plane: MapPlane, across: number, down: number): number | null {
  if (!(across >= 0 && across < 1 && down >= 0 && down < 1)) return null
  return drawnRow(plane, Math.floor(down * plane.height)) * plane.width + Math.floor(across * plane.width)
}

/** The column that an arrow key leads to from another, as the plane is drawn; null for other keys. Ends hold. */
export function columnBeside(plane: MapPlane, column: number, key: string): number | null {
  const step = steps[key]
  if (!step) return null
  const [across, down] = step
  const within = (at: number, size: number) => Math.max(0, Math.min(size - 1, at))
  const row = within(Math.floor(column / plane.width) + (isUpward(plane) ? -down : down), plane.height)
  return row * plane.width + within((column % plane.width) + across, plane.width)
}

/** "row 1, column 3", as a person counts; a word by its own name. */
export function placeName(plane: MapPlane, column: number): string {
  if (column >= placesOf(plane)) return plane.after?.[column - placesOf(plane)] ?? `column ${column + 1}`
  const [down, across] = [Math.floor(column / plane.width) + 1, (column % plane.width) + 1]
  return `${plane.downName} ${down}, ${plane.acrossName} ${across}`
}

/** A row of the plane by where it is drawn, and the other way round. */
const drawnRow = (plane: MapPlane, row: number): number => (isUpward(plane) ? plane.height - 1 - row : row)

const steps: Readonly<Record<string, readonly [across: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1]
}
