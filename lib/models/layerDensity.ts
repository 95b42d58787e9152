import {ShapeError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import {readConvHead} from './convHead'
import type {Detection, LoadedModel, ModelFamily} from './family'
import {findLayerHeads} from './findLayerHeads'
import {readGroupedQuery} from './groupedQuery'
import {featureHead} from './headParameters'
import {layerModel} from './layerModel'
import {readBound} from './readBound'

/** The paper's mechanism: density attention over the layers of a frozen encoder, one Gaussian per feature. */
export const layerDensityFamily: ModelFamily = {
  id: 'layer-density',
  needs: 'density attention over layers needs c and mean_offset of one shape, (1, features), for each head',
  find: (archive) => findLayerHeads(archive, false),
  load
}

/** The same followed by grouped-query attention among the weighted layers (DAAM-PEFT-paper-code, GQDAAM). */
export const groupedLayerDensityFamily: ModelFamily = {
  id: 'layer-density-gqa',
  needs: 'density attention over layers with grouped-query attention needs, beside them, gqa.q_proj.weight',
  find: (archive) => findLayerHeads(archive, true),
  load
}

async function load(archive: TensorArchive, detection: Detection, {running = true} = {}): Promise<LoadedModel> {
  const broken = detection.missing.find((sentence) => /^head \d+: /.test(sentence))
  if (broken) throw new ShapeError(broken, 'The heads of this checkpoint do not fit together')
  const heads = []
  for (let head = 0; head < detection.headCount; head++) {
    const offset = await readBound(archive, detection, `head ${head} mean offset`)
    const spread = await readBound(archive, detection, `head ${head} scaled variance`)
    heads.push(featureHead({head, blockLayer: 0, offset, spread}))
  }
  const grouped = running ? await readGroupedQuery(archive, detection) : null
  const classifier = running ? await readConvHead(archive, detection) : null
  return layerModel(detection, {heads, grouped, classifier})
}
