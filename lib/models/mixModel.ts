import {abs, mul, reshape, type Tensor, tensor3d, tidy} from '@tensorflow/tfjs-core'
import {ShapeError} from '@/lib/core/errors'
import {onBackend} from './backend'
import {batchThatFits, checkFits} from './batchSize'
import type {Detection, LoadedModel, MapAxes, RunResult, Samples} from './family'
import {kept} from './kept'
import {arrangeLayers, countLayers} from './layerInputs'
import {readBack} from './readBack'
import {sumAlong} from './reduceAlong'
import {shapeText} from './shape'

/**
 * A weighted sum of layers, Σ wₗ hₗ times gamma (s3prl Featurizer; AllenNLP ScalarMix). Without inputs its map is the
 * weights themselves; with inputs, what each layer puts into the sum, |wₗ hₗ|, since layers differ in size.
 */
export function mixModel(detection: Detection, weights: Float32Array, gamma: number): LoadedModel {
  const layers = weights.length
  const uploaded = kept(() => ({weights: tensor3d(weights, [1, layers, 1])}))
  const equal = new Float32Array(layers).fill(1 / layers)
  const mapOf = (cols: number, colName: string): MapAxes => ({
    rows: layers,
    cols,
    rowName: 'layer',
    colName,
    headRows: [[0, layers]]
  })

  async function run(
    {sampleShape, values}: Samples,
    start: number,
    stop: number,
    {details = false}: {readonly details?: boolean} = {}
  ): Promise<RunResult> {
    const [, features = 0] = sampleShape
    const size = layers * features
    checkFits(sampleShape, size)
    const slice = values.subarray(start * size, stop * size)
    const read = await onBackend(() =>
      readBack(
        tidy((): Record<string, Tensor> => {
          const weighted = mul(tensor3d(slice, [stop - start, layers, features]), uploaded.tensors().weights)
          const output = mul(reshape(sumAlong(weighted, 1), [stop - start, features]), gamma)
          return {density: abs(weighted), ...(details ? {output} : {})}
        })
      )
    )
    const {density, output} = read
    return {
      density: density!,
      standardised: new Float32Array(0),
      deviation: new Float32Array(0),
      logits: null,
      details: output ? [{name: 'output', shape: [features], values: output}] : null
    }
  }

  return {
    detection,
    heads: [],
    runs: true,
    own: {axes: mapOf(1, 'weight'), density: weights, untrained: equal},
    arrange: (input, settings) =>
      arrangeLayers(input, {layers, heads: 1, features: input.shape.at(-1) ?? 0}, {...detection.settings, ...settings}),
    count: (shape, settings) =>
      countLayers(shape, {layers, heads: 1, features: shape.at(-1) ?? 0}, {...detection.settings, ...settings}),
    axes: (sampleShape) => {
      if (sampleShape.length !== 2 || sampleShape[0] !== layers)
        throw new ShapeError(`samples are ${shapeText(sampleShape)}; ${layers} weights need (${layers}, features)`)
      return mapOf(sampleShape[1]!, 'feature')
    },
    run,
    untrained: () => mixModel(detection, equal, gamma),
    edited: null,
    maskable: false,
    batchSize: (samples) => batchThatFits(samples, 0),
    dispose: () => uploaded.dispose()
  }
}
