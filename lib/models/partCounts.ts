import type {PartCount} from './family'
import type {Parameter} from './parameterNames'
import {countNumbers, sizeOf} from './shape'

// The paper counts the convolutions with the mechanism and leaves the last linear layer out (arXiv 2401.11143v4, Table
// 1).

/** Trainable numbers of a mechanism and of the classifier behind it, part by part. */
export function partsOf(
  mechanism: string,
  own: readonly Parameter[],
  classifier: readonly Parameter[] = []
): PartCount[] {
  const convolutions = classifier.filter(({key}) => /(^|\.)conv[12]\.\w+$/.test(key))
  const rest = classifier.filter((parameter) => !convolutions.includes(parameter))
  return [counted(mechanism, own), counted('convolutions', convolutions), counted('linear classifier', rest)].filter(
    ({parameters}) => parameters > 0
  )
}

/** One part of a model and its trainable numbers. */
export const counted = (part: string, own: readonly Parameter[]): PartCount => ({
  part,
  parameters: countNumbers(own.map(({entry}) => entry)),
  kind: 'own'
})

/**
 * What density attention over the same layers and features has (arXiv 2401.11143v4, Table 1): two numbers per feature
 * and head, with 8 heads where they share the layers equally and with one, and two convolutions of 512 channels.
 */
export function densityCounts(layers: number, features: number): PartCount[] {
  const heads = layers % 8 === 0 ? [8, 1] : [1]
  const convolutions = sizeOf([512, layers, 3, 3]) + 512 + sizeOf([layers, 512, 3, 3]) + layers
  return [
    ...heads.map((count) => ({
      part: `${count} density ${count === 1 ? 'head' : 'heads'}`,
      parameters: 2 * count * features
    })),
    {part: 'two convolutions', parameters: convolutions}
  ].map((part) => ({...part, kind: 'compared'}))
}
