import {
  add,
  isNaN as isNaNElement,
  mul,
  type NamedTensorMap,
  reshape,
  type Tensor,
  type Tensor4D,
  tensor4d,
  tidy,
  where,
  zerosLike
} from '@tensorflow/tfjs-core'
import {ShapeError} from '@/lib/core/errors'
import {onBackend} from './backend'
import {batchThatFits, checkFits} from './batchSize'
import {convHead, type HeadWeights} from './convHead'
import type {Detection, HeadParameters, LoadedModel, MapAxes, RunResult, Samples} from './family'
import {type GroupedQueryWeights, groupedQuery} from './groupedQuery'
import {untrainedFeatures} from './headParameters'
import {nanPerSample} from './keepNaN'
import {kept} from './kept'
import {type LayerTensors, layerDensity} from './layerForward'
import {arrangeLayers, countLayers} from './layerInputs'
import {readBack} from './readBack'
import {shapeText} from './shape'

export interface LayerParts {
  readonly heads: readonly HeadParameters[]
  /** Grouped-query attention between the heads and the classifier. */
  readonly grouped?: GroupedQueryWeights | null
  readonly classifier: HeadWeights | null
}

/** The paper's mechanism with these parameters, and what follows it where there is something. */
export function layerModel(detection: Detection, {heads, grouped = null, classifier: head}: LayerParts): LoadedModel {
  const features = heads[0]!.offset.length
  const counts = {layers: detection.layers, heads: heads.length, features}
  const parameters = kept(() => uploadHeads(heads))
  const mixer = grouped && kept(() => grouped.upload())
  const classifier = head && kept(() => head.upload())
  const widest = head ? head.shape.hidden * head.shape.features : 0

  /** What follows the heads: the maps of grouped-query attention, and logits. */
  function after(y: Tensor4D, density: Tensor, details: boolean): NamedTensorMap {
    const [n, count, own] = y.shape
    const weighted = reshape(mul(y, density), [n, count * own, features])
    if (!grouped) return classifier ? {logits: convHead(weighted, head!, classifier.tensors())} : {}
    // Matrix products lose NaN on WASM and spread it to other inputs on WebGPU; here one NaN takes the whole input.
    const nan = nanPerSample(weighted)
    const mixed = groupedQuery(where(isNaNElement(weighted), zerosLike(weighted), weighted), grouped, mixer!.tensors())
    const marked = (x: Tensor) => add(x, reshape(nan, [n, ...x.shape.slice(1).map(() => 1)]))
    return {
      ...(classifier ? {logits: add(convHead(mixed.output, head!, classifier.tensors()), nan)} : {}),
      ...(details ? {attention: marked(mixed.attention), output: marked(mixed.output)} : {})
    }
  }

  async function run(
    samples: Samples,
    start: number,
    stop: number,
    {details = false}: {readonly details?: boolean} = {}
  ): Promise<RunResult> {
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
          return {...result, ...after(y, result.density, details)}
        })
      )
    )
    return {
      density: read.density!,
      standardised: read.standardised!,
      deviation: read.deviation!,
      logits: read.logits ?? null,
      details:
        details && grouped
          ? [
              {name: 'output', shape: [layers, grouped.embed], values: read.output!},
              {name: 'grouped_attention', shape: [grouped.keyHeads, layers, layers], values: read.attention!}
            ]
          : null
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
    runs: true,
    own: null,
    arrange: (input, settings) => arrangeLayers(input, counts, {...detection.settings, ...settings}),
    count: (shape, settings) => countLayers(shape, counts, {...detection.settings, ...settings}),
    axes,
    run,
    untrained: () =>
      layerModel({...detection, classCount: null}, {heads: heads.map(untrainedFeatures), classifier: null}),
    batchSize: (samples) => batchThatFits(samples, widest),
    dispose() {
      parameters.dispose()
      mixer?.dispose()
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
