import {ShapeError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import type {Detection, LoadedModel, ModelFamily} from './family'
import {findGates, layoutOf} from './findGate'
import {gateHead} from './headParameters'
import {readBound} from './readBound'

/**
 * Means of K Gaussian densities of one projected channel along the positions, as a gate 1 + α·g
 * (Density-Adaptive-JEPA).
 */
export const densityGateFamily: ModelFamily = {
  id: 'density-gate',
  needs:
    'a density gate needs to_attn.weight with gaa.mean_offsets and gaa.log_sigma, or proj.weight with delta and log_scale',
  find: findGates,
  load
}

async function load(archive: TensorArchive, detection: Detection): Promise<LoadedModel> {
  const broken = detection.missing.find((sentence) => sentence.startsWith('gate: '))
  if (broken) throw new ShapeError(broken, 'The parts of this gate do not fit together')
  const bound = (role: string) => detection.bindings.some((binding) => binding.role === role)
  const optional = async (role: string, otherwise: number) =>
    bound(role) ? (await readBound(archive, detection, role))[0]! : otherwise
  const offset = await readBound(archive, detection, 'mean offsets')
  const spread = (await readBound(archive, detection, 'log spreads')).map(sigmaOf)
  const {gateModel} = await import('./gateModel')
  return gateModel(detection, {
    layout: layoutOf(detection.title),
    head: gateHead(offset, spread, untrainedSigma),
    projection: await readBound(archive, detection, 'projection weight'),
    strength: await optional('strength', 0.05)
  })
}

/** σ = softplus(log_sigma) + 0.001 (Density-Adaptive-JEPA): not the exponential that the name says. */
export const sigmaOf = (stored: number): number => (stored > 20 ? stored : Math.log1p(Math.exp(stored))) + 1e-3

/** Before training every log_sigma is log ½. */
export const untrainedSigma = Math.fround(sigmaOf(Math.fround(Math.log(0.5))))
