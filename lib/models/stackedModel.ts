import {
  type NamedTensorMap,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy
} from '@tensorflow/tfjs-core'
import type {TensorValues} from '@/lib/formats/archive'
import {entropyBits, standardisedOver} from './attentionRows'
import {onBackend} from './backend'
import {batchThatFits, checkFits} from './batchSize'
import type {Detection, LoadedModel, MapAxes, RowMeasure, RunResult, SampleArray, Samples, Settings} from './family'
import {registerGradients} from './gradients'
import {kept} from './kept'
import {readBack} from './readBack'
import {emptied, refusedAmong, spoilt} from './refusedInputs'
import {sizeOf} from './shape'
import {type LinearTensors, type StackInput, type StackTensors, stackForward, stackGradients} from './stackedForward'
import {arrangeStacked, countStacked, type QuestionSource, regionPlane, stackedInputNames} from './stackedInputs'
import {initialised, type Linear, type StackParts} from './stackedParts'

/**
 * Stacked attention with these layers. Its map has a row for each hop and a column for each region, then one for each
 * word where there is a second stream. Density is attention × the number of regions (words: × words), so that 1 is
 * attention spread evenly; `standardised` is the attention logits standardised over the hop's regions (words), whose
 * spread is in `standardised` alone: `deviation` is 1 everywhere, since no offset acts on it. The untrained twin is of the
 * stack alone: it is given the same question vectors, whatever made them.
 */
export function stackedModel(
  detection: Detection,
  parts: StackParts,
  questions: QuestionSource = {encoder: null, refused: null}
): LoadedModel {
  const hops = parts.streams[0]!.hops.length
  const weights = kept(() => uploaded(parts))

  async function run(
    samples: Samples,
    start: number,
    stop: number,
    {details = false}: {readonly details?: boolean} = {}
  ): Promise<RunResult> {
    const slices = [{shape: samples.sampleShape, values: samples.values}, ...samples.beside!].map(({shape, values}) => {
      const size = sizeOf(shape)
      return {shape, values: values.subarray(start * size, stop * size)}
    })
    const n = stop - start
    const [regions, question, words] = slices as [Slice, Slice, Slice | undefined]
    const streams = words ? [regions, words] : [regions]
    for (const {shape} of streams) checkFits(shape, widest(parts, shape[0]!))
    const unusable = refusedAmong(samples, start, stop)
    registerGradients()
    const read = await onBackend(() =>
      readBack(
        tidy((): Record<string, Tensor> => {
          const input: StackInput = {
            items: streams.map(({shape, values}) =>
              tensor3d(emptied(values, n, unusable), [n, ...shape] as [number, number, number])
            ),
            question: tensor2d(emptied(question.values, n, unusable), [n, parts.state])
          }
          return asNamed(stackTensors(parts, weights.tensors()), input)
        })
      )
    )
    return resultOf(read, {n, streams: streams.map(({shape}) => shape[0]!), unusable, details})
  }

  function resultOf(
    read: Record<string, Float32Array>,
    {
      n,
      streams,
      unusable,
      details
    }: {n: number; streams: readonly number[]; unusable: readonly number[]; details: boolean}
  ): RunResult {
    const cols = streams.reduce((sum, items) => sum + items, 0)
    const density = new Float32Array(n * hops * cols)
    const standardised = new Float32Array(density.length)
    const entropy = streams.map(() => new Float32Array(n * hops))
    const attention = streams.map((items) => new Float32Array(n * hops * items))
    for (let hop = 0; hop < hops; hop++) {
      let column = 0
      for (const [stream, items] of streams.entries()) {
        for (let i = 0; i < n; i++) {
          const row = i * hops + hop
          const own = (name: string) => read[`${name} ${hop} ${stream}`]!.subarray(i * items, (i + 1) * items)
          const shares = own('attention')
          density.set(
            shares.map((share) => share * items),
            row * cols + column
          )
          standardised.set(standardisedOver(own('scores')), row * cols + column)
          entropy[stream]![row] = entropyBits(shares)
          attention[stream]!.set(shares, row * items)
        }
        column += items
      }
    }
    const logits = read.logits ?? null
    const measures = measuresOf(entropy, read, n)
    for (const values of [
      density,
      standardised,
      ...(logits ? [logits] : []),
      ...attention,
      ...measures.map((m) => m.values)
    ])
      spoilt(values, n, unusable)
    return {
      density,
      standardised,
      deviation: new Float32Array(n * cols).fill(1),
      logits,
      measures,
      details: details
        ? streams.map((items, i) => ({
            name: `attention.${parts.streams[i]!.name}`,
            shape: [hops, items],
            values: attention[i]!
          }))
        : null
    }
  }

  function measuresOf(entropy: readonly Float32Array[], read: Record<string, Float32Array>, n: number): RowMeasure[] {
    const entropies = parts.streams.map(
      ({name}, i): RowMeasure => ({
        id: name === 'regions' ? 'entropy' : 'word-entropy',
        title: name === 'regions' ? 'entropy of attention' : 'entropy of attention to words',
        unit: 'bits',
        scale: 'linear',
        values: entropy[i]!
      })
    )
    const gradient = (way: 'content' | 'latent'): RowMeasure => ({
      id: `${way}-gradient`,
      title: `gradient that reaches the hop by the ${way} path`,
      unit: 'gradient norm',
      scale: 'log',
      values: normsOf(read, way, n)
    })
    return [
      ...entropies,
      ...(parts.answer ? [gradient('content')] : []),
      ...(parts.answer && parts.latent ? [gradient('latent')] : [])
    ]
  }

  /** (n, hops): the norm of the gradient over all items of all streams. */
  function normsOf(read: Record<string, Float32Array>, way: string, n: number): Float32Array {
    const norms = new Float32Array(n * hops)
    for (let hop = 0; hop < hops; hop++)
      for (let i = 0; i < n; i++) {
        let squares = 0
        for (const stream of parts.streams.keys()) {
          const values = read[`${way} ${hop} ${stream}`]!
          const size = values.length / n
          for (let k = i * size; k < (i + 1) * size; k++) squares += values[k]! ** 2
        }
        norms[i * hops + hop] = Math.sqrt(squares)
      }
    return norms
  }

  return {
    detection,
    heads: [],
    runs: true,
    own: null,
    ...stackedInputNames(parts, questions),
    arrange: async (regions: TensorValues, _: Settings, beside = new Map<string, TensorValues>()) =>
      arrangeStacked(regions, beside, parts, questions),
    count: (shape) => countStacked(shape, parts),
    axes: (sampleShape, beside): MapAxes => {
      countStacked(sampleShape, parts)
      const regions = sampleShape[0]!
      const words = parts.streams.length > 1 ? wordsIn(beside) : null
      return {
        rows: hops,
        cols: regions + (words ?? 0),
        rowName: 'hop',
        colName: 'region',
        headRows: [[0, hops]],
        plane: regionPlane(regions, words, detection.settings)
      }
    },
    run,
    untrained: () => stackedModel(detection, initialised(parts)),
    edited: null,
    maskable: false,
    batchSize: (samples) => batchThatFits(samples, widest(parts, samples.sampleShape[0]!)),
    dispose() {
      weights.dispose()
      questions.encoder?.dispose()
    }
  }
}

