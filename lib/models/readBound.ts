import type {TensorArchive} from '@/lib/formats/archive'
import type {Binding, Detection} from './family'
import type {Parameter} from './parameterNames'
import {toFloat32} from './shape'

/** The numbers that fill a role, as float32. Throws RangeError for a role the detection does not bind. */
export async function readBound(archive: TensorArchive, {bindings}: Detection, role: string): Promise<Float32Array> {
  const binding = bindings.find((candidate) => candidate.role === role)
  if (!binding) throw new RangeError(`models: nothing is bound to ${role}`)
  return toFloat32((await archive.read(binding.name)).values)
}

/** A role and the tensor that fills it. */
export const bindingOf = (role: string, {entry: {name, shape}}: Parameter): Binding => ({role, name, shape})
