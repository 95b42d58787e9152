import {ShapeError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import {readConvHead} from './convHead'
import type {Detection, LoadedModel, ModelFamily} from './family'
import {findLayerHeads} from './findLayerHeads'
import {featureHead} from './headParameters'
import {layerModel} from './layerModel'
import {readBound} from './readBound'

/** The paper's mechanism: density attention over the layers of a frozen encoder, one Gaussian per feature. */
export const layerDensityFamily: ModelFamily = {
  id: 'layer-density',
  needs: 'density attention over layers needs c and mean_offset of one shape, (1, features), for each head',
  detect: findLayerHeads,
  load
}

async function load(archive: TensorArchive, detection: Detection): Promise<LoadedModel> {
  const broken = detection.missing.find((sentence) => /^head \d+: /.test(sentence))
  if (broken) throw new ShapeError(broken, 'The heads of this checkpoint do not fit together')
  const heads = []
  for (let head = 0; head < detection.headCount; head++) {
    const offset = await readBound(archive, detection, `head ${head} mean offset`)
    const spread = await readBound(archive, detection, `head ${head} scaled variance`)
    heads.push(featureHead({head, blockLayer: 0, offset, spread}))
  }
  return layerModel(detection, heads, await readConvHead(archive, detection))
}
