import {ShapeError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import {blockModel} from './blockModel'
import {readConvHead} from './convHead'
import type {Detection, HeadParameters, LoadedModel, ModelFamily} from './family'
import {blockTitles, findBlock} from './findBlock'
import {componentHead} from './headParameters'
import {readBound} from './readBound'
import {headsOf, withAxesFromMaps} from './savedMaps'

/** Products of K Gaussians along any axis, normalised to sum to one; layers of them with residuals. */
export const densityBlockFamily: ModelFamily = {
  id: 'density-block',
  needs: 'a density block needs attention_heads.{h}.mean_offsets and attention_heads.{h}.c of one shape, (Gaussians)',
  detect: findBlock,
  load
}

async function load(archive: TensorArchive, found: Detection): Promise<LoadedModel> {
  const broken = found.missing.find((sentence) => /^head \d+ of layer \d+: /.test(sentence))
  if (broken) throw new ShapeError(broken, 'The heads of this checkpoint do not fit together')
  const detection = await withAxesFromMaps(archive, found)
  const perLayer = headsOf(detection)
  const {axes = [], blockLayer = 0} = detection.settings
  if (blockLayer >= perLayer.length)
    throw new ShapeError(`block layer ${blockLayer} was asked for; this block has ${perLayer.length}, counted from 0`)
  if (axes.length > perLayer.length)
    throw new ShapeError(`${axes.length} axes were given; this block has ${perLayer.length} layers`)
  const heads: HeadParameters[] = []
  for (const [layer, count] of perLayer.entries())
    for (let head = 0; head < count; head++) {
      const role = perLayer.length > 1 ? `layer ${layer} head ${head}` : `head ${head}`
      const offset = await readBound(archive, detection, `${role} mean offsets`)
      const spread = await readBound(archive, detection, `${role} spreads`)
      heads.push(componentHead({head, blockLayer: layer, offset, spread}))
    }
  const residual = detection.title === blockTitles.block
  return blockModel(detection, {heads, residual, classifier: await readConvHead(archive, detection)})
}
