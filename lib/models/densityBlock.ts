import {ShapeError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import {blockForms} from './blockForm'
import {readConvHead} from './convHead'
import type {Detection, HeadParameters, LoadedModel, ModelFamily} from './family'
import {findBlocks, formOf, isResidual} from './findBlock'
import {readBound} from './readBound'
import {headsOf, withAxesFromMaps} from './savedMaps'
import {softmax} from './softmax'

/**
 * Products of K Gaussians along any axis, normalised to sum to one; layers of them with residuals. Clamped in log
 * space, too.
 */
export const densityBlockFamily: ModelFamily = {
  id: 'density-block',
  needs: 'a density block needs attention_heads.{h}.mean_offsets and attention_heads.{h}.c of one shape, (Gaussians)',
  find: (archive) => findBlocks(archive, ['product', 'clamped']),
  load
}

/**
 * Weighted sums of K Gaussians along any axis, normalised to sum to one (Gaussian-Adaptive-Attention of January 2024).
 */
export const additiveDensityFamily: ModelFamily = {
  id: 'additive-density',
  needs: 'additive density attention needs mean_offsets and c of each head and, beside them, weights or fixed_weights',
  find: (archive) => findBlocks(archive, ['additive']),
  load
}

async function load(archive: TensorArchive, found: Detection, {running = true} = {}): Promise<LoadedModel> {
  const broken = found.missing.find((sentence) => /^head \d+ of layer \d+: /.test(sentence))
  if (broken) throw new ShapeError(broken, 'The heads of this checkpoint do not fit together')
  const detection = await withAxesFromMaps(archive, found)
  const perLayer = headsOf(detection)
  const {axes = [], blockLayer = 0} = detection.settings
  if (blockLayer >= perLayer.length)
    throw new ShapeError(`block layer ${blockLayer} was asked for; this block has ${perLayer.length}, counted from 0`)
  if (axes.length > perLayer.length)
    throw new ShapeError(`${axes.length} axes were given; this block has ${perLayer.length} layers`)
  const {blockModel} = await import('./blockModel')
  const form = blockForms[formOf(detection)]
  const heads: HeadParameters[] = []
  for (const [layer, count] of perLayer.entries())
    for (let head = 0; head < count; head++) {
      const role = perLayer.length > 1 ? `layer ${layer} head ${head}` : `head ${head}`
      const offset = await readBound(archive, detection, `${role} mean offsets`)
      const spread = await readBound(archive, detection, `${role} spreads`)
      const heights = await heightsOf(archive, detection, role)
      heads.push(form.head({head, blockLayer: layer, offset, spread, ...(heights ? {heights} : {})}))
    }
  const residual = form.alwaysResidual || isResidual(detection)
  const classifier = running ? await readConvHead(archive, detection) : null
  return blockModel(detection, {form, heads, residual, classifier})
}

/**
 * What each Gaussian of a sum counts: a softmax of learned weights, fixed ones as they are; null where there are none.
 */
async function heightsOf(archive: TensorArchive, detection: Detection, role: string): Promise<Float32Array | null> {
  const bound = (leaf: string) => detection.bindings.some((binding) => binding.role === `${role} ${leaf}`)
  if (bound('weights')) return softmax(await readBound(archive, detection, `${role} weights`))
  return bound('fixed weights') ? readBound(archive, detection, `${role} fixed weights`) : null
}
