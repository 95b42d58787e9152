// Stands in for TensorFlow.js's core in the browser (`resolveAlias` in next.config.js). The package's own entry starts
// optimisers, stores of models and their formats, which nothing here uses and which do not shake out.
import '@tensorflow/tfjs-core/dist/flags'
import './platform'
import {mergeRealAndImagArrays} from '@tensorflow/tfjs-core/dist/backends/complex_util'
import {whereImpl} from '@tensorflow/tfjs-core/dist/backends/where_impl'
import {warn} from '@tensorflow/tfjs-core/dist/log'
import * as axis from '@tensorflow/tfjs-core/dist/ops/axis_util'
import * as broadcast from '@tensorflow/tfjs-core/dist/ops/broadcast_util'
import {buffer} from '@tensorflow/tfjs-core/dist/ops/buffer'
import {cast} from '@tensorflow/tfjs-core/dist/ops/cast'
import {clone} from '@tensorflow/tfjs-core/dist/ops/clone'
import * as concat from '@tensorflow/tfjs-core/dist/ops/concat_util'
import * as conv from '@tensorflow/tfjs-core/dist/ops/conv_util'
import * as erf from '@tensorflow/tfjs-core/dist/ops/erf_util'
import {print} from '@tensorflow/tfjs-core/dist/ops/print'
import * as selu from '@tensorflow/tfjs-core/dist/ops/selu_util'
import * as slicing from '@tensorflow/tfjs-core/dist/ops/slice_util'
import {setOpHandler} from '@tensorflow/tfjs-core/dist/tensor'
import {upcastType} from '@tensorflow/tfjs-core/dist/types'
import * as values from '@tensorflow/tfjs-core/dist/util'
import * as shapes from '@tensorflow/tfjs-core/dist/util_base'

export {DataStorage, KernelBackend} from '@tensorflow/tfjs-core/dist/backends/backend'
export {ENV, Environment, env} from '@tensorflow/tfjs-core/dist/environment'
export * from '@tensorflow/tfjs-core/dist/globals'
export {customGrad, grad, grads, valueAndGrad, valueAndGrads, variableGrads} from '@tensorflow/tfjs-core/dist/gradients'
export * from '@tensorflow/tfjs-core/dist/kernel_names'
export * from '@tensorflow/tfjs-core/dist/kernel_registry'
export * from '@tensorflow/tfjs-core/dist/ops/ops'
export {Tensor, TensorBuffer, Variable} from '@tensorflow/tfjs-core/dist/tensor'
export {sumOutType, upcastType} from '@tensorflow/tfjs-core/dist/types'

// What tensors do by themselves.
setOpHandler({buffer, cast, clone, print})

// Of each of the core's namespaces, what the operations in the lists beside this file take.
export const util = {
  arraysEqual: shapes.arraysEqual,
  assert: shapes.assert,
  assertShapesMatch: shapes.assertShapesMatch,
  bytesPerElement: shapes.bytesPerElement,
  computeStrides: shapes.computeStrides,
  convertBackendValuesAndArrayBuffer: shapes.convertBackendValuesAndArrayBuffer,
  createScalarValue: values.createScalarValue,
  decodeString: values.decodeString,
  encodeString: values.encodeString,
  fetch: values.fetch,
  flatten: values.flatten,
  getArrayFromDType: shapes.getArrayFromDType,
  getTypedArrayFromDType: shapes.getTypedArrayFromDType,
  hasEncodingLoss: shapes.hasEncodingLoss,
  indexToLoc: shapes.indexToLoc,
  inferDtype: shapes.inferDtype,
  inferFromImplicitShape: shapes.inferFromImplicitShape,
  isScalarShape: shapes.isScalarShape,
  isString: shapes.isString,
  locToIndex: shapes.locToIndex,
  makeZerosTypedArray: shapes.makeZerosTypedArray,
  now: values.now,
  parseAxisParam: shapes.parseAxisParam,
  sizeFromShape: shapes.sizeFromShape,
  sum: shapes.sum,
  toTypedArray: values.toTypedArray
}

export const backend_util = {
  ERF_A1: erf.ERF_A1,
  ERF_A2: erf.ERF_A2,
  ERF_A3: erf.ERF_A3,
  ERF_A4: erf.ERF_A4,
  ERF_A5: erf.ERF_A5,
  ERF_P: erf.ERF_P,
  SELU_SCALE: selu.SELU_SCALE,
  SELU_SCALEALPHA: selu.SELU_SCALEALPHA,
  assertAndGetBroadcastShape: broadcast.assertAndGetBroadcastShape,
  assertAxesAreInnerMostDims: axis.assertAxesAreInnerMostDims,
  assertParamsConsistent: concat.assertParamsConsistent,
  computeConv2DInfo: conv.computeConv2DInfo,
  computeOutAndReduceShapes: axis.computeOutAndReduceShapes,
  computeOutShape: concat.computeOutShape,
  convertConv2DDataFormat: conv.convertConv2DDataFormat,
  expandShapeToKeepDim: axis.expandShapeToKeepDim,
  fromStringArrayToUint8: (strings: readonly string[]) => strings.map((text) => values.encodeString(text)),
  fromUint8ToStringArray: (texts: readonly Uint8Array[]) => texts.map((bytes) => values.decodeString(bytes)),
  getAxesPermutation: axis.getAxesPermutation,
  getBroadcastDims: broadcast.getBroadcastDims,
  getInnerMostAxes: axis.getInnerMostAxes,
  mergeRealAndImagArrays,
  upcastType,
  warn
}

export const slice_util = {
  assertParamsValid: slicing.assertParamsValid,
  computeFlatOffset: slicing.computeFlatOffset,
  isSliceContinous: slicing.isSliceContinous,
  parseSliceParams: slicing.parseSliceParams
}

export const broadcast_util = {assertAndGetBroadcastShape: broadcast.assertAndGetBroadcastShape}

export const kernel_impls = {whereImpl}
