import type {Grid} from '@/lib/core/grid'
import {editsOf} from '@/lib/explain/edit'
import type {Explanation, FileIdentity} from '@/lib/explain/explanation'
import type {Edits} from '@/lib/models/family'
import type {SharedRecord} from './record'

/** What comes of computing a shared explanation again. */
export type Verdict =
  | {
      readonly kind: 'reproduced'
      /** The largest distance found, in units of what was allowed there: 0 to 1. */
      readonly share: number
      /** Whether the record names its checkpoint by SHA-256; without, only the numbers speak. */
      readonly sameFile: boolean
    }
  | {
      readonly kind: 'differs'
      /** "density of row 3" */
      readonly what: string
      readonly by: number
      readonly allowed: number
    }
  | {readonly kind: 'other-file'; readonly wanted: FileIdentity; readonly found: FileIdentity}

/** Backends agree to this relative error, and to this absolute one. */
const relative = 1e-4
const absolute = 1e-5

/**
 * The first file of the record whose SHA-256 is another than that of the file given in its place; null when all that can
 * be compared are the same. Inputs may be given in any order.
 */
export function otherFile(
  {explanation: {provenance}}: SharedRecord,
  checkpoint: FileIdentity,
  inputs: readonly FileIdentity[]
): Extract<Verdict, {kind: 'other-file'}> | null {
  const differ = (wanted: FileIdentity, found: FileIdentity) =>
    wanted.sha256 !== null && found.sha256 !== null && wanted.sha256 !== found.sha256
  if (differ(provenance.checkpoint, checkpoint)) {
    return {kind: 'other-file', wanted: provenance.checkpoint, found: checkpoint}
  }
  for (const [i, wanted] of provenance.inputs.entries()) {
    const found = inputs[i]
    if (found && inputs.every((file) => differ(wanted, file))) return {kind: 'other-file', wanted, found}
  }
  return null
}

/**
 * Compares a record with what its files give now: files by SHA-256 first, then the ranking, the Gaussians and every map
 * that travelled, each within the error that the record states for it plus what backends differ by (relative 1e-4,
 * absolute 1e-5).
 */
export function reproduced(record: SharedRecord, fresh: Explanation): Verdict {
  const {checkpoint, inputs} = fresh.provenance
  const other = otherFile(record, checkpoint, inputs)
  if (other) return other
  let share = 0
  for (const {what, was, is, error} of comparisons(record, fresh)) {
    const [by, allowed] = worst(was, is, error)
    if (!(by <= allowed)) return {kind: 'differs', what, by, allowed}
    share = Math.max(share, by / allowed)
  }
  const sameFile = record.explanation.provenance.checkpoint.sha256 !== null && checkpoint.sha256 !== null
  return {kind: 'reproduced', share, sameFile}
}

/**
 * What a record is compared with: what its files give now, with its edits made again where it has any. `suppose` answers
 * with the edited numbers; files that are others by their SHA-256 are not edited. Rejects with ReaderError where the edits
 * do not fit.
 */
export async function editedAgain(
  record: SharedRecord,
  fresh: Explanation,
  suppose: (edits: Edits) => Promise<{readonly explanation: Explanation}>
): Promise<Explanation> {
  const {checkpoint, inputs} = fresh.provenance
  const edits = record.shownAs?.edits ?? []
  if (edits.length === 0 || otherFile(record, checkpoint, inputs)) return fresh
  const {explanation} = await suppose(editsOf(fresh, edits))
  // Files are not hashed again for an edit.
  return {...explanation, provenance: {...explanation.provenance, checkpoint, inputs}}
}

interface Comparison {
  readonly what: string
  readonly was: ArrayLike<number>
  readonly is: ArrayLike<number>
  /** Beyond what backends differ by. */
  readonly error: number
}

function* comparisons({explanation: was, errors}: SharedRecord, is: Explanation): Generator<Comparison> {
  const stated = (part: string) => errors.find((known) => known.part === part)?.error ?? 0
  yield {what: 'the number of layers', was: [was.layers.length || is.layers.length], is: [is.layers.length], error: 0}
  yield {what: 'the number of heads', was: [was.heads.length], is: [is.heads.length], error: 0}
  if (was.layers.length > 0) yield* rankings(was, is)
  for (const [i, head] of was.heads.entries()) {
    const now = is.heads[i]!
    for (const key of ['offset', 'spread', 'variance', 'offsetZ', 'heights'] as const) {
      const [then, today] = [head[key], now[key]]
      if (then?.length) yield {what: `${key} of head ${i + 1}`, was: then, is: today ?? [], error: stated('gaussians')}
    }
  }
  for (const [key, what] of maps) {
    const [then, today] = [was[key], is[key]]
    if (then) yield {what, was: then.values, is: valuesOf(today), error: stated(key)}
  }
}

const maps = [
  ['density', 'the density map'],
  ['nullDensity', 'the untrained map'],
  ['densityVariance', 'the variance map']
] as const

const valuesOf = (map: Grid | null | undefined): ArrayLike<number> => map?.values ?? []

function* rankings(was: Explanation, is: Explanation): Generator<Comparison> {
  // Importance divides by the range of the map, and so does its error.
  const range = was.scale ? was.scale[1] - was.scale[0] : 1
  const scaled = range > 0 ? (absolute + relative * Math.abs(was.scale?.[1] ?? 0)) / range : 0
  const columns = [
    ['density of the rows', (of: Explanation) => of.layers.map(({density}) => density), 0],
    ['share of the rows', (of: Explanation) => of.layers.map(({share}) => share), 0],
    ['importance of the rows', (of: Explanation) => of.layers.map(({importance}) => importance), scaled],
    ['untrained density of the rows', (of: Explanation) => of.layers.map(({untrained}) => untrained?.density ?? 0), 0],
    ['learned part of the rows', (of: Explanation) => of.layers.map(({untrained}) => untrained?.learned ?? 0), relative]
  ] as const
  for (const [what, column, error] of columns) yield {what, was: column(was), is: column(is), error}
}

/** The number that is furthest beyond what is allowed, and what is; infinitely far where the lengths differ. */
function worst(was: ArrayLike<number>, is: ArrayLike<number>, error: number): [by: number, allowed: number] {
  if (was.length !== is.length) return [Number.POSITIVE_INFINITY, error]
  let [most, there]: [number, number] = [0, error + absolute]
  for (let i = 0; i < was.length; i++) {
    if (Object.is(was[i], is[i])) continue
    const by = Math.abs(was[i]! - is[i]!)
    const allowed = error + absolute + relative * Math.abs(is[i]!)
    if (!(by / allowed <= most / there)) [most, there] = [by, allowed]
    if (Number.isNaN(by)) return [Number.POSITIVE_INFINITY, allowed]
  }
  return [most, there]
}

/** A verdict in a sentence. */
export function verdictText(verdict: Verdict): string {
  if (verdict.kind === 'other-file') {
    const {wanted, found} = verdict
    return `Not the same file: ${found.name} has SHA-256 ${found.sha256}; the explanation was made from ${wanted.sha256}.`
  }
  if (verdict.kind === 'differs') {
    const {what, by, allowed} = verdict
    const far = Number.isFinite(by) ? short(by) : 'more than can be compared'
    return `Differs by ${far} in the ${what.replace(/^the /, '')}; ${short(allowed)} is allowed there.`
  }
  const names = verdict.sameFile ? '' : ' It names no SHA-256, so the numbers alone say so.'
  return `Reproduced: every number lies within what the record and the backends allow.${names}`
}

const short = (value: number): string => String(Number(value.toPrecision(2)))
