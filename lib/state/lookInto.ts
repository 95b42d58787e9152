import {ReaderError} from '@/lib/core/errors'
import {count, plural} from '@/lib/core/number'
import type {CallOptions, Engine, Openable} from '@/lib/engine/protocol'
import type {Inspected} from './sortFiles'

/** What was found in some files. */
export interface LookedInto {
  readonly files: readonly Inspected[]
  /** Those that could not be read, and why. */
  readonly unreadable: readonly {readonly openable: Openable; readonly error: ReaderError}[]
}

/** So many are asked about at once: each is a message there and back, and little work. */
const atOnce = 8

/** Looks into each file, and tells how far that has come. One that cannot be read does not stop it. */
export async function lookInto(
  openables: readonly Openable[],
  {inspect}: Pick<Engine, 'inspect'>,
  options: CallOptions
): Promise<LookedInto> {
  const found: (Inspected | LookedInto['unreadable'][number])[] = []
  let next = 0
  let done = 0
  const tell = () => {
    const text = `Looked into ${count(done)} of ${plural(openables.length, 'file')}`
    options.onProgress?.({phase: 'opening', done, total: openables.length, unit: 'inputs', text, partial: null})
  }
  const look = async () => {
    for (let index = next++; index < openables.length; index = next++) {
      const openable = openables[index]!
      found[index] = await inspect(openable, options).then(
        (report) => ({openable, report}),
        (error: unknown) => {
          if (!(error instanceof ReaderError)) throw error
          return {openable, error}
        }
      )
      done += 1
      if (openables.length > 1) tell()
    }
  }
  await Promise.all(Array.from({length: Math.min(atOnce, openables.length)}, look))
  return {
    files: found.flatMap((each) => ('report' in each ? [each] : [])),
    unreadable: found.flatMap((each) => ('error' in each ? [each] : []))
  }
}
