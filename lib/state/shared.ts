import {ReaderError} from '@/lib/core/errors'
import type {Engine} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import {isRecord} from '@/lib/share/isRecord'
import type {SharedRecord} from '@/lib/share/record'
import type {Verdict} from '@/lib/share/reproduce'

/** An explanation that came from elsewhere, and what computing it again has given. */
export interface Shared {
  readonly from: 'link' | 'file'
  readonly record: SharedRecord
  /** Null until its files are here. */
  readonly verdict: Verdict | null
}

/** Reads a record, whose words are a stranger's: no character of them is hidden. Rejects with FormatError. */
export async function readShared(bytes: Uint8Array, from: Shared['from']): Promise<Shared> {
  const [{decodeRecord}, {visible}] = await Promise.all([import('@/lib/share/record'), import('@/lib/share/visible')])
  const record = await decodeRecord(bytes)
  return {from, record: {...record, explanation: visible(record.explanation)}, verdict: null}
}

/** The bytes of an only file that is a record, told by how it begins; null for anything else. */
export async function recordFile(files: readonly File[]): Promise<Uint8Array | null> {
  const [file, another] = files
  if (!file || another) return null
  if (!isRecord(new Uint8Array(await file.slice(0, 4).arrayBuffer()))) return null
  const {mostRecordBytes} = await import('@/lib/share/container')
  // One byte more than a record may have is enough to refuse it.
  return new Uint8Array(await file.slice(0, mostRecordBytes + 1).arrayBuffer())
}

/**
 * What becomes of a shared explanation when files are explained beside it: judged once all of its files are here, kept
 * as it is while inputs are missing, gone after it was found to be of other files. Its edits are made again by `suppose`.
 */
export async function judged(
  shared: Shared | null,
  fresh: Explanation,
  suppose: Engine['whatIf']
): Promise<Shared | null> {
  if (!shared || shared.verdict?.kind === 'other-file') return null
  const {editedAgain, otherFile, reproduced} = await import('@/lib/share/reproduce')
  const {record} = shared
  const {checkpoint, inputs} = fresh.provenance
  const waits = record.explanation.provenance.inputs.length > 0 && inputs.length === 0
  if (waits) return {...shared, verdict: otherFile(record, checkpoint, inputs)}
  try {
    return {...shared, verdict: reproduced(record, await editedAgain(record, fresh, suppose))}
  } catch (error) {
    if (!(error instanceof ReaderError)) throw error
    const what = 'the edits, which do not fit these files'
    return {...shared, verdict: {kind: 'differs', what, by: Number.POSITIVE_INFINITY, allowed: 0}}
  }
}
