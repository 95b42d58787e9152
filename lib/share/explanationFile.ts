import {decode, optional, record} from '@/lib/core/codec'
import {FormatError} from '@/lib/core/errors'
import type {Explanation} from '@/lib/explain/explanation'
import {decodeExplanation, encodeExplanation} from '@/lib/explain/json'
import type {Note} from '@/lib/views/note'
import {mostRecordBytes} from './container'
import {isRecord} from './isRecord'
import {notesCodec} from './notes'
import {decodeRecord, type SharedRecord} from './record'
import {type ShownAs, shownAsCodec} from './shownAs'

/** Bytes of an explanation as JSON: as many digits as the largest record has numbers. */
const mostJsonBytes = 64 * 2 ** 20

/** What stands beside an explanation in a file of JSON; whoever reads the explanation alone passes it over. */
interface BesideJson {
  readonly notes?: readonly Note[]
  readonly shownAs?: ShownAs
}

const besideCodec = record<BesideJson>({notes: optional(notesCodec), shownAs: optional(shownAsCodec)})

/** An explanation as JSON, with the notes on it and the edits it follows from where there are any. */
export function jsonExplanation(explanation: Explanation, notes: readonly Note[], shownAs: ShownAs | null): string {
  const beside = besideCodec.write({...(notes.length > 0 ? {notes} : {}), ...(shownAs ? {shownAs} : {})})
  const json = encodeExplanation(explanation)
  return beside === '{}' ? json : `${json.slice(0, -1)},${beside.slice(1)}`
}

/** Bytes that tell an explanation from another file. */
export const tellingBytes = 128

/** Whether a file begins as an explanation does: as a record, or as JSON with its version and its model. */
export const isExplanationFile = (start: Uint8Array): boolean => isRecord(start) || isJson(start)

const isJson = (start: Uint8Array): boolean =>
  /^\s*\{\s*"version"\s*:\s*\d+\s*,\s*"model"\s*:\s*\{/.test(new TextDecoder().decode(start.subarray(0, tellingBytes)))

/** Bytes that a file may have that begins so; one more is enough to refuse it. */
export const mostFileBytes = (start: Uint8Array): number => (isJson(start) ? mostJsonBytes : mostRecordBytes)

/**
 * The explanation in the bytes of a record or of JSON, every field checked. Throws FormatError, one sentence that begins
 * with `place`, when it is neither.
 */
export async function decodeExplanationFile(bytes: Uint8Array, place = 'share'): Promise<SharedRecord> {
  if (!isJson(bytes)) return decodeRecord(bytes).catch((error: unknown) => Promise.reject(saidOf(error, place)))
  if (bytes.length > mostJsonBytes) {
    throw new FormatError(`${place}: found more than ${mostJsonBytes} bytes of JSON; needed at most that`)
  }
  const json = new TextDecoder().decode(bytes)
  const explanation = decodeExplanation(json)
  const {notes = [], shownAs = null} = decode(besideCodec, json)
  const strangers = {summary: null, view: null, notes: null, edits: null}
  const beside = {view: null, notes, shownAs, pictures: null, others: [], strangers}
  return {explanation, errors: [], left: [], unread: [], ...beside}
}

// Readers of parts know only that it is something shared.
function saidOf(error: unknown, place: string): unknown {
  if (!(error instanceof FormatError)) return error
  const title = place === 'this link' ? 'This link cannot be read' : error.title
  return new FormatError(
    error.message.replace(/^share(?=: )/, () => place),
    {title}
  )
}
