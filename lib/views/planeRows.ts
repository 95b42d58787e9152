/** Rows that are drawn beside one another at most. */
export const mostTiles = 12

/** Which rows of a map are drawn as tiles: all of them, or of more than twelve those around the one that is held. */
export function tileRows(rows: number, held: number | null): readonly number[] {
  const count = Math.min(rows, mostTiles)
  const middle = (held ?? 0) - Math.floor(mostTiles / 2)
  const first = Math.max(0, Math.min(rows - count, middle))
  return Array.from({length: count}, (_, i) => first + i)
}
