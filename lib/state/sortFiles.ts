import {ReaderError} from '@/lib/core/errors'
import {looksLikeInputs} from '@/lib/engine/inputArrays'
import type {FileReport, Openable} from '@/lib/engine/protocol'

/** A file and what was found in it. */
export interface Inspected {
  readonly openable: Openable
  readonly report: FileReport
}

export interface SortedFiles {
  readonly checkpoint: Inspected | null
  readonly inputs: readonly Inspected[]
  /** Neither: no density attention and nothing that could be features. */
  readonly strangers: readonly Inspected[]
}

/**
 * Tells checkpoints from inputs by what is in them, never by their names. `bound` is the size of a checkpoint whose tensors
 * somebody bound by hand, since its names do not say what they are; null where there is none. Throws ReaderError for two
 * checkpoints.
 */
export function sortFiles(files: readonly Inspected[], bound: number | null = null): SortedFiles {
  const checkpoints = files.filter(({report}) => report.detection.family !== null || report.size === bound)
  if (checkpoints.length > 1) {
    const names = checkpoints.map(({report}) => report.name)
    throw new ReaderError(
      'More than one checkpoint',
      `Found ${names.length} checkpoints, ${names.join(' and ')}; one at a time can be opened, with any number of inputs.`
    )
  }
  const others = files.filter((file) => file !== checkpoints[0])
  return {
    checkpoint: checkpoints[0] ?? null,
    inputs: others.filter(({report}) => looksLikeInputs(report)),
    strangers: others.filter(({report}) => !looksLikeInputs(report))
  }
}
