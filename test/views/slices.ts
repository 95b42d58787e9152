import type {Grid} from '@/lib/core/grid'
import {mapSums} from '@/lib/core/mapSums'
import type {TensorSlice} from '@/lib/engine/protocol'
import {finiteExtent} from '@/lib/views/colourScale'

/** A whole slice, element by element. */
export const sliceOf = (cells: Grid): TensorSlice => ({
  rows: cells.rows,
  cols: cells.cols,
  part: {rows: [0, cells.rows], cols: [0, cells.cols]},
  cells,
  sums: mapSums(cells),
  spread: null,
  extent: finiteExtent(cells),
  notFinite: cells.values.filter((value) => !Number.isFinite(value)).length
})
