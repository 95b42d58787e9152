import type {RowBand} from '@/lib/views/frame'

/** A row of cells on the bitmap, px. What lies between rows stays paper. */
export interface CellRow {
  readonly layer: number
  readonly y: number
  readonly height: number
}

/** The cells' share of a row: the hairline between two layers runs through the paper between their cells. */
export function cellRow({layer, y, height}: RowBand): CellRow {
  return height < 17 ? {layer, y, height: height - 1} : {layer, y: y + 1, height: height - 3}
}
