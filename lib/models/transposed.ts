/** (n, rows, cols) as (n, cols, rows). */
export function transposed(values: Float32Array, [n, rows, cols]: readonly [number, number, number]): Float32Array {
  const moved = new Float32Array(values.length)
  for (let i = 0; i < n; i++)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < cols; c++) moved[(i * cols + c) * rows + r] = values[(i * rows + r) * cols + c]!
  return moved
}
