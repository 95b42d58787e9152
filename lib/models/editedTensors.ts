import {ShapeError} from '@/lib/core/errors'
import type {Detection, HeadEdit} from './family'

/**
 * The tensors that hold other numbers once heads are edited, by their names in the file: of each edited head its
 * offsets and its spreads, as stored. Throws ShapeError for an edit of a head that the detection does not bind.
 */
export function editedTensors(detection: Detection, edits: readonly HeadEdit[]): ReadonlyMap<string, Float32Array> {
  return new Map(
    edits.flatMap((edit) => [
      [nameOf(detection, edit, ['mean offset', 'mean offsets']), edit.offset],
      [nameOf(detection, edit, ['scaled variance', 'spreads']), edit.spread]
    ])
  )
}

// A block of one layer does not number it.
function nameOf({bindings}: Detection, {head, blockLayer}: HeadEdit, roles: readonly string[]): string {
  const heads = [`layer ${blockLayer} head ${head}`, ...(blockLayer === 0 ? [`head ${head}`] : [])]
  const wanted = heads.flatMap((own) => roles.map((role) => `${own} ${role}`))
  const found = bindings.find(({role}) => wanted.includes(role))
  if (found) return found.name
  throw new ShapeError(
    `found no tensor that holds the ${roles[0]} of head ${head + 1}`,
    'This edit does not fit the checkpoint'
  )
}
