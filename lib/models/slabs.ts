import type {DetailArray, RunResult} from './family'

// An input larger than the device's largest tensor is run in slabs, cut along an axis that the arithmetic does not
// cross, and the slabs' maps are put together as if it had been run whole.

/** What a run of samples depends on, and what it does not. */
export interface SlabPlan {
  /** Numbers in the largest tensor. */
  readonly most: number
  /** Axes of one sample along which every item stands for itself. */
  readonly free: readonly number[]
  /** The axis that maps have across; the others are averaged away. */
  readonly colAxis: number | null
}

/** A part of the samples: `from[axis]` is where it begins in the whole sample. */
export interface Slab {
  readonly values: Float32Array
  /** Samples in it. */
  readonly count: number
  /** Shape of one. */
  readonly shape: readonly number[]
  readonly from: readonly number[]
}

/** Samples that have not been cut. */
export const wholeSlab = (values: Float32Array, count: number, shape: readonly number[]): Slab => ({
  values,
  count,
  shape,
  from: shape.map(() => 0)
})

/**
 * Runs samples whole where they fit, else sample by sample, else in slabs along the longest free axis. A sample that
 * cannot be cut further is given to `run` as it is, which has to refuse it.
 */
export async function inSlabs(
  whole: Slab,
  plan: SlabPlan,
  run: (slab: Slab) => Promise<RunResult>
): Promise<RunResult> {
  const {values, count, shape} = whole
  if (values.length <= plan.most) return run(whole)
  if (count > 1) {
    const size = values.length / count
    const each = Math.max(1, Math.floor(plan.most / size))
    const results: RunResult[] = []
    for (let start = 0; start < count; start += each) {
      const stop = Math.min(start + each, count)
      const part = {...whole, values: values.subarray(start * size, stop * size), count: stop - start}
      results.push(await inSlabs(part, plan, run))
    }
    return oneAfterTheOther(results)
  }
  const axis = [...plan.free].sort((a, b) => shape[b]! - shape[a]! || a - b)[0]
  if (axis === undefined || shape[axis]! < 2) return run(whole)
  const items = Math.max(1, Math.floor((plan.most * shape[axis]!) / values.length))
  const slabs = cut(whole, axis, Math.ceil(shape[axis]! / items))
  const results: RunResult[] = []
  for (const slab of slabs()) results.push(await inSlabs(slab, plan, run))
  const lengths = cuts(shape[axis]!, results.length).map(([start, stop]) => stop - start)
  return sideBySide(results, lengths, axis, axis === plan.colAxis)
}

/** Equal parts of an axis, the last ones one item shorter where it does not divide. */
function cuts(length: number, parts: number): [start: number, stop: number][] {
  const at = (part: number) => Math.ceil((part * length) / parts)
  return Array.from({length: parts}, (_, part) => [at(part), at(part + 1)])
}

/** Slabs of one sample along an axis, each made when its turn comes. */
function cut({values, shape, from}: Slab, axis: number, parts: number): () => Generator<Slab> {
  const length = shape[axis]!
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const outer = values.length / (length * inner)
  return function* () {
    for (const [start, stop] of cuts(length, parts)) {
      const own = (stop - start) * inner
      const part = outer === 1 ? values.subarray(start * inner, stop * inner) : new Float32Array(outer * own)
      if (outer > 1)
        for (let o = 0; o < outer; o++) {
          const at = (o * length + start) * inner
          part.set(values.subarray(at, at + own), o * own)
        }
      yield {
        values: part,
        count: 1,
        shape: shape.map((size, i) => (i === axis ? stop - start : size)),
        from: from.map((begin, i) => (i === axis ? begin + start : begin))
      }
    }
  }
}

/** Results of some samples, then of the next. */
function oneAfterTheOther(results: readonly RunResult[]): RunResult {
  const each = (of: (result: RunResult) => Float32Array) => joined(results.map(of), 1)
  return {
    density: each(({density}) => density),
    standardised: each(({standardised}) => standardised),
    deviation: each(({deviation}) => deviation),
    logits: results[0]!.logits && each(({logits}) => logits!),
    details: detailsOf(results, (parts) => [
      parts[0]!.shape,
      joined(
        parts.map(({values}) => values),
        1
      )
    ])
  }
}

/** Results of one sample's slabs along an axis: columns stand beside one another, everything else is a mean. */
function sideBySide(
  results: readonly RunResult[],
  lengths: readonly number[],
  axis: number,
  columns: boolean
): RunResult {
  const one = (of: (result: RunResult) => Float32Array) => {
    const parts = results.map(of)
    if (!columns) return meanOf(parts, lengths)
    return joined(parts, parts[0]!.length / lengths[0]!)
  }
  return {
    density: one(({density}) => density),
    standardised: one(({standardised}) => standardised),
    deviation: one(({deviation}) => deviation),
    logits: null,
    details: detailsOf(results, (parts) => {
      const shape = parts[0]!.shape.map((size, i) => (i === axis ? lengths.reduce((a, b) => a + b, 0) : size))
      const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1)
      return [
        shape,
        joined(
          parts.map(({values}) => values),
          outer
        )
      ]
    })
  }
}

function detailsOf(
  results: readonly RunResult[],
  join: (parts: readonly DetailArray[]) => [readonly number[], Float32Array]
): RunResult['details'] {
  const [first] = results
  if (!first?.details) return null
  return first.details.map(({name}, i) => {
    const [shape, values] = join(results.map(({details}) => details![i]!))
    return {name, shape, values}
  })
}

/** Arrays of (outer, own length each) as (outer, all of them). */
function joined(parts: readonly Float32Array[], outer: number): Float32Array {
  const total = parts.reduce((sum, {length}) => sum + length, 0)
  const whole = new Float32Array(total)
  const lengths = parts.map(({length}) => length / outer)
  let at = 0
  for (let o = 0; o < outer; o++)
    for (const [i, part] of parts.entries()) {
      whole.set(part.subarray(o * lengths[i]!, (o + 1) * lengths[i]!), at)
      at += lengths[i]!
    }
  return whole
}

/** The mean of arrays of one length, weighted. */
function meanOf(parts: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const total = weights.reduce((a, b) => a + b, 0)
  return Float32Array.from(parts[0]!, (_, i) => parts.reduce((sum, part, k) => sum + weights[k]! * part[i]!, 0) / total)
}
