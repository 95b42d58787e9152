import type {Moments} from './moments'

/**
 * Single inputs' densities, for resampling the map's minimum and maximum. Once whole maps no longer fit the budget,
 * only cells that may still turn out extreme are kept.
 */
export interface CellRecord {
  /** The cells kept, ascending. */
  readonly indices: Int32Array
  /** Per input, the density of each kept cell. */
  readonly maps: readonly Float32Array[]
  /** Standard error of each cell's mean over inputs (rows × cols). */
  readonly standardError: Float64Array
}

/** How many standard errors a cell's mean may move before we stop looking. */
const sixSigma = 6
/** While inputs still come the mean may drift further, so the first cut is wider. */
const earlyMargin = 12

/**
 * Cells that can be the smallest or the largest of a resampled mean map: those whose mean, moved by six standard
 * errors, meets the extreme cell's moved by six of its own.
 */
export function plausibleExtremes(
  density: ArrayLike<number>,
  standardError: ArrayLike<number>,
  margin: number = sixSigma
): Int32Array {
  let [lowest, highest] = [0, 0]
  for (let i = 0; i < density.length; i++) {
    if (density[i]! < density[lowest]!) lowest = i
    if (density[i]! > density[highest]!) highest = i
  }
  const floor = density[lowest]! + margin * standardError[lowest]!
  const ceiling = density[highest]! - margin * standardError[highest]!
  const kept: number[] = []
  for (let i = 0; i < density.length; i++) {
    const slack = margin * standardError[i]!
    if (density[i]! - slack <= floor || density[i]! + slack >= ceiling) kept.push(i)
  }
  return Int32Array.from(kept)
}

export interface CellRecorder {
  /** Takes the map that `moments` took last. */
  add(map: Float32Array): void
  read(): CellRecord
}

/** Keeps copies of maps of `cells` cells within `budget` bytes. `moments` are those of the same maps. */
export function cellRecord(cells: number, budget: number, moments: Moments): CellRecorder {
  let indices = Int32Array.from({length: cells}, (_, i) => i)
  let maps: Float32Array[] = []

  const standardError = () => moments.variances().map((variance) => Math.sqrt(variance / moments.count))

  const overBudget = () => maps.length * indices.length * 4 > budget

  // Keeps what may still be extreme of what is left; nothing when even that is too much.
  const narrow = () => {
    const plausible = new Set(plausibleExtremes(moments.means(), standardError(), earlyMargin))
    const places = Array.from(indices.keys()).filter((place) => plausible.has(indices[place]!))
    indices = Int32Array.from(places, (place) => indices[place]!)
    maps = maps.map((map) => Float32Array.from(places, (place) => map[place]!))
    if (overBudget()) [indices, maps] = [new Int32Array(0), maps.map(() => new Float32Array(0))]
  }

  return {
    add: (map) => {
      maps.push(indices.length === cells ? map.slice() : Float32Array.from(indices, (index) => map[index]!))
      if (maps.length > 1 && overBudget()) narrow()
    },
    read: () => ({indices, maps: [...maps], standardError: standardError()})
  }
}
