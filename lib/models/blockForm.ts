import type {HeadParameters} from './family'
import {additiveHead, type BlockHead, clampedHead, componentHead} from './headParameters'

/** The published ways to turn a head's K Gaussians into weights along an axis. */
export type BlockFormName = 'product' | 'clamped' | 'additive'

/** What tells one form from another, beside its arithmetic (`kernels/mixtureForms`). */
export interface BlockForm {
  readonly name: BlockFormName
  /** Whether a head list without residual layers around it adds its input all the same. */
  readonly alwaysResidual: boolean
  /** Items that no head owns: given to the last head, or left out of the output. */
  readonly remainder: 'last-head' | 'dropped'
  head(stored: BlockHead): HeadParameters
  /** The head before training. */
  initialised(head: HeadParameters): HeadParameters
}

const filled = (length: number, value: number) => new Float32Array(length).fill(value)

const product: BlockForm = {
  name: 'product',
  alwaysResidual: false,
  remainder: 'last-head',
  head: componentHead,
  initialised: ({head, blockLayer, offset: {length}}) =>
    componentHead({head, blockLayer, offset: filled(length, 0), spread: filled(length, 1)})
}

/** In log space, spreads and standardised values clamped (clustering-anchored-jepa). */
const clamped: BlockForm = {
  ...product,
  name: 'clamped',
  alwaysResidual: true,
  head: clampedHead
}

/** A weighted sum of Gaussians (Gaussian-Adaptive-Attention, 22 and 23 January 2024). */
const additive: BlockForm = {
  name: 'additive',
  alwaysResidual: false,
  remainder: 'dropped',
  head: additiveHead,
  initialised: ({head, blockLayer, offset: {length}}) =>
    additiveHead({
      head,
      blockLayer,
      offset: filled(length, 0),
      spread: filled(length, 2),
      heights: filled(length, 1 / length)
    })
}

export const blockForms: Readonly<Record<BlockFormName, BlockForm>> = {product, clamped, additive}