interface Slice {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

const wordsIn = (beside: readonly SampleArray[] | undefined): number =>
  beside?.find(({name}) => name === 'words')?.shape[0] ?? 0

/** Numbers that one input holds in all hops at once, forward and back: gradients let go of nothing before their end. */
const widest = ({streams}: StackParts, items: number): number =>
  items * streams.reduce((sum, {hops}) => sum + hops.reduce((all, {look}) => all + look.outputs + look.inputs, 0), 0)

/** All that is read back, by name, hop and stream. */
function asNamed(stack: StackTensors, input: StackInput): Record<string, Tensor> {
  const {scores, attention, logits} = stackForward(stack, input)
  const named = (name: string, tensors: readonly (readonly Tensor[])[]) =>
    tensors.flatMap((streams, hop) =>
      streams.map((tensor, stream): [string, Tensor] => [`${name} ${hop} ${stream}`, tensor])
    )
  const found = logits ? stackGradients(stack, input, logits) : null
  return Object.fromEntries([
    ...named('scores', scores),
    ...named('attention', attention),
    ...(logits ? [['logits', logits] as const] : []),
    ...(found ? named('content', found.content) : []),
    ...(found?.latent ? named('latent', found.latent) : [])
  ])
}

// Tensors are kept by name; a stack of them is put together from the names on every run.

function uploaded(parts: StackParts): NamedTensorMap {
  const tensors: NamedTensorMap = {}
  each(parts, (name, {inputs, outputs, weight, bias}) => {
    tensors[name] = tensor2d(weight, [inputs, outputs])
    if (bias) tensors[`${name} bias`] = tensor1d(bias)
  })
  for (const [i, [start, stop]] of answerRows(parts).entries()) {
    const {outputs, weight} = parts.answer!
    tensors[`answer ${i}`] = tensor2d(weight.subarray(start * outputs, stop * outputs), [stop - start, outputs])
  }
  if (parts.answer?.bias) tensors['answer bias'] = tensor1d(parts.answer.bias)
  return tensors
}

function each({streams}: StackParts, take: (name: string, linear: Linear) => void): void {
  for (const {name, projection, hops} of streams) {
    if (projection) take(`${name} projection`, projection)
    for (const [hop, layers] of hops.entries())
      for (const [part, linear] of Object.entries(layers)) if (linear) take(`${name} ${hop} ${part}`, linear)
  }
}

/** The rows of the answer's weight that each part of what it reads takes: the state, then latent states. */
function answerRows({answer, latent, state, streams}: StackParts): (readonly [start: number, stop: number])[] {
  if (!answer) return []
  const widths = [state, ...(latent ? streams.map(({hops}) => hops.at(-1)!.look.outputs) : [])]
  const stops = widths.map((_, i) => widths.slice(0, i + 1).reduce((sum, width) => sum + width, 0))
  return stops.map((stop, i) => [stop - widths[i]!, stop] as const)
}

function stackTensors(parts: StackParts, tensors: NamedTensorMap): StackTensors {
  const {form, latent, answer} = parts
  const linear = (name: string): LinearTensors | null => {
    const weight = tensors[name]
    return weight ? {weight: weight as Tensor2D, bias: tensors[`${name} bias`] ?? null} : null
  }
  return {
    form,
    latent,
    streams: parts.streams.map(({name, hops}) => ({
      name,
      projection: linear(`${name} projection`),
      hops: hops.map((_, hop) => {
        const part = (layer: string) => linear(`${name} ${hop} ${layer}`)
        return {look: part('look')!, ask: part('ask')!, carry: part('carry'), point: part('point')!}
      })
    })),
    answer: answer && {
      weights: answerRows(parts).map((_, i) => tensors[`answer ${i}`] as Tensor2D),
      bias: tensors['answer bias'] ?? null
    }
  }
}
