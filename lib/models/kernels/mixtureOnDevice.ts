import type {WebGPUBackend} from '@tensorflow/tfjs-backend-webgpu'
import type {TensorInfo} from '@tensorflow/tfjs-core'
import {backendInForce} from '../backend'
import type {BlockFormName} from '../blockForm'
import type {DeviceTraits} from '../webgpu'
import {type DevicePath, type DevicePathName, devicePath} from './devicePath'
import {allocate, dispatch} from './dispatch'
import {meanOfPieces} from './meanOfPieces'
import {
  inRow,
  type MixtureBuffer,
  type MixturePlan,
  type MixtureUniforms,
  mixtureBuffers,
  mixtureProgram,
  vectorsPerLane
} from './mixtureProgram'
import {columnsOf, type MixtureShape, repeatsOf} from './mixtureShape'

/** Vectors that a lane holds, each written out in the code: more are slow to compile, and do not stay in registers. */
const mostHeld = {hardware: 32, software: 48}

/** Invocations that keep a device busy. */
const busy = {hardware: 2 ** 16, software: 2 ** 12}

/** Room for partial sums, in numbers. */
const mostPartial = 2 ** 22

export interface MixtureOnDevice {
  readonly x: TensorInfo
  readonly parameters: TensorInfo
  readonly shape: MixtureShape
  readonly form: BlockFormName
  readonly gaussians: number
  readonly padding: number | null
  readonly moderate: boolean
  readonly path?: DevicePathName | undefined
}

export type MixtureTensors = Partial<
  Record<'output' | 'weights' | 'standardised' | 'deviation' | 'map' | 'standardisedMap', TensorInfo>
>

/** Mixture attention on WebGPU: one pass over x, and a small one for maps. */
export function mixtureOnDevice(backend: WebGPUBackend, work: MixtureOnDevice, to: MixtureTensors): void {
  const {shape, form, gaussians, moderate, padding} = work
  const traits = backendInForce().gpu!
  const path = pathFor(shape, traits, work.path)
  const {innerColumns, chunk, items, owned, last} = shape
  const row = inRow(shape)
  const packed = row ? [chunk, last, items, owned].every((length) => length % 4 === 0) : innerColumns % 4 === 0
  const needed = vectorsPerLane(shape, path.lanes)
  const held = needed <= mostHeld[traits.software ? 'software' : 'hardware'] ? needed : 0
  const columns = shape.outerColumns * Math.ceil(innerColumns / 4)
  const perRepeat = shape.batch * shape.heads * columns
  const pieces = to.map || to.standardisedMap ? piecesFor(shape, perRepeat * path.lanes, traits) : repeatsOf(shape)
  const scratch = (wanted: TensorInfo | undefined) =>
    wanted && allocate(backend, [shape.batch, pieces, columnsOf(shape) * owned])
  const partialWeights = scratch(to.map)
  const partialStandardised = scratch(to.standardisedMap)
  const buffers: Partial<Record<MixtureBuffer, TensorInfo | undefined>> = {...to, partialWeights, partialStandardised}
  const writes = mixtureBuffers.filter((name) => buffers[name])
  const segments = perRepeat * pieces
  const single = !to.map && !to.standardisedMap
  const blocked = traits.software && held > 0 && inBlocks(shape, path, writes)
  const plan: MixturePlan = {
    form,
    gaussians,
    moderate,
    shape,
    writes,
    padded: padding !== null,
    path,
    packed,
    held,
    blocked,
    single
  }
  const uniforms: MixtureUniforms = {
    ...shape,
    segments,
    columns,
    pieces,
    per: Math.ceil(repeatsOf(shape) / pieces),
    repeats: repeatsOf(shape),
    trips: needed,
    padding: padding ?? 0
  }
  dispatch(backend, [
    {
      program: mixtureProgram(plan),
      buffers: [work.x, work.parameters, ...writes.map((name) => buffers[name]!)],
      uniforms,
      workgroups: Math.ceil((segments * path.lanes) / path.workgroup)
    },
    ...(partialWeights ? [meanOfPieces(partialWeights, to.map!, shape, pieces)] : []),
    ...(partialStandardised ? [meanOfPieces(partialStandardised, to.standardisedMap!, shape, pieces)] : [])
  ])
  for (const partial of [partialWeights, partialStandardised]) if (partial) backend.disposeData(partial.dataId)
}

// A software adapter checks the place of each read and write, of a matrix but once. Hardware reads adjacent vectors for
// adjacent lanes.
function inBlocks(shape: MixtureShape, {lanes}: DevicePath, writes: readonly MixtureBuffer[]): boolean {
  const {chunk, last, items, owned} = shape
  const whole = chunk % (16 * lanes) === 0 && last === chunk && items % 16 === 0 && owned % 16 === 0
  return (
    inRow(shape) &&
    whole &&
    writes.includes('output') &&
    !writes.includes('weights') &&
    !writes.includes('standardised')
  )
}

// Columns of a strided axis need nothing of each other, so on hardware adjacent lanes have adjacent columns. A software
// adapter pays for code by the byte, of which lanes that share long columns need less. Of a short segment most lanes
// would idle.
function pathFor(shape: MixtureShape, traits: DeviceTraits, wanted: DevicePathName | undefined): DevicePath {
  const own = devicePath(traits, wanted)
  if (!inRow(shape)) {
    const shared = traits.software && own.name === 'subgroups' && shape.last >= 4 * own.lanes
    return shared ? own : devicePath(traits, 'thread')
  }
  return wanted === undefined && shape.last <= own.lanes ? devicePath(traits, 'thread') : own
}

/** Over how many lanes the segments behind one cell of a map are spread. */
function piecesFor(shape: MixtureShape, invocations: number, {software}: DeviceTraits): number {
  const cells = shape.batch * shape.owned * columnsOf(shape)
  const wanted = Math.ceil(busy[software ? 'software' : 'hardware'] / invocations)
  const room = Math.max(1, Math.floor(mostPartial / cells))
  const pieces = Math.min(wanted, room, repeatsOf(shape))
  // None may be left without a repeat, or its partial sums would be what the buffer held before.
  return Math.ceil(repeatsOf(shape) / Math.ceil(repeatsOf(shape) / pieces))
}
