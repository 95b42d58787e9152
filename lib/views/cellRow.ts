import type {RowBand} from '@/lib/views/frame'

/** Rows of a map on the bitmap, px. What lies between two of them stays paper. */
export interface CellRow {
  readonly layer: number
  readonly y: number
  readonly height: number
  /** The rows of the map that it shows: one, or several where there are more rows than lines; `to` is exclusive. */
  readonly from: number
  readonly to: number
}

/** Which rows of the map a line of the figure stands for. */
export type RowGroup = readonly [from: number, to: number]

/** The cells' share of a row: the hairline between two layers runs through the paper between their cells. */
export function cellRow({layer, y, height}: RowBand, [from, to]: RowGroup = [layer, layer + 1]): CellRow {
  const place = height < 17 ? {y, height: height - 1} : {y: y + 1, height: height - 3}
  return {layer, ...place, from, to}
}
