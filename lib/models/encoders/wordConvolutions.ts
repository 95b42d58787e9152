import {
  add,
  concat,
  matMul,
  max,
  reshape,
  slice,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tanh
} from '@tensorflow/tfjs-core'

/** A weight (words × embedding, filters) over as many words side by side, and the bias (filters). */
export interface WordFilters {
  readonly weight: Tensor2D
  readonly bias: Tensor | null
}

/**
 * For x (n, places, embedding) the largest value over all places of each filter, squashed by tanh, filters of every width
 * side by side: (n, all filters). As the released code of SAN reads a question (imageqa-san,
 * san_att_conv_twolayer_theano.py): padding, which is 0, has places of its own. Call inside tidy.
 */
export function wordConvolutions(x: Tensor3D, filters: readonly WordFilters[]): Tensor2D {
  const [n, places, embedding] = x.shape
  return concat(
    filters.map(({weight, bias}) => {
      const words = weight.shape[0] / embedding
      const windows = places - words + 1
      const beside = Array.from({length: words}, (_, word) => slice(x, [0, word, 0], [n, windows, embedding]))
      const flat = reshape(concat(beside, 2), [n * windows, words * embedding])
      const sum = matMul(flat as Tensor2D, weight)
      return max(reshape(tanh(bias ? add(sum, bias) : sum), [n, windows, -1]), 1) as Tensor2D
    }),
    1
  )
}
