import {add, type Tensor, tensor, tidy} from '@tensorflow/tfjs-core'
import {ShapeError} from '@/lib/core/errors'
import type {TensorValues} from '@/lib/formats/archive'
import {onBackend} from './backend'
import {batchThatFits, checkFits, mostNumbers} from './batchSize'
import {blockMap, checkAxes, isWhole, project, sampleAxes} from './blockAxes'
import type {BlockForm} from './blockForm'
import {headsForward} from './blockForward'
import {convHead, type HeadTensors, type HeadWeights} from './convHead'
import {editedHeads} from './editedHeads'
import type {Detection, HeadParameters, LoadedModel, MapAxes, RunResult, Samples, Settings} from './family'
import {type Kept, kept} from './kept'
import type {MixtureOutput} from './kernels/mixture'
import {arrangeLayers, countLayers} from './layerInputs'
import {readBack} from './readBack'
import {scaleByChunk} from './savedMaps'
import {shapeText, sizeOf, toFloat32} from './shape'
import {inSlabs, type Slab, wholeSlab} from './slabs'

export interface BlockParts {
  readonly form: BlockForm
  /** All heads of all block layers, layer by layer. */
  readonly heads: readonly HeadParameters[]
  /** A whole block adds each layer's input to its output; its parts alone do not. */
  readonly residual: boolean
  readonly classifier: HeadWeights | null
}

