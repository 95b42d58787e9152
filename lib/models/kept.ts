import {dispose, keep, type NamedTensorMap} from '@tensorflow/tfjs-core'
import {backendInForce} from './backend'

/** Tensors that outlive a run. Their numbers stay on our side, because a lost GPU takes its copies with it. */
export interface Kept<T extends NamedTensorMap> {
  /** On the backend in force, made anew when that has changed. */
  tensors(): T
  dispose(): void
}

/** Keeps what `make` uploads. `make` must build fresh tensors from plain arrays. */
export function kept<T extends NamedTensorMap>(make: () => T): Kept<T> {
  let held: {readonly on: object; readonly tensors: T} | null = null
  return {
    tensors() {
      const on = backendInForce()
      if (held?.on !== on) {
        if (held) dispose(held.tensors)
        held = {on, tensors: make()}
        // Made within a run, they would go with its other intermediates.
        for (const tensor of Object.values(held.tensors)) keep(tensor)
      }
      return held.tensors
    },
    dispose() {
      if (held) dispose(held.tensors)
      held = null
    }
  }
}
