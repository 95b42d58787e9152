import type {FileValue, Inert} from '../archive'
import {elementSize, rawElements, swapBytes, widened} from '../elements'
import {cost, isInert, type Machine, type Rebuild} from '../pickle/machine'
import {packedStrides, type Storage} from '../stridedTensor'
import type {TensorTable} from '../tensorTable'
import {type NumpyElement, numpyElement} from './numpyElement'

/** How NumPy's arrays, scalars and element types are rebuilt from a pickle; arrays enter the table. */
export function numpyGlobals(table: TensorTable): ReadonlyMap<string, Rebuild> {
  const elements = new WeakMap<Inert, string>()

  const dtype: Rebuild = ([code], machine) => {
    if (typeof code !== 'string' || code.length > 100) throw machine.broken('a NumPy element type has no name')
    const record = machine.record('numpy.dtype', [code])
    elements.set(record, code)
    machine.onState(record, (state) => {
      const order = Array.isArray(state) && typeof state[1] === 'string' ? state[1] : ''
      elements.set(record, /^[<>|=]$/.test(order) ? order + code : code)
      return record
    })
    return record
  }

  const element = (type: FileValue | undefined, machine: Machine): NumpyElement | string => {
    const code = type !== undefined && isInert(type) ? elements.get(type) : undefined
    if (code === undefined) throw machine.broken('a NumPy array has no element type')
    return numpyElement(code)
  }

  const array = (bytes: Uint8Array, type: NumpyElement, shape: readonly number[], fortran: boolean): FileValue => {
    const storage: Storage = {
      byteLength: bytes.length,
      bigEndian: type.bigEndian,
      read: async (offset, length) => bytes.slice(offset, offset + length)
    }
    return table.add(
      {storage, dtype: type.dtype, offset: 0, shape, strides: packedStrides(shape, fortran)},
      'NumPy array'
    )
  }

  // An empty array first, its shape, type and bytes as state.
  const reconstruct: Rebuild = (_, machine) => {
    machine.charge(2 * cost.tensor)
    const record = machine.record('numpy.ndarray', [])
    machine.onState(record, (state) => {
      const [, shape, dtypeRecord, fortran, content] = asList(state, 5, machine)
      const sizes = asShape(shape, machine)
      const type = element(dtypeRecord, machine)
      // An array of objects keeps them: there may be tensors among them.
      if (Array.isArray(content)) return {...record, args: [sizes], state: content}
      if (typeof type === 'string') return table.skip(`NumPy array of ${type}`, sizes, null)
      return array(asBytes(content, machine), type, sizes, fortran === true)
    })
    return record
  }

  // Protocol 5: a buffer, its type, shape and order.
  const fromBuffer: Rebuild = (args, machine) => {
    machine.charge(2 * cost.tensor)
    const [content, dtypeRecord, shape, order] = asList(args, 4, machine)
    const sizes = asShape(shape, machine)
    const type = element(dtypeRecord, machine)
    if (typeof type === 'string') return table.skip(`NumPy array of ${type}`, sizes, null)
    return array(asBytes(content, machine), type, sizes, order === 'F')
  }

  const scalar: Rebuild = (args, machine) => {
    const type = element(args[0], machine)
    if (typeof type === 'string') return machine.record('numpy.generic', args)
    const bytes = asBytes(args[1], machine)
    if (bytes.length !== elementSize[type.dtype])
      throw machine.broken(`a NumPy ${type.dtype} has ${bytes.length} bytes`)
    return scalarValue(bytes.slice(), type)
  }

  return new Map<string, Rebuild>([
    ['numpy.dtype', dtype],
    ['numpy.core.multiarray._reconstruct', reconstruct],
    ['numpy._core.multiarray._reconstruct', reconstruct],
    ['numpy.core.numeric._frombuffer', fromBuffer],
    ['numpy._core.numeric._frombuffer', fromBuffer],
    ['numpy.core.multiarray.scalar', scalar],
    ['numpy._core.multiarray.scalar', scalar]
  ])
}

/** Names of NumPy that are harmless as mere names. */
export function isNumpyName(global: string): boolean {
  return global === 'numpy.ndarray' || /^numpy\.(float|int|uint)\d+$/.test(global) || global === 'numpy.bool_'
}

function scalarValue(bytes: Uint8Array, {dtype, bigEndian}: NumpyElement): FileValue {
  if (bigEndian) swapBytes(bytes, elementSize[dtype])
  const value = widened(dtype, rawElements(dtype, bytes, 1))[0]!
  if (dtype === 'bool') return value === 1
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value
}

function asList(value: FileValue, length: number, machine: Machine): readonly FileValue[] {
  if (Array.isArray(value) && value.length >= length) return value
  throw machine.broken(`a NumPy array comes without the ${length} things that make one`)
}

function asShape(value: FileValue | undefined, machine: Machine): number[] {
  if (Array.isArray(value) && value.length <= 64 && value.every((length) => typeof length === 'number'))
    return [...value]
  throw machine.broken('a NumPy array has no shape')
}

// Python 2 kept the bytes in a string.
function asBytes(value: FileValue | undefined, machine: Machine): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value !== 'string') throw machine.broken('a NumPy array has no bytes')
  machine.charge(value.length)
  return Uint8Array.from(value, (character) => character.charCodeAt(0))
}
