import {
  add,
  isNaN as isNaNElement,
  mul,
  type NamedTensorMap,
  reshape,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tensor3d,
  tensor4d,
  tidy,
  where,
  zerosLike
} from '@tensorflow/tfjs-core'
import {ShapeError} from '@/lib/core/errors'
import {onBackend} from './backend'
import {batchThatFits, checkFits, mostNumbers} from './batchSize'
import {convHead, type HeadTensors, type HeadWeights} from './convHead'
import {editedHeads} from './editedHeads'
import type {Detection, Edits, HeadParameters, LoadedModel, MapAxes, RunResult, Samples} from './family'
import {type GroupedQueryWeights, groupedQuery} from './groupedQuery'
import {featureHead, untrainedFeatures} from './headParameters'
import {nanPerSample} from './keepNaN'
import {type Kept, kept} from './kept'
import {layerForm, packLayerParameters} from './kernels/layerForm'
import {arrangeLayers, countLayers} from './layerInputs'
import {readBack} from './readBack'
import {joinAlong, part} from './reduceAlong'
import {shapeText} from './shape'
import {inSlabs, type Slab, wholeSlab} from './slabs'

export interface LayerParts {
  readonly heads: readonly HeadParameters[]
  /** Grouped-query attention between the heads and the classifier. */
  readonly grouped?: GroupedQueryWeights | null
  readonly classifier: HeadWeights | null
}

/** What an edited model shares with the one it was made from, and which cells keep away from what follows. */
interface Edited {
  readonly mixer: Kept<NamedTensorMap> | null
  readonly classifier: Kept<HeadTensors> | null
  readonly masked: Edits['masked']
}

/** The paper's mechanism with these parameters, and what follows it where there is something. */
export function layerModel(detection: Detection, parts: LayerParts, edited: Edited | null = null): LoadedModel {
  const {heads, grouped = null, classifier: head} = parts
  const features = heads[0]!.offset.length
  const counts = {layers: detection.layers, heads: heads.length, features}
  const parameters = kept(() => uploadHeads(heads))
  const mixer = edited ? edited.mixer : grouped && kept(() => grouped.upload())
  const classifier = edited ? edited.classifier : head && kept(() => head.upload())
  const {masked = nothingMasked} = edited ?? {}
  const widest = head ? head.shape.hidden * head.shape.features : 0

  /** What follows the heads: the maps of grouped-query attention, and logits. */
  function after(y: Tensor4D, density: Tensor, details: boolean): NamedTensorMap {
    if (!grouped && !classifier) return {}
    const [n, count, own, cols] = y.shape
    const weighted = keptAway(reshape(mul(y, density), [n, count * own, cols]) as Tensor3D, masked)
    if (!grouped) return {logits: convHead(weighted, head!, classifier!.tensors())}
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
          const {offset, sharpness} = parameters.tensors()
          const gaussians = joinAlong(
            [offset, sharpness].map((all) => part(all, 2, from[1]!, cols)),
            0
          ) as Tensor3D
          const result = layerForm(y, gaussians, ['density', 'standardised', 'deviation'])
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
    edited: ({heads: edits, masked: away}) =>
      layerModel(
        detection,
        {...parts, heads: editedHeads(heads, edits, (own, edit) => featureHead({...own, ...edit}))},
        {mixer, classifier, masked: away}
      ),
    maskable: Boolean(grouped || head),
    batchSize: (samples) => batchThatFits(samples, widest),
    dispose() {
      parameters.dispose()
      if (edited) return
      mixer?.dispose()
      classifier?.dispose()
    }
  }
}

// Apart, since one tensor of both could be larger than the largest slab of an input.
const nothingMasked: Edits['masked'] = {rows: [], cols: []}

/** x (n, rows, cols) with 0 in masked rows and columns. */
function keptAway(x: Tensor3D, {rows, cols}: Edits['masked']): Tensor3D {
  if (rows.length + cols.length === 0) return x
  const [, height, width] = x.shape
  const open = (length: number, away: readonly number[]) =>
    Float32Array.from({length}, (_, i) => (away.includes(i) ? 0 : 1))
  const mask = mul(tensor3d(open(height, rows), [1, height, 1]), tensor3d(open(width, cols), [1, 1, width]))
  return mul(x, mask)
}

function uploadHeads(heads: readonly HeadParameters[]): {offset: Tensor3D; sharpness: Tensor3D} {
  const packed = packLayerParameters(heads)
  const half = packed.length / 2
  const shape: [number, number, number] = [1, heads.length, half / heads.length]
  return {offset: tensor3d(packed.subarray(0, half), shape), sharpness: tensor3d(packed.subarray(half), shape)}
}
