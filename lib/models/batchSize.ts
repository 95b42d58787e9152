import {ReaderError} from '@/lib/core/errors'
import {backendInForce} from './backend'
import type {Samples} from './family'
import {shapeText, sizeOf} from './shape'

/** Numbers held at once while a batch runs: tidy frees nothing before its end. */
const budget = {gpu: 2 ** 25, software: 2 ** 22, wasm: 2 ** 22, cpu: 2 ** 20}
/**
 * Tensors as large as a batch that a run holds at most: the input, the map and the standardised map, which are as large
 * where samples are maps themselves, what is handed on to a classifier, and one for spreads and what is on its way.
 */
const tensors = 5
const most = 64

/**
 * How many samples to run at once: enough to keep the backend busy, few enough to fit and to be cancelled between.
 * `widest` is the largest tensor of one sample, in numbers, where that is not the sample itself.
 */
export function batchThatFits(samples: Pick<Samples, 'count' | 'sampleShape'>, widest: number): number {
  const {report, largest} = backendInForce()
  const own = sizeOf(samples.sampleShape)
  const room = budget[report.name === 'webgpu' ? (report.software ? 'software' : 'gpu') : report.name]
  const held = Math.floor(room / (tensors * own + 2 * widest))
  const allowed = Math.floor(largest / (4 * Math.max(own, widest)))
  return Math.max(1, Math.min(held, allowed, most, samples.count))
}

/** Numbers in the largest tensor that the backend takes. */
export const mostNumbers = (): number => Math.floor(backendInForce().largest / 4)

/** Throws ReaderError when a tensor of this many numbers is more than the backend takes: it would not say so itself. */
export function checkFits(sampleShape: readonly number[], numbers: number): void {
  const {report, largest} = backendInForce()
  if (numbers * 4 <= largest) return
  throw new ReaderError(
    'Too large for this GPU',
    `one input ${shapeText(sampleShape)} needs a tensor of ${megabytes(numbers * 4)}; ${report.adapter ?? report.name} takes ${megabytes(largest)} at most`
  )
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MB`
