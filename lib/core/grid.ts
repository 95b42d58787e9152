/** A dense, row-major table of numbers: the shape every explanation ends in. */
export interface Grid {
  readonly rows: number
  readonly cols: number
  readonly values: Float32Array
}

/** A grid over `values`, which it does not copy. Throws RangeError when the size does not fit. */
export function grid(rows: number, cols: number, values: Float32Array): Grid {
  if (values.length !== rows * cols) {
    throw new RangeError(`grid: ${rows} × ${cols} needs ${rows * cols} values, got ${values.length}`)
  }
  return {rows, cols, values}
}

/** The value at (row, col). */
export function at({cols, values}: Grid, row: number, col: number): number {
  return values[row * cols + col]!
}

/** One row, as a view of the grid's own memory. */
export function rowOf({cols, values}: Grid, row: number): Float32Array {
  return values.subarray(row * cols, (row + 1) * cols)
}
