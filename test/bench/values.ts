/**
 * The same numbers in every place and language: the i-th comes from a hash of i (lowbias32, by Chris Wellons) whose two
 * halves are added, so that its distribution is a triangle of mean 0.25 and deviation 1.
 */
export function fillWithValues(into: Float32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = valueAt(i)
}

function valueAt(i: number): number {
  let hash = i ^ (i >>> 16)
  hash = Math.imul(hash, 0x7feb352d)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x846ca68b)
  hash ^= hash >>> 16
  return ((hash & 0xffff) + (hash >>> 16) - 65535) / 26754 + 0.25
}
