import {barrierFreeLiteral, barrierFreeQuadratic, stockLiteral, stockQuadratic} from './composedMixture'
import type {OpenContender} from './contender'

/** Everything that can be timed, by name. What a lane never runs it does not load. */
export const contenders: Readonly<Record<string, OpenContender>> = {
  copy: async (given) => (await import('./copyKernel')).copyKernel(given),
  stockLiteral,
  stockQuadratic,
  barrierFreeLiteral,
  barrierFreeQuadratic,
  stockLayer: async (given) => (await import('./composedLayer')).stockLayer(given),
  stockLayerGradients: async (given) => (await import('./composedLayer')).stockLayerGradients(given),
  onnxRuntime: async (given) => (await import('./onnxRuntime')).onnxRuntime(given),
  plainWorkers: async (given) => (await import('./plainWorkers')).plainWorkers(given)
}
