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
import {batchThatFits, checkFits, mostNumbers} from './batchSize'
import {convHead, type HeadWeights} from './convHead'
import type {Detection, HeadParameters, LoadedModel, MapAxes, RunResult, Samples} from './family'
import {type GroupedQueryWeights, groupedQuery} from './groupedQuery'
import {untrainedFeatures} from './headParameters'
import {nanPerSample} from './keepNaN'
import {kept} from './kept'
import {type LayerTensors, layerDensity} from './layerForward'
import {arrangeLayers, countLayers} from './layerInputs'
import {readBack} from './readBack'
import {part} from './reduceAlong'
import {shapeText} from './shape'
import {inSlabs, type Slab, wholeSlab} from './slabs'

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
    const [n, count, own, cols] = y.shape
    const weighted = reshape(mul(y, density), [n, count * own, cols])
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
    const {sampleShape} = samples
    const size = axes(sampleShape).rows * features
    // A feature's weights rest on that feature alone; what follows the heads looks at all of them.
    const free = classifier || grouped ? [] : [1]
    return inSlabs(
      wholeSlab(samples.values.subarray(start * size, stop * size), stop - start, sampleShape),
      {most: mostNumbers(), free, colAxis: 1},
      (slab) => runSlab(slab, details)
    )
  }

  async function runSlab({values, count, shape, from}: Slab, details: boolean): Promise<RunResult> {
    const [layers = 0, cols = 0] = shape
    const own = layers / heads.length
    checkFits(shape, Math.max(layers * cols, widest))
    const read = await onBackend(() =>
      readBack(
        tidy((): NamedTensorMap => {
          const y = tensor4d(values, [count, heads.length, own, cols])
          const result = layerDensity(y, featuresFrom(parameters.tensors(), from[1]!, cols))
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

/** The parameters of some of the features. */
const featuresFrom = ({offset, sharpness}: LayerTensors, from: number, count: number): LayerTensors =>
  count === offset.shape[3]
    ? {offset, sharpness}
    : {offset: part(offset, 3, from, count) as Tensor4D, sharpness: part(sharpness, 3, from, count) as Tensor4D}

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
