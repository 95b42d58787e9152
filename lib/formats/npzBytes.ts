import {npyHeader} from './npyBytes'
import {zipBytes} from './zipBytes'

/** An array to write, row-major. */
export interface NamedArray {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/**
 * A .npz as numpy.savez writes it: stored, float32, little-endian, C order. `comment`, at most 65,535 bytes of UTF-8,
 * becomes the archive's, which NumPy passes over. Throws RangeError for a shape that does not fit its values, for two
 * arrays of one name, and past 4 GB.
 */
export function npzBytes(arrays: readonly NamedArray[], comment = ''): Uint8Array<ArrayBuffer> {
  if (new Set(arrays.map(({name}) => name)).size < arrays.length) throw new RangeError('npz: two arrays have one name')
  return zipBytes(arrays.map(memberOf), comment)
}

function memberOf({name, shape, values}: NamedArray) {
  const count = shape.reduce((product, length) => product * length, 1)
  if (count !== values.length) throw new RangeError(`npz: ${name} is (${shape}), ${count} values, got ${values.length}`)
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return {name: `${name}.npy`, parts: [npyHeader('f32', shape), bytes]}
}
