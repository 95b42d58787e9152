import {byKeyIn, type Parameter} from './parameterNames'

/** One head's two tensors. */
export interface FoundPair {
  readonly path: string
  readonly offset: Parameter
  readonly spread: Parameter
}

/** Every place that holds both a tensor called `offsetName` and one called `c`, in file order. */
export function findPairs(parameters: readonly Parameter[], offsetName: string): FoundPair[] {
  const byKey = byKeyIn(parameters)
  return parameters.flatMap((spread) => {
    const {parent, leaf} = split(spread.key)
    const offset = leaf === 'c' ? byKey.get(inside(parent, offsetName)) : undefined
    return offset ? [{path: parent, offset, spread}] : []
  })
}

/** `a.b.3.c` stands in `a.b.3` and is called `c`. */
export function split(key: string): {readonly parent: string; readonly leaf: string} {
  const dot = key.lastIndexOf('.')
  return {parent: key.slice(0, Math.max(dot, 0)), leaf: key.slice(dot + 1)}
}

export const inside = (parent: string, leaf: string): string => (parent === '' ? leaf : `${parent}.${leaf}`)

/** `a.b.3` is number 3 of `a.b`; null when the last part is no number. */
export function indexed(path: string): {readonly list: string; readonly index: number} | null {
  const {parent, leaf} = split(path)
  return /^\d+$/.test(leaf) ? {list: parent, index: Number(leaf)} : null
}

/** `0–7`, or `0` alone. */
export const range = (count: number): string => (count > 1 ? `0–${count - 1}` : '0')