/** A density block with these parameters, and the classifier behind it where there is one. */
export function blockModel(
  detection: Detection,
  parts: BlockParts,
  shared: Kept<HeadTensors> | null = null
): LoadedModel {
  const {form, heads, residual, classifier} = parts
  const {axes: blockAxes = [-1], paddingValue = null, blockLayer: shown = 0} = detection.settings
  const layers = blockAxes.map((_, layer) => heads.filter((head) => head.blockLayer === layer))
  const headTensors = shared ?? (classifier && kept(() => classifier.upload()))
  const widest = classifier ? classifier.shape.hidden * classifier.shape.features : 0
  const mapOf = (sampleShape: readonly number[]) =>
    blockMap(
      sampleShape,
      sampleAxes(blockAxes, sampleShape)[shown]!,
      layers[shown]!.length,
      detection.layers,
      form.remainder
    )

  /**
   * Everything a run reads back, by name: the shown layer's maps and deviation, and of the details `weights 0`,
   * `weights 1`… and `output`.
   */
  function forward(values: Float32Array, shape: readonly number[], details: boolean): Record<string, Tensor> {
    const axes = sampleAxes(blockAxes, shape.slice(1))
    const {colAxis} = mapOf(shape.slice(1))
    const column = colAxis === null ? null : colAxis + 1
    const read: Record<string, Tensor> = {}
    let x: Tensor = tensor(values, [...shape])
    for (const [layer, own] of layers.entries()) {
      // What stands behind the shown layer has no part in its maps.
      const last = layer === (details || classifier ? layers.length - 1 : shown)
      const want: MixtureOutput[] = []
      if (!last || details || classifier) want.push('output')
      if (details) want.push('weights')
      if (layer === shown) want.push('map', 'standardisedMap', 'deviation')
      const results = headsForward(x, {axis: axes[layer]! + 1, column}, {form, heads: own, paddingValue}, want)
      if (layer === shown) {
        const {map, standardisedMap, deviation} = results
        Object.assign(read, {map, standardisedMap, deviation})
      }
      if (details) read[`weights ${layer}`] = results.weights
      if (want.includes('output')) x = after(results.output, x)
      if (last) break
    }
    if (classifier) read.logits = convHead(x, classifier, headTensors!.tensors())
    if (details) read.output = x
    return read
  }

  /** What the next layer is given. Lets go of what it is made of at once: tidy would hold it to its end. */
  function after(output: Tensor, x: Tensor): Tensor {
    const next = residual ? add(output, x) : output
    x.dispose()
    if (residual) output.dispose()
    return next
  }

  async function run(
    {sampleShape, values}: Samples,
    start: number,
    stop: number,
    {details = false}: {readonly details?: boolean} = {}
  ): Promise<RunResult> {
    const axes = sampleAxes(blockAxes, sampleShape)
    const size = sizeOf(sampleShape)
    const {colAxis} = mapOf(sampleShape)
    // No layer looks across the axes that none normalises; the classifier looks at all of them.
    const free = classifier ? [] : sampleShape.map((_, axis) => axis).filter((axis) => !axes.includes(axis))
    return inSlabs(
      wholeSlab(values.subarray(start * size, stop * size), stop - start, sampleShape),
      {most: mostNumbers(), free, colAxis},
      (slab) => runSlab(slab, details)
    )
  }

  async function runSlab({values, count, shape: sampleShape}: Slab, details: boolean): Promise<RunResult> {
    const map = mapOf(sampleShape)
    checkFits(sampleShape, Math.max(sizeOf(sampleShape), widest))
    const read = await onBackend(() => readBack(tidy(() => forward(values, [count, ...sampleShape], details))))
    const axis = sampleAxes(blockAxes, sampleShape)[shown]!
    // Shorter than the input where no head owns its last items.
    const owned = sampleShape.map((length, i) => (i === axis ? map.rows : length))
    const density = read.map!
    scaleByChunk(density, map)
    const perHead = sampleShape.map((length, i) => (i === axis ? layers[shown]!.length : length))
    return {
      density,
      standardised: read.standardisedMap!,
      deviation: project(read.deviation!, perHead, axis, map.colAxis),
      logits: read.logits ?? null,
      details: details
        ? [
            {name: 'output', shape: owned, values: read.output!},
            ...layers.map((_, layer) => ({
              name: `attention.layer_${layer}`,
              shape: owned,
              values: read[`weights ${layer}`]!
            }))
          ]
        : null
    }
  }

  const layerCounts = classifier && {layers: classifier.shape.layers, heads: 1, features: classifier.shape.features}

  function count(shape: readonly number[], settings: Settings): number {
    if (layerCounts) return countLayers(shape, layerCounts, {...detection.settings, ...settings})
    checkAxes(blockAxes, shape)
    if (sizeOf(shape) === 0) throw new ShapeError(`the input is ${shapeText(shape)}, which is empty`)
    const whole = isWhole(blockAxes, shape.length)
    const sampleShape = whole ? shape : shape.slice(1)
    // Refuses here what a run would refuse later: an axis too short for its heads.
    for (const [layer, axis] of sampleAxes(blockAxes, sampleShape).entries())
      blockMap(sampleShape, axis, layers[layer]!.length, detection.layers, form.remainder)
    return whole ? 1 : shape[0]!
  }

  async function arrange(input: TensorValues, settings: Settings): Promise<Samples> {
    if (layerCounts) return arrangeLayers(input, layerCounts, {...detection.settings, ...settings})
    const inputs = count(input.shape, settings)
    const whole = isWhole(blockAxes, input.shape.length)
    const reading = whole ? 'one input' : 'batch first'
    return {
      count: inputs,
      sampleShape: whole ? input.shape : input.shape.slice(1),
      values: toFloat32(input.values),
      reading: `${shapeText(input.shape)} read as ${reading}; axis ${blockAxes[shown]} normalised`
    }
  }

  return {
    detection,
    heads,
    runs: true,
    own: null,
    arrange,
    count,
    axes: (sampleShape): MapAxes => {
      const {colAxis: _, ...axes} = mapOf(sampleShape)
      return axes
    },
    run,
    untrained: () =>
      blockModel(
        {...detection, classCount: null},
        {form, heads: heads.map(form.initialised), residual, classifier: null}
      ),
    edited: ({heads: edits}) => {
      const made = editedHeads(heads, edits, (own, {offset, spread}) => {
        const {head, blockLayer, mixture} = own
        return form.head({head, blockLayer, offset, spread, ...(mixture ? {heights: mixture.heights} : {})})
      })
      return blockModel(detection, {...parts, heads: made}, headTensors)
    },
    maskable: false,
    batchSize: (samples) => batchThatFits(samples, widest),
    dispose: () => {
      if (!shared) headTensors?.dispose()
    }
  }
}
