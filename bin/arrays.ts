import {joinedValues} from '@/lib/core/joinedValues'
import type {Slice} from '@/lib/engine/story'
import type {NamedArray} from '@/lib/formats/npzBytes'

/** Keeps of every slice what the NPZ holds beyond the explanation. */
export interface SliceRecord {
  readonly take: (slice: Slice) => void
  /** `sample_density`, `logits`, and what the module computed in its own shapes: `output`, `attention.layer_0`… */
  arrays(): NamedArray[]
  /** They would have been more than may be kept: there are none. */
  tooMany(): boolean
}

/** Keeps arrays of single inputs, at most `most` bytes of them in all (by default, all). */
export function sliceRecord(most = Number.POSITIVE_INFINITY): SliceRecord {
  const parts = new Map<string, Float32Array[]>()
  const shapes = new Map<string, readonly number[]>()
  let last: Slice['input'] | null = null
  let count = 0
  let held = 0

  function keep(name: string, values: Float32Array, shape: readonly number[]) {
    held += values.byteLength
    if (held > most) return parts.clear()
    const kept = parts.get(name)
    if (kept) kept.push(values)
    else parts.set(name, [values])
    shapes.set(name, shape)
  }

  return {
    tooMany: () => held > most,
    take: ({input, axes: {rows, cols}, result: {density, logits, details}}) => {
      last = input
      const n = density.length / (rows * cols)
      count += n
      keep('sample_density', density, [rows, cols])
      if (logits) keep('logits', logits, [logits.length / n])
      for (const {name, shape, values} of details ?? []) keep(name, values, shape)
    },
    arrays: () =>
      [...parts].map(([name, pieces]) => {
        const values = joinedValues(pieces)
        const stacked = [count, ...shapes.get(name)!]
        // An only input keeps its own shape, with or without a first axis for inputs.
        const batch = !stackedNames.has(name) && count === 1 && last !== null && isUnbatched(last)
        const own = batch ? shapes.get(name)! : stacked
        return {name, shape: own, values}
      })
  }
}

const stackedNames = new Set(['sample_density', 'logits'])

// An input without an axis for the batch is the sample itself.
const isUnbatched = ({shape, samples}: Slice['input']) => shape.length === samples.sampleShape.length
