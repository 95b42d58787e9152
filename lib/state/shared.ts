import {ReaderError} from '@/lib/core/errors'
import type {Engine} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import type {SharedRecord} from '@/lib/share/record'
import type {Verdict} from '@/lib/share/reproduce'

/** An explanation that came from elsewhere, and what computing it again has given. */
export interface Shared {
  readonly from: 'link' | 'file'
  readonly record: SharedRecord
  /** Null until its files are here. */
  readonly verdict: Verdict | null
}

/** Reads a record or JSON, whose words are a stranger's: no character of them is hidden. Rejects with FormatError. */
export async function readShared(bytes: Uint8Array, from: Shared['from']): Promise<Shared> {
  const [{decodeExplanationFile}, {visibleRecord}] = await Promise.all([
    import('@/lib/share/explanationFile'),
    import('@/lib/share/visible')
  ])
  return {from, record: visibleRecord(await decodeExplanationFile(bytes, `this ${from}`)), verdict: null}
}

/**
 * What becomes of a shared explanation when files are explained beside it: judged once all of its files are here, kept
 * as it is while inputs are missing, gone after it was found to be of other files. Its edits are made again by `suppose`.
 */
export async function judged(shared: Shared, fresh: Explanation, suppose: Engine['whatIf']): Promise<Shared | null> {
  if (shared.verdict?.kind === 'other-file') return null
  const {editedAgain, otherFile, reproduced} = await import('@/lib/share/reproduce')
  const {record} = shared
  const {checkpoint, inputs} = fresh.provenance
  const waits = inputs.length < record.explanation.provenance.inputs.length
  if (waits) return {...shared, verdict: otherFile(record, checkpoint, inputs)}
  try {
    return {...shared, verdict: reproduced(record, await editedAgain(record, fresh, suppose))}
  } catch (error) {
    if (!(error instanceof ReaderError)) throw error
    const what = 'the edits, which do not fit these files'
    return {...shared, verdict: {kind: 'differs', what, by: Number.POSITIVE_INFINITY, allowed: 0}}
  }
}
