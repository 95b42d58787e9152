import {addTo} from '@/lib/core/addTo'
import type {TensorArchive, TensorEntry} from '@/lib/formats/archive'
import {blockMap, chunksOf, project} from './blockAxes'
import type {Detection, MapAxes, OpenQuestion, SavedMaps} from './family'
import {refuseRepeated} from './refuseRepeated'
import {savedEntries, savedLayers} from './savedEntries'
import {toFloat32} from './shape'

/**
 * The density maps that a checkpoint carries from its own validation run (DAAM-PEFT-paper-code, save_checkpoint),
 * averaged; null when it has
 * none that can be used. `detection.missing` says why maps that are there are not used.
 */
export async function readSavedMaps(archive: TensorArchive, detection: Detection): Promise<SavedMaps | null> {
  const saved = savedEntries(archive)
  if (saved?.kind === 'batch-means' && /^layer-density/.test(detection.family))
    return readBatchMeans(archive, detection, saved.heads, saved.held)
  if (saved?.kind === 'per-sample' && detection.family === 'density-block')
    return readPerSample(archive, detection, saved.blockLayers)
  return null
}

async function readBatchMeans(
  archive: TensorArchive,
  {headCount, features, layers}: Detection,
  heads: readonly (readonly TensorEntry[])[],
  held: number
): Promise<SavedMaps | null> {
  const rows = savedLayers(heads, {headCount, features: features!, layers})
  if (typeof rows === 'string') return null
  refuseRepeated(archive, heads.flat(), 'the maps that were saved')
  const size = (rows / headCount) * features!
  const density = new Float32Array(rows * features!)
  for (const [head, maps] of heads.entries()) {
    const sums = new Float64Array(size)
    for (const {name} of maps) addTo(sums, toFloat32((await archive.read(name)).values))
    density.set(
      sums.map((sum) => sum / maps.length),
      head * size
    )
  }
  const own = rows / headCount
  const headRows = heads.map((_, head) => [head * own, (head + 1) * own] as const)
  const axes: MapAxes = {rows, cols: features!, rowName: 'layer', colName: 'feature', headRows}
  return {density, axes, used: heads[0]!.length, held, perSample: null}
}

async function readPerSample(
  archive: TensorArchive,
  detection: Detection,
  blockLayers: readonly (readonly TensorEntry[])[]
): Promise<SavedMaps | null> {
  const layer = detection.settings.blockLayer ?? 0
  const batches = blockLayers[layer]
  if (!batches || batches.some(({shape}) => shape.includes(0))) return null
  refuseRepeated(archive, batches, 'the maps that were saved')
  const heads = headsOf(detection)[layer] ?? 0
  const [, ...sampleShape] = batches[0]!.shape
  const axis = await normalisedAxis(archive, batches[0]!, heads)
  if (axis === null || batches.some(({shape}) => shape.slice(1).join() !== sampleShape.join())) return null
  const axes = blockMap(sampleShape, axis - 1, heads, detection.layers)
  const count = batches.reduce((sum, {shape}) => sum + shape[0]!, 0)
  const density = new Float32Array(count * axes.rows * axes.cols)
  let at = 0
  for (const {name} of batches) {
    const weights = toFloat32((await archive.read(name)).values)
    const maps = project(weights, sampleShape, axis - 1, axes.colAxis)
    scaleByChunk(maps, axes)
    density.set(maps, at)
    at += maps.length
  }
  const {colAxis: _, ...map} = axes
  return {density: meanMap(density, count), axes: map, used: count, held: count, perSample: {count, density}}
}

function meanMap(maps: Float32Array, count: number): Float32Array {
  const sums = new Float64Array(maps.length / count)
  for (let i = 0; i < maps.length; i++) sums[i % sums.length] = sums[i % sums.length]! + maps[i]!
  return Float32Array.from(sums, (sum) => sum / count)
}

/** Weights × chunk length, in place, so that heads of different length compare: their mean is then 1. */
export function scaleByChunk(maps: Float32Array, {rows, cols, headRows}: MapAxes): void {
  const scale = new Float64Array(rows)
  for (const [start, stop] of headRows) scale.fill(stop - start, start, stop)
  for (let i = 0; i < maps.length; i++) maps[i] = maps[i]! * scale[Math.floor(i / cols) % rows]!
}

/** Heads of each block layer. */
export function headsOf({bindings}: Detection): number[] {
  const counts: number[] = []
  for (const {role} of bindings) {
    const found = /^(?:layer (\d+) )?head \d+ mean offsets$/.exec(role)
    if (found) counts[Number(found[1] ?? 0)] = (counts[Number(found[1] ?? 0)] ?? 0) + 1
  }
  return counts
}

/**
 * A detection that takes each block layer's axis from the saved maps, which sum to one along it in every head. What
 * the maps show goes before what was assumed. Other detections come back as they are.
 */
export async function withAxesFromMaps(archive: TensorArchive, detection: Detection): Promise<Detection> {
  const saved = savedEntries(archive)
  if (detection.family !== 'density-block' || saved?.kind !== 'per-sample') return detection
  const heads = headsOf(detection)
  const axes: number[] = []
  for (const [layer, [first]] of saved.blockLayers.entries()) {
    const axis = await normalisedAxis(archive, first!, heads[layer] ?? 0)
    if (axis === null) return detection
    axes.push(axis - first!.shape.length)
  }
  if (axes.length !== heads.length) return detection
  const question: OpenQuestion = {
    setting: 'axes',
    text: `Which axis does the block normalise? Its saved maps sum to one along axis ${axes.join(', ')}, so that is taken.`,
    options: [{label: `axis ${axes.join(', ')}, as the saved maps show`, value: {axes}}],
    chosen: 0
  }
  const others = detection.questions.filter(({setting}) => setting !== 'axes')
  return {...detection, settings: {...detection.settings, axes}, questions: [question, ...others]}
}

/** The one axis after the batch along which every head's weights sum to one; null when none or several do. */
async function normalisedAxis(archive: TensorArchive, entry: TensorEntry, heads: number): Promise<number | null> {
  const {shape} = entry
  if (heads === 0) return null
  const weights = toFloat32((await archive.read(entry.name)).values)
  const fits = shape.map((_, axis) => axis).filter((axis) => axis > 0 && sumsToOne(weights, shape, axis, heads))
  return fits.length === 1 ? fits[0]! : null
}

function sumsToOne(weights: Float32Array, shape: readonly number[], axis: number, heads: number): boolean {
  const length = shape[axis]!
  if (length < heads) return false
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1)
  const chunks = chunksOf(length, heads)
  for (let outer = 0; outer < weights.length / (length * inner); outer++)
    for (let i = 0; i < inner; i++)
      for (const [start, stop] of chunks) {
        let sum = 0
        for (let item = start; item < stop; item++) sum += weights[(outer * length + item) * inner + i]!
        // Half precision keeps three digits.
        if (!(Math.abs(sum - 1) < 5e-3)) return false
      }
  return true
}
