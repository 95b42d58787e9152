import {barrierFreeLiteral, barrierFreeQuadratic, stockLiteral, stockQuadratic} from './composedMixture'
import type {OpenContender} from './contender'
import {ourLayer, ourLayerGradients} from './ourLayer'
import {ourMean} from './ourMean'
import {ourMixture} from './ourMixture'

/** Everything that can be timed, by name. What a lane never runs it does not load. */
export const contenders: Readonly<Record<string, OpenContender>> = {
  copy: async (given) => (await import('./copyKernel')).copyKernel(given),
  mixture: (given) => ourMixture(given, {axis: 2}),
  mixtureWithImportance: (given) => ourMixture(given, {axis: 2, importance: true}),
  mixtureBySharedMemory: (given) => ourMixture(given, {axis: 2, path: 'shared'}),
  mixtureByThreads: (given) => ourMixture(given, {axis: 2, path: 'thread'}),
  mixtureOverLayers: (given) => ourMixture(given, {axis: 0}),
  mixtureOverTime: (given) => ourMixture(given, {axis: 1}),
  meanOverTime: ourMean,
  layer: ourLayer,
  layerGradients: async (given) => {
    // Gradients of what stands around the kernel take more operations than the app carries.
    await import('@tensorflow/tfjs-backend-webgpu')
    return ourLayerGradients(given)
  },
  stockLiteral,
  stockQuadratic,
  barrierFreeLiteral,
  barrierFreeQuadratic,
  stockLayer: async (given) => (await import('./composedLayer')).stockLayer(given),
  stockLayerGradients: async (given) => (await import('./composedLayer')).stockLayerGradients(given),
  onnxRuntime: async (given) => (await import('./onnxRuntime')).onnxRuntime(given),
  plainWorkers: async (given) => (await import('./plainWorkers')).plainWorkers(given)
}
