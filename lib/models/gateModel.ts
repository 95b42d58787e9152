import {add, mul, reshape, type Tensor, tensor1d, tensor2d, tensor3d, tidy} from '@tensorflow/tfjs-core'
import {ShapeError} from '@/lib/core/errors'
import type {TensorValues} from '@/lib/formats/archive'
import {onBackend} from './backend'
import {batchThatFits, checkFits} from './batchSize'
import type {Detection, HeadParameters, LoadedModel, MapAxes, RunResult, Samples} from './family'
import type {GateLayout} from './findGate'
import {gateHead} from './headParameters'
import {kept} from './kept'
import {gateForm} from './kernels/gateForm'
import {readBack} from './readBack'
import {shapeText, sizeOf, toFloat32} from './shape'

export interface GateParts {
  readonly layout: GateLayout
  readonly head: HeadParameters
  /** (channels) */
  readonly projection: Float32Array
  /** α */
  readonly strength: number
}

/** What is added to a spread before anything is divided by it, in the authors' code and in the other layout. */
const guard: Readonly<Record<GateLayout, number>> = {'log-sigma': 1e-8, 'log-scale': 1e-3}

/**
 * A density gate with these parameters. Samples are (channels, positions) as its authors have them, or (slots,
 * channels).
 */
export function gateModel(detection: Detection, parts: GateParts): LoadedModel {
  const {layout, head, projection, strength} = parts
  const channels = projection.length
  const channelsFirst = layout === 'log-sigma'
  const {paddingValue = null} = detection.settings
  const weights = kept(() => ({projection: tensor1d(projection), components: componentsOf(head)}))
  const positionsOf = (sampleShape: readonly number[]) => sampleShape[channelsFirst ? 1 : 0]!

  async function run(
    {sampleShape, values}: Samples,
    start: number,
    stop: number,
    {details = false}: {readonly details?: boolean} = {}
  ): Promise<RunResult> {
    const positions = positionsOf(sampleShape)
    const size = sizeOf(sampleShape)
    checkFits(sampleShape, size)
    const n = stop - start
    const slice = values.subarray(start * size, stop * size)
    const mask = channelsFirst || paddingValue === null ? null : maskOf(slice, channels, paddingValue)
    const read = await onBackend(() =>
      readBack(
        tidy((): Record<string, Tensor> => {
          const x = tensor3d(slice, channelsFirst ? [n, channels, positions] : [n, positions, channels])
          const given = {x, ...weights.tensors(), mask: mask && tensor2d(mask, [n, positions])}
          const result = gateForm(given, {channelsFirst, guard: guard[layout]})
          if (!details) return result
          const gate = reshape(result.gate, channelsFirst ? [n, 1, positions] : [n, positions, 1])
          return {...result, output: mul(x, add(mul(gate, strength), 1))}
        })
      )
    )
    const gate = read.gate!
    const {output} = read
    return {
      density: gate,
      standardised: read.standardised!,
      deviation: read.deviation!,
      logits: null,
      details: output
        ? [
            {name: 'output', shape: sampleShape, values: output},
            {name: 'attention.layer_0', shape: channelsFirst ? [1, positions] : [positions, 1], values: gate}
          ]
        : null
    }
  }

  function count(shape: readonly number[]): number {
    const axis = shape.length - (channelsFirst ? 2 : 1)
    const needed = channelsFirst ? `(batch, ${channels}, positions)` : `(batch, slots, ${channels})`
    if (shape.length < 2 || shape.length > 3 || shape[axis] !== channels || sizeOf(shape) === 0)
      throw new ShapeError(`the inputs are ${shapeText(shape)}; the gate needs ${needed}, with or without the batch`)
    return shape.length === 3 ? shape[0]! : 1
  }

  async function arrange({shape, values}: TensorValues): Promise<Samples> {
    return {
      count: count(shape),
      sampleShape: shape.slice(-2),
      values: toFloat32(values),
      reading: `${shapeText(shape)} read as ${shape.length === 3 ? 'batch, ' : ''}${channelsFirst ? 'channels, positions' : 'slots, channels'}`
    }
  }

  return {
    detection,
    heads: [head],
    runs: true,
    own: null,
    arrange,
    count,
    axes: (sampleShape): MapAxes => {
      if (sampleShape.length !== 2 || sampleShape[channelsFirst ? 0 : 1] !== channels)
        throw new ShapeError(`samples are ${shapeText(sampleShape)}; the gate needs ${channels} channels`)
      const rows = positionsOf(sampleShape)
      return {rows, cols: 1, rowName: channelsFirst ? 'position' : 'slot', colName: 'gate', headRows: [[0, rows]]}
    },
    run,
    untrained: () => gateModel(detection, {...parts, head: untrainedGate(parts)}),
    edited: null,
    maskable: false,
    batchSize: (samples) => batchThatFits(samples, 0),
    dispose: () => weights.dispose()
  }
}

// The projection starts at random, so only the Gaussians can be put back: δ = 0, and the spread that training begins
// with.
function untrainedGate({head}: GateParts) {
  const {variance} = head.mixture!.initial
  const sigma = Math.sqrt(variance)
  const {length} = head.offset
  return gateHead(new Float32Array(length), new Float32Array(length).fill(sigma), sigma)
}

/** δ, σ and height of each Gaussian (K, 3). */
function componentsOf({offset, spread, mixture}: HeadParameters) {
  const {heights} = mixture!
  const rows = Array.from(offset, (delta, k) => [delta, spread[k]!, heights[k]!])
  return tensor2d(Float32Array.from(rows.flat()), [rows.length, 3])
}

/** 1 for slots that hold anything but the padding value, 0 for the rest. */
function maskOf(rows: Float32Array, channels: number, paddingValue: number): Float32Array {
  return Float32Array.from({length: rows.length / channels}, (_, slot) =>
    rows.subarray(slot * channels, (slot + 1) * channels).every((value) => value === paddingValue) ? 0 : 1
  )
}
