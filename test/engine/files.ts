import {fileURLToPath} from 'node:url'
import {fileSource} from '@/bin/fileSource'
import type {ByteSource} from '@/lib/formats/source'

/** The path of a file in test/fixtures/engine. */
export const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/engine/${name}`, import.meta.url))

/** The path of a file of the shipped digits example. */
export const digits = (name: string) => fileURLToPath(new URL(`../../public/examples/digits/${name}`, import.meta.url))

/** Sources over files on disk. */
export const sources = (...paths: string[]): Promise<ByteSource[]> => Promise.all(paths.map(fileSource))

/** The largest |a − b| over two lists of one length; Infinity for lists of two lengths. */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  return Array.from(a).reduce((most, value, i) => {
    const difference = Math.abs(value - b[i]!)
    return difference <= most ? most : Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
  }, 0)
}
