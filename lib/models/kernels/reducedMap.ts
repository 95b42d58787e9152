import {type Tensor, type Tensor2D, tensor1d, tensor2d, tidy} from '@tensorflow/tfjs-core'
import type {DevicePathName} from './devicePath'
import {defineKernel} from './kernel'
import {type Colouring, colourOnArrays, type MapSpans, type PixelSpans, reduceOnArrays} from './reducedMapOnArrays'
import {colouredMapOnDevice, reducedMapOnDevice} from './reducedMapOnDevice'

export {type Colouring, colourOnArrays, type MapSpans, type PixelSpans, reduceOnArrays} from './reducedMapOnArrays'

type Path = {readonly path?: DevicePathName | undefined}

const sizeOfMap = ({rows, cols}: Readonly<Record<'rows' | 'cols', readonly number[]>>) => [rows[1]!, cols[1]!]

const reduce = defineKernel<'map' | 'rows' | 'cols', Path>({
  name: 'ReducedMap',
  inputs: ['map', 'rows', 'cols'],
  shapes: (shapes) => [sizeOfMap(shapes), sizeOfMap(shapes), sizeOfMap(shapes)],
  onArrays: ({map, rows, cols}, outputs, _, shapes) => {
    const reduced = reduceOnArrays(map, shapes.map[1]!, {rows: unpacked(rows), cols: unpacked(cols)})
    for (const [i, values] of [reduced.least, reduced.greatest, reduced.mean].entries()) outputs[i]!.set(values)
  },
  onDevice: (backend, {map, rows, cols}, outputs, {path}) =>
    reducedMapOnDevice(backend, {map, rows, cols}, outputs, path)
})

const colour = defineKernel<'map' | 'rows' | 'cols' | 'colours', Path & Omit<Colouring, 'colours'>>({
  name: 'ColouredMap',
  dtype: 'int32',
  inputs: ['map', 'rows', 'cols', 'colours'],
  shapes: (shapes) => [sizeOfMap(shapes)],
  onArrays: ({map, rows, cols, colours}, [to], attributes, shapes) => {
    const spans = {rows: unpacked(rows), cols: unpacked(cols)}
    // The table is whole numbers, whatever the type of inputs says.
    to!.set(colourOnArrays(map, shapes.map[1]!, spans, {...attributes, colours: Uint32Array.from(colours)}))
  },
  onDevice: (backend, {map, rows, cols, colours}, [to], {path, ...colouring}) =>
    colouredMapOnDevice(backend, {map, rows, cols, colours}, to!, colouring, path)
})

/**
 * A map (rows, cols) at the size of a screen, (height, width): of the cells under each pixel the least, the greatest
 * and the mean; NaN where one of them is not finite, and where there are none.
 */
export function reducedMap(
  map: Tensor2D,
  spans: MapSpans,
  path?: DevicePathName
): Record<'least' | 'greatest' | 'mean', Tensor2D> {
  const [least, greatest, mean] = tidy(() => reduce({map, ...uploaded(spans)}, {path})) as Tensor[] as Tensor2D[]
  return {least: least!, greatest: greatest!, mean: mean!}
}

/**
 * The mean cell under each pixel in colour: (height, width) of whole numbers, each four bytes, red the lowest. Cells of
 * `low` have the first colour of 256, cells of `high` the last; where both are equal, all have the middle one.
 */
export const colouredMap = (
  map: Tensor2D,
  spans: MapSpans,
  {colours, ...colouring}: Colouring,
  path?: DevicePathName
): Tensor2D =>
  tidy(() => {
    const table = tensor1d(Int32Array.from(colours), 'int32')
    return colour({map, ...uploaded(spans), colours: table}, {...colouring, path})[0]!
  }) as Tensor as Tensor2D

// Counts of cells are whole numbers that float32 holds.
const uploaded = ({rows, cols}: MapSpans) => ({rows: packed(rows), cols: packed(cols)})

const packed = ({starts, stops}: PixelSpans) =>
  tensor2d(Float32Array.of(...starts, ...stops), [2, starts.length], 'float32')

function unpacked(spans: Float32Array): PixelSpans {
  const pixels = spans.length / 2
  return {starts: Int32Array.from(spans.subarray(0, pixels)), stops: Int32Array.from(spans.subarray(pixels))}
}
