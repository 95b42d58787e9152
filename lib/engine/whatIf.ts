import {ReaderError} from '@/lib/core/errors'
import {accumulator} from '@/lib/explain/accumulate'
import {explanation, type SampleName} from '@/lib/explain/explain'
import {openArchive} from '@/lib/formats/openArchive'
import type {Edits, LoadedModel, MapAxes, RunResult, Samples, Settings} from '@/lib/models/family'
import {type InputPlace, readPlace} from './inputs'
import type {Known} from './known'
import type {Supposed} from './protocol'

/** Explains the same inputs with edited parameters. Throws ReaderError where nothing can be edited. */
export type WhatIf = (edits: Edits) => Promise<Supposed>

/** What a story knows when it has run its inputs. */
export interface Ran {
  readonly known: Known
  readonly model: LoadedModel
  readonly axes: MapAxes
  readonly places: readonly InputPlace[]
  readonly names: readonly SampleName[]
  readonly settings: Settings
}

/** Bytes of inputs kept at hand for edits. */
const keptBytes = 64 * 2 ** 20

/** An input slice that stays, with what the untrained twin makes of it: edits do not change that. */
interface Kept {
  readonly samples: Samples
  readonly start: number
  readonly stop: number
  readonly names: readonly SampleName[]
  readonly twin: Pick<RunResult, 'density'>
}

export const nothingToEdit: WhatIf = async () => {
  throw new ReaderError('Nothing to edit', 'Found no inputs that ran; needed a checkpoint and inputs to ask what if.')
}

/** Inputs are read again with the first edit, as many as fit, and stay while the explanation does. */
export function whatIfFrom({known, model, axes, places, names, settings}: Ran): WhatIf {
  let kept: Promise<readonly Kept[]> | null = null

  async function keep(): Promise<readonly Kept[]> {
    const found: Kept[] = []
    const untrained = model.untrained()
    let room = keptBytes
    let before = 0
    try {
      for (const place of places) {
        if (room <= 0) break
        const samples = await readPlace(await openArchive(place.source), place, model, settings)
        const each = samples.values.byteLength / samples.count
        const count = Math.min(samples.count, Math.max(found.length === 0 ? 1 : 0, Math.floor(room / each)))
        room -= samples.values.byteLength
        const batch = model.batchSize(samples)
        for (let start = 0; start < count; start += batch) {
          const stop = Math.min(start + batch, count)
          const {density} = await untrained.run(samples, start, stop)
          found.push({samples, start, stop, names: names.slice(before + start, before + stop), twin: {density}})
        }
        before += samples.count
        place.source.release?.()
      }
    } finally {
      untrained.dispose()
    }
    return found
  }

  return async (edits) => {
    if (!model.edited)
      throw new ReaderError('Nothing to edit', `Found ${model.detection.title}, whose Gaussians cannot be edited here.`)
    kept ??= keep()
    const slices = await kept
    const edited = model.edited(edits)
    try {
      const sums = accumulator(axes)
      for (const {samples, start, stop, names: own, twin} of slices)
        sums.add(
          await edited.run(samples, start, stop),
          twin,
          own.map(({label}) => label)
        )
      const shown = slices.flatMap((slice) => slice.names)
      const maps = {from: 'inputs', numbers: sums.read(), names: shown} as const
      return {
        explanation: explanation({...known, heads: edited.heads, axes, maps}),
        inputs: shown.length,
        of: names.length
      }
    } finally {
      edited.dispose()
    }
  }
}
