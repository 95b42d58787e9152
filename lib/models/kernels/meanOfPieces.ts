import type {TensorInfo} from '@tensorflow/tfjs-core'
import type {Pass, Program} from './dispatch'
import {columnsOf, type MixtureShape, repeatsOf} from './mixtureShape'

const workgroup = 64

/** Partial sums (batch, pieces, outerColumns, owned, innerColumns) as means (batch, owned, columns). */
const program: Program = {
  key: 'mean of pieces',
  workgroup,
  bindings: [
    {name: 'partial', element: 'f32'},
    {name: 'map', element: 'f32', writes: true}
  ],
  uniforms: ['cells', 'pieces', 'outerColumns', 'owned', 'innerColumns'],
  floats: ['share'],
  code: () => `
    fn run(group: u32, lane: u32) {
      let index = group * ${workgroup}u + lane;
      if (index >= u.cells) { return; }
      let each = u.outerColumns * u.owned * u.innerColumns;
      let n = index / each;
      let cell = index % each;
      var sum = 0.;
      for (var piece = 0u; piece < u.pieces; piece++) { sum += partial[(n * u.pieces + piece) * each + cell]; }
      let inner = cell % u.innerColumns;
      let item = cell / u.innerColumns % u.owned;
      let outer = cell / u.innerColumns / u.owned;
      map[((n * u.owned + item) * u.outerColumns + outer) * u.innerColumns + inner] = sum * u.share;
    }`
}

export function meanOfPieces(partial: TensorInfo, map: TensorInfo, shape: MixtureShape, pieces: number): Pass {
  const {batch, owned, outerColumns, innerColumns} = shape
  const cells = batch * owned * columnsOf(shape)
  return {
    program,
    buffers: [partial, map],
    uniforms: {cells, pieces, outerColumns, owned, innerColumns, share: 1 / repeatsOf(shape)},
    workgroups: Math.ceil(cells / workgroup)
  }
}
