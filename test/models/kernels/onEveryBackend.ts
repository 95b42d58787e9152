import {memory} from '@tensorflow/tfjs-core'
import {afterEach, beforeAll, beforeEach, describe, expect} from 'vitest'
import {type BackendName, openBackend} from '@/lib/models/backend'
import type {DevicePathName} from '@/lib/models/kernels/devicePath'

export interface Bench {
  /** Spoils whatever a broken kernel could mistake for its own answer. Called before the second of two runs. */
  readonly poison?: () => void
  readonly setUp?: () => void
  /** Which of the device's paths is forced. */
  readonly path?: DevicePathName | undefined
  /** How many random shapes are tried. */
  readonly runs?: number
}

/** The cases of one kernel on one backend; none may leave a tensor behind. */
export function kernelCases(title: string, backend: BackendName, {setUp, path}: Bench, cases: () => void): void {
  describe(`${title} on ${backend}${path ? ` by ${path}` : ''}`, () => {
    beforeAll(async () => {
      await openBackend(backend)
      setUp?.()
    })
    let before = 0
    beforeEach(() => {
      before = memory().numTensors
    })
    afterEach(() => {
      expect(memory().numTensors - before, 'tensors left behind').toBe(0)
    })
    cases()
  })
}
