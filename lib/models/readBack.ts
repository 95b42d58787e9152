import {dispose, type NamedTensorMap} from '@tensorflow/tfjs-core'

/** Copies named tensors off the backend and lets go of them, whatever happens. */
export async function readBack<K extends string>(
  tensors: Record<K, NamedTensorMap[string]>
): Promise<Record<K, Float32Array>> {
  const names = Object.keys(tensors) as K[]
  try {
    const read = await Promise.all(names.map((name) => tensors[name].data<'float32'>()))
    return Object.fromEntries(names.map((name, i) => [name, read[i]!])) as Record<K, Float32Array>
  } finally {
    dispose(tensors)
  }
}
