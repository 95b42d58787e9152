import {addTo} from '@/lib/core/addTo'

/** What the inputs of one true class come down to. */
export interface ClassMeans {
  /** Index into the classes. */
  readonly label: number
  /** Inputs of this class among those that count. */
  readonly count: number
  /** Mean density of each row. */
  readonly rowMeans: Float64Array
  /** Mean density (rows × cols); null where the maps of all classes would take more memory than they may. */
  readonly density: Float64Array | null
}

export interface ClassSums {
  /** Takes one input of this class: its map, and the mean of each row of it. */
  add(label: number, map: Float32Array, rowMeans: Float64Array): void
  /** By label, ascending. */
  read(): ClassMeans[]
}

interface Sums {
  count: number
  readonly rows: Float64Array
  readonly cells: Float64Array | null
}

/** Sums by true class in float64. Maps of single classes are kept while they all fit into `budget` bytes. */
export function classSums(cells: number, budget: number): ClassSums {
  const classes = new Map<number, Sums>()
  let keepsMaps = true

  function begun(label: number, rows: number): Sums {
    if (keepsMaps && (classes.size + 1) * cells * 8 > budget) {
      keepsMaps = false
      for (const [other, sums] of classes) classes.set(other, {...sums, cells: null})
    }
    const sums = {count: 0, rows: new Float64Array(rows), cells: keepsMaps ? new Float64Array(cells) : null}
    classes.set(label, sums)
    return sums
  }

  return {
    add: (label, map, rowMeans) => {
      const sums = classes.get(label) ?? begun(label, rowMeans.length)
      sums.count += 1
      addTo(sums.rows, rowMeans)
      if (sums.cells) addTo(sums.cells, map)
    },
    read: () =>
      [...classes]
        .sort(([a], [b]) => a - b)
        .map(([label, {count, rows, cells: maps}]) => ({
          label,
          count,
          rowMeans: rows.map((total) => total / count),
          density: maps?.map((total) => total / count) ?? null
        }))
  }
}
