import {ReaderError} from '@/lib/core/errors'
import {plural} from '@/lib/core/number'
import type {FileReport} from '@/lib/engine/protocol'
import type {Outcome} from '@/lib/engine/story'

/** Why a story ended without an explanation, and what would help, as one sentence. */
export const refusalOf = (outcome: Exclude<Outcome, {kind: 'explained'}>): ReaderError =>
  outcome.kind === 'unrecognised' ? unrecognised(outcome.report) : ambiguous(outcome.question.text)

function unrecognised({name, entries, detection}: FileReport): ReaderError {
  const needs = detection.family === null ? [...detection.lookedFor, detection.nearest ?? ''] : []
  const clauses = needs.filter((clause) => clause !== '').map((clause) => clause.replace(/\.$/, ''))
  const found = `${name}: found ${plural(entries.length, 'tensor')} but no density attention`
  return new ReaderError('Nothing recognised', [found, ...clauses].join('; '))
}

const ambiguous = (question: string) =>
  new ReaderError('Say which', `${question}; needed --layout batch or --layout time to tell them apart.`)
