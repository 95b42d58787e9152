import {ShapeError} from '@/lib/core/errors'
import type {HeadEdit, HeadParameters} from './family'

/** The heads with edits in their place, each made anew by `make`. Throws ShapeError for an edit of no head, or of another length. */
export function editedHeads(
  heads: readonly HeadParameters[],
  edits: readonly HeadEdit[],
  make: (head: HeadParameters, edit: HeadEdit) => HeadParameters
): HeadParameters[] {
  for (const {head, blockLayer, offset, spread} of edits) {
    const own = heads.find((candidate) => isOf(candidate, {head, blockLayer}))
    if (own?.offset.length !== offset.length || own.spread.length !== spread.length)
      throw new ShapeError(
        `found an edit of head ${head + 1} with ${offset.length} offsets and ${spread.length} spreads; ${own ? `it has ${own.offset.length}` : 'there is no such head'}`,
        'This edit does not fit the checkpoint'
      )
  }
  return heads.map((head) => {
    const edit = edits.find((candidate) => isOf(head, candidate))
    return edit ? make(head, edit) : head
  })
}

const isOf = (head: Pick<HeadParameters, 'head' | 'blockLayer'>, other: Pick<HeadParameters, 'head' | 'blockLayer'>) =>
  head.head === other.head && head.blockLayer === other.blockLayer
