import {type NamedTensorMap, tensor4d, tidy} from '@tensorflow/tfjs-core'
import {ShapeError} from '@/lib/core/errors'
import {onBackend} from './backend'
import {batchThatFits, checkFits} from './batchSize'
import type {HeadWeights} from './convHead'
import type {Detection, HeadParameters, LoadedModel, MapAxes, RunResult, Samples} from './family'
import {asInitialised} from './headParameters'
import {kept} from './kept'
import {type LayerTensors, layerDensity, layerLogits} from './layerForward'
import {arrangeLayers} from './layerInputs'
import {readBack} from './readBack'
import {shapeText} from './shape'

/** The paper's mechanism with these parameters, and its classifier where there is one. */
export function layerModel(
  detection: Detection,
  heads: readonly HeadParameters[],
  head: HeadWeights | null
): LoadedModel {
  const features = heads[0]!.offset.length
  const counts = {layers: detection.layers, heads: heads.length, features}
  const parameters = kept(() => uploadHeads(heads))
  const classifier = head && kept(() => head.upload())
  const widest = head ? head.shape.hidden * features : 0

  async function run(samples: Samples, start: number, stop: number): Promise<RunResult> {
    const [layers = 0] = samples.sampleShape
    const own = axes(samples.sampleShape).rows / heads.length
    const size = layers * features
    checkFits(samples.sampleShape, Math.max(size, widest))
    const values = samples.values.subarray(start * size, stop * size)
    const read = await onBackend(() =>
      readBack(
        tidy((): NamedTensorMap => {
          const y = tensor4d(values, [stop - start, heads.length, own, features])
          const result = layerDensity(y, parameters.tensors())
          const logits = classifier && layerLogits(y, result.density, head, classifier.tensors())
          return {...result, ...(logits ? {logits} : {})}
        })
      )
    )
    return {
      density: read.density!,
      standardised: read.standardised!,
      deviation: read.deviation!,
      logits: read.logits ?? null,
      details: null
    }
  }

  function axes(sampleShape: readonly number[]): MapAxes {
    const [rows = 0, cols] = sampleShape
    if (sampleShape.length !== 2 || cols !== features || rows % heads.length !== 0 || rows === 0)
      throw new ShapeError(
        `samples are ${shapeText(sampleShape)}; ${heads.length} heads need (a multiple of ${heads.length} layers, ${features})`
      )
    const own = rows / heads.length
    return {rows, cols, rowName: 'layer', colName: 'feature', headRows: heads.map((_, h) => [h * own, (h + 1) * own])}
  }

  return {
    detection,
    heads,
    arrange: (input, settings) => arrangeLayers(input, counts, {...detection.settings, ...settings}),
    axes,
    run,
    untrained: () => layerModel({...detection, classCount: null}, heads.map(asInitialised), null),
    batchSize: (samples) => batchThatFits(samples, widest),
    dispose() {
      parameters.dispose()
      classifier?.dispose()
    }
  }
}

function uploadHeads(heads: readonly HeadParameters[]): LayerTensors {
  const features = heads[0]!.offset.length
  const joined = (of: (head: HeadParameters) => Float32Array) => {
    const values = new Float32Array(heads.length * features)
    for (const [h, head] of heads.entries()) values.set(of(head), h * features)
    return tensor4d(values, [1, heads.length, 1, features])
  }
  return {offset: joined(({offset}) => offset), sharpness: joined(({spread}) => spread.map(sharpness))}
}

// 1 / 2c in float64, then kept finite: in float32 a tiny c would give infinity, and infinity × 0 is no number. At c = 0
// there is none in the published code either.
function sharpness(c: number): number {
  const exact = 1 / (2 * c)
  return c === 0 ? exact : Math.max(-largest, Math.min(exact, largest))
}

const largest = 3.4e38
