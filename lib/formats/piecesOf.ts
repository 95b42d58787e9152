import type {Box, TensorArchive, TensorEntry, TensorPiece, TypedArray} from './archive'
import {wholeBox} from './stridedPieces'

/** A box of a tensor piece by piece, from archives that read only whole tensors too: then it comes in one. */
export async function* piecesOf(
  archive: TensorArchive,
  {name, shape}: TensorEntry,
  box: Box = wholeBox(shape),
  inOrder = false
): AsyncGenerator<TensorPiece> {
  if (archive.pieces) return yield* archive.pieces(name, box, {inOrder})
  const {values} = await archive.read(name)
  const part = boxed(values, shape, box)
  yield {box, values: part, raw: part}
}

function boxed(values: TypedArray, shape: readonly number[], box: Box): TypedArray {
  if (box.every(([start, stop], axis) => start === 0 && stop === shape[axis])) return values
  const lengths = box.map(([start, stop]) => stop - start)
  const out = new (values.constructor as {new (length: number): TypedArray})(lengths.reduce((a, b) => a * b, 1))
  for (let to = 0; to < out.length; to++) {
    let [rest, from, step] = [to, 0, 1]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += (box[axis]![0] + (rest % lengths[axis]!)) * step
      rest = Math.floor(rest / lengths[axis]!)
      step *= shape[axis]!
    }
    out[to] = values[from]!
  }
  return out
}
