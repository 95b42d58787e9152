import {type Codec, double, integer, list, nullable, oneOf, pair, record, refuse} from '@/lib/core/codec'
import type {Edit, GaussianEdit, MaskEdit} from '@/lib/explain/edit'
import type {Explanation} from '@/lib/explain/explanation'
import {editInWords} from '@/lib/views/editWords'
import {jsonBytes, readJson, strangersOf} from './jsonSection'
import type {Strangers} from './strangerKeys'

/** How what was shared differs from the checkpoint as it lies in its file. */
export interface ShownAs {
  /** What a person changed; the numbers of the record are those that follow. */
  readonly edits: readonly Edit[]
  /** Inputs that the edited numbers rest on, and how many there are. */
  readonly over: readonly [inputs: number, of: number] | null
  /** Which version of a watched file it was, from 1. */
  readonly version: number | null
}

const mostBytes = 2 ** 20
const mostEdits = 1_000
const mostOnly = 100_000
const place = integer(0, 1_000_000)

const positive: Codec<number> = {
  write: double.write,
  read: (value, path) => {
    const read = double.read(value, path)
    return read > 0 ? read : refuse(path, 'a number above 0', value)
  }
}

const gaussians = record<GaussianEdit>({
  kind: oneOf('gaussians'),
  head: place,
  only: nullable(list(place, mostOnly)),
  shift: double,
  scale: positive
})
const mask = record<MaskEdit>({kind: oneOf('mask'), of: oneOf('layer', 'head', 'feature'), index: place})

const edit: Codec<Edit> = {
  write: (value) => (value.kind === 'mask' ? mask.write(value) : gaussians.write(value)),
  read: (value, path) => (Object(value).kind === 'mask' ? mask.read(value, path) : gaussians.read(value, path))
}

/** How it is written wherever it travels as JSON. */
export const shownAsCodec = record<ShownAs>({
  edits: list(edit, mostEdits),
  over: nullable(pair(integer())),
  version: nullable(integer())
})

/** How it differs, as bytes of JSON. */
export const shownAsBytes = (shownAs: ShownAs, strangers: Strangers | null = null): Uint8Array =>
  jsonBytes(shownAsCodec.write(shownAs), strangers)

/** What a later version says beyond it. Throws FormatError where that is more than is carried on. */
export const strangersOfShownAs = (bytes: Uint8Array, shownAs: ShownAs): Strangers | null =>
  strangersOf(bytes, shownAsCodec.write(shownAs))

/** The same back. Throws FormatError for what is none. */
export const readShownAs = (bytes: Uint8Array): ShownAs => readJson(shownAsCodec, bytes, mostBytes)

/** Its edits, a few words each. */
export const editsInWords = (explanation: Explanation, shownAs: ShownAs | null): readonly string[] =>
  (shownAs?.edits ?? []).map((edit) => editInWords(explanation, edit))

const mark = 'Edited by hand, not the checkpoint’s own: '
const told = 3

/**
 * The explanation with the edits said in the line under its title, so that whoever reads no more than that, and every
 * older reader, is told.
 */
export function toldAsEdited(explanation: Explanation, edits: readonly Edit[]): Explanation {
  const {finding} = explanation
  if (edits.length === 0 || finding.caveat.startsWith(mark)) return explanation
  const words = edits.slice(0, told).map((edit) => editInWords(explanation, edit))
  const more = edits.length > told ? [`and ${edits.length - told} more`] : []
  return {...explanation, finding: {...finding, caveat: `${mark}${[...words, ...more].join('; ')}. ${finding.caveat}`}}
}
