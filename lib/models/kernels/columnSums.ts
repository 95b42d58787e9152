import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import type {TensorInfo} from '@tensorflow/tfjs-core'
import {backendInForce} from '../backend'
import {allocate, dispatch, type Pass, type Program} from './dispatch'

const workgroup = 64
/** Rows that are added up before they join the sum: short sums of short sums round less. */
const block = 16
/** Invocations that keep a device busy. */
const busy = {hardware: 2 ** 16, software: 2 ** 11}

/** A tensor (outer, rows, inner), whose rows are added up. */
export interface Columns {
  readonly outer: number
  readonly rows: number
  readonly inner: number
}

// A thread has one column of a range of rows, or four side by side where they can be read at once.
const program = (packed: boolean): Program => {
  const element = packed ? 'vec4<f32>' : 'f32'
  return {
    key: `column sums ${element}`,
    workgroup,
    bindings: [
      {name: 'x', element},
      {name: 'sums', element, writes: true}
    ],
    uniforms: ['threads', 'pieces', 'per', 'rows', 'width'],
    floats: ['share'],
    code: () => `
    fn run(group: u32, lane: u32) {
      let index = group * ${workgroup}u + lane;
      if (index >= u.threads) { return; }
      let column = index % u.width;
      let piece = index / u.width % u.pieces;
      let outer = index / u.width / u.pieces;
      let stop = min((piece + 1u) * u.per, u.rows);
      var sum = ${element}(0.);
      var row = piece * u.per;
      while (row < stop) {
        let end = min(row + ${block}u, stop);
        var part = ${element}(0.);
        for (; row < end; row++) { part += x[(outer * u.rows + row) * u.width + column]; }
        sum += part;
      }
      sums[index] = sum * u.share;
    }`
  }
}

/**
 * Adds up the rows of x (outer, rows, inner), times `share`, into `sums` (outer, inner): in one stage, or in two where
 * the columns alone would leave the device idle. `before` runs first, in the same submission.
 */
export function sumColumns(
  backend: WebGPUBackend,
  x: TensorInfo,
  sums: TensorInfo,
  {outer, rows, inner}: Columns,
  share: number,
  before: readonly Pass[] = []
): void {
  const packed = inner % 4 === 0
  const width = packed ? inner / 4 : inner
  const stage = (from: TensorInfo, to: TensorInfo, length: number, pieces: number, times: number): Pass => {
    const threads = outer * pieces * width
    return {
      program: program(packed),
      buffers: [from, to],
      uniforms: {threads, pieces, per: Math.ceil(length / pieces), rows: length, width, share: times},
      workgroups: Math.ceil(threads / workgroup)
    }
  }
  const pieces = piecesFor(rows, outer * width)
  if (pieces === 1) {
    dispatch(backend, [...before, stage(x, sums, rows, 1, share)])
    return
  }
  const partial = allocate(backend, [outer, pieces, inner])
  dispatch(backend, [...before, stage(x, partial, rows, pieces, 1), stage(partial, sums, pieces, 1, share)])
  backend.disposeData(partial.dataId)
}

/** Into how many pieces to cut `rows`, so that `columns` threads for each keep the device busy. None is empty. */
export function piecesFor(rows: number, columns: number): number {
  const {software} = backendInForce().gpu!
  const wanted = Math.ceil(busy[software ? 'software' : 'hardware'] / Math.max(1, columns))
  // Pieces shorter than a block would only be written and read again.
  const pieces = Math.max(1, Math.min(wanted, Math.floor(rows / block)))
  return Math.ceil(rows / Math.ceil(rows / pieces))
}
