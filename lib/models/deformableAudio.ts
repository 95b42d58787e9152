import {ShapeError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import {complaintsOf} from './complaintsOf'
import {planOf} from './deformablePlan'
import type {PyramidParts} from './deformableTensors'
import type {Detection, LoadedModel, ModelFamily} from './family'
import {findDeformables} from './findDeformable'
import {toFloat32} from './shape'

/**
 * A pyramid transformer whose deformable blocks look at a few points of the map, moved to where each input says
 * (LeapLabTHU/DAT, 2022 and 2023). DATAR (arXiv 2312.16228) puts it on spectrograms, with an audio offset generator and
 * an input adaptor whose formulas are not public; what is read here under `offset_range` and `input_adaptor` is a
 * reconstruction of them.
 */
export const deformableAudioFamily: ModelFamily = {
  id: 'deformable-audio',
  needs:
    'a deformable attention pyramid needs patch_proj.0.weight and stages.0.attns.0 with proj_q, proj_qkv or qkv (names as in LeapLabTHU/DAT)',
  find: findDeformables,
  load
}

async function load(archive: TensorArchive, detection: Detection): Promise<LoadedModel> {
  const parts = await pyramidParts(archive, detection)
  const {deformableModel} = await import('./deformableModel')
  return deformableModel(detection, parts)
}

/** Reads a detected pyramid's parameters. Throws ShapeError when they do not fit together. */
export async function pyramidParts(archive: TensorArchive, detection: Detection): Promise<PyramidParts> {
  const broken = complaintsOf(detection).find((sentence) => sentence.startsWith('pyramid: '))
  if (broken) throw new ShapeError(broken, 'The parts of this pyramid do not fit together')
  const shapes = new Map(detection.bindings.map(({role, shape}) => [role, shape]))
  const {plan} = planOf(shapes, detection.settings)
  const values = new Map<string, Float32Array>()
  for (const {role, name} of detection.bindings)
    if (!role.endsWith('.attn_mask')) values.set(role, toFloat32((await archive.read(name)).values))
  return {plan, shapes, values}
}
