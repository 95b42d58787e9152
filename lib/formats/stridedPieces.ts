import type {Box, TensorPiece} from './archive'
import {elementSize} from './elements'
import {readStridedRaw, type StridedTensor} from './stridedTensor'

/** Bytes that one piece may span in the file. */
const pieceBytes = 4 << 20

/** A tensor's whole extent as a box. */
export const wholeBox = (shape: readonly number[]): Box => shape.map((length) => [0, length] as const)

/** The lengths of a box. */
export const boxShape = (box: Box): number[] => box.map(([start, stop]) => stop - start)

/**
 * The boxes that a box is read in. In the order of the storage every byte is read about once, however the strides lie;
 * `inOrder` they come row-major, and where that is not the storage's order the box is not divided.
 */
export function* boxesOf(tensor: StridedTensor, box: Box, inOrder = false): Generator<Box> {
  const shape = boxShape(box)
  if (shape.includes(0)) return
  const size = elementSize[tensor.dtype]
  const span = shape.reduce((last, length, axis) => last + (length - 1) * tensor.strides[axis]!, 1)
  const count = shape.reduce((product, length) => product * length, 1)
  const axis = splitAxis(shape, tensor.strides)
  const stays = inOrder && axis !== shape.findIndex((length) => length > 1)
  if (axis < 0 || stays || Math.max(span, count) * size <= pieceBytes) return yield box
  const [start, stop] = box[axis]!
  const middle = start + Math.ceil((stop - start) / 2)
  yield* boxesOf(tensor, box.with(axis, [start, middle]), inOrder)
  yield* boxesOf(tensor, box.with(axis, [middle, stop]), inOrder)
}

// Halving the axis of the longest stride keeps together what lies together; of equal ones it takes the first.
const splitAxis = (shape: readonly number[], strides: readonly number[]): number =>
  shape.reduce((best, length, axis) => (length > 1 && (best < 0 || strides[axis]! > strides[best]!) ? axis : best), -1)

/** Reads a box of a tensor, piece by piece. Throws FormatError as reading the whole would. */
export async function* stridedPieces(
  name: string,
  tensor: StridedTensor,
  box: Box,
  inOrder = false
): AsyncGenerator<TensorPiece> {
  // Each piece of what is packed would unpack it anew.
  const parts = tensor.storage.packed ? [box] : boxesOf(tensor, box, inOrder)
  for (const part of parts) {
    const {storage, dtype, strides} = tensor
    const offset = part.reduce((sum, [start], axis) => sum + start * strides[axis]!, tensor.offset)
    const {raw, values} = await readStridedRaw(name, {storage, dtype, strides, offset, shape: boxShape(part)})
    yield {box: part, raw, values}
  }
}
