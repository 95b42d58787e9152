import {type Tensor, tensor1d, tensor2d, tensor3d, tidy} from '@tensorflow/tfjs-core'
import {ShapeError} from '@/lib/core/errors'
import type {TensorValues} from '@/lib/formats/archive'
import {onBackend} from './backend'
import {batchThatFits, checkFits} from './batchSize'
import type {Detection, LoadedModel, MapAxes, RunResult, Samples} from './family'
import {type GateParts, gateForward} from './gateForward'
import {gateHead} from './headParameters'
import {kept} from './kept'
import {readBack} from './readBack'
import {shapeText, sizeOf, toFloat32} from './shape'
import {transposed} from './transposed'

/**
 * A density gate with these parameters. Samples are (channels, positions) as its authors have them, or (slots,
 * channels).
 */
export function gateModel(detection: Detection, parts: GateParts): LoadedModel {
  const {layout, head, projection} = parts
  const channels = projection.length
  const channelsFirst = layout === 'log-sigma'
  const {paddingValue = null} = detection.settings
  const weights = kept(() => ({projection: tensor1d(projection)}))
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
    const rows = channelsFirst ? transposed(slice, [n, channels, positions]) : slice
    const mask = channelsFirst || paddingValue === null ? null : maskOf(rows, channels, paddingValue)
    const read = await onBackend(() =>
      readBack(
        tidy((): Record<string, Tensor> => {
          const x = tensor3d(rows, [n, positions, channels])
          const {output, ...rest} = gateForward(
            x,
            weights.tensors().projection,
            parts,
            mask && tensor2d(mask, [n, positions])
          )
          return details ? {...rest, output} : rest
        })
      )
    )
    const gate = read.gate!
    const output = read.output && (channelsFirst ? transposed(read.output, [n, positions, channels]) : read.output)
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

/** 1 for slots that hold anything but the padding value, 0 for the rest. */
function maskOf(rows: Float32Array, channels: number, paddingValue: number): Float32Array {
  return Float32Array.from({length: rows.length / channels}, (_, slot) =>
    rows.subarray(slot * channels, (slot + 1) * channels).every((value) => value === paddingValue) ? 0 : 1
  )
}
