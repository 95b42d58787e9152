import {ShapeError} from '@/lib/core/errors'
import type {TensorArchive} from '@/lib/formats/archive'
import {complaintsOf} from './complaintsOf'
import type {Detection, LoadedModel, ModelFamily} from './family'
import {findStackedAttention} from './findStackedAttention'
import {encoderAt} from './questionLayout'
import {readBound} from './readBound'
import {
  answerRole,
  formOf,
  type HopLayer,
  hopRole,
  isLatent,
  projectionRole,
  type StackForm,
  streamNames
} from './stackedLayout'
import type {Hop, Linear, StackParts, Stream} from './stackedParts'
import {transposed} from './transposed'

/**
 * Stacked attention over regions (SAN: Yang et al., CVPR 2016), and stacked latent attention (SLA: Fan and Zhou, CVPR
 * 2018), whose equations are not public in full: how its parts are put together is a reconstruction (stackedForward.ts).
 */
export const stackedAttentionFamily: ModelFamily = {
  id: 'stacked-latent',
  needs:
    'stacked attention needs ff_image, ff_questions and ff_attention weights for each hop, or image_att_mlp_1_w with combined_att_mlp_1_w',
  find: findStackedAttention,
  load
}

async function load(archive: TensorArchive, detection: Detection): Promise<LoadedModel> {
  const broken = complaintsOf(detection).find((sentence) => /^(hop|stack)\b/.test(sentence))
  if (broken) throw new ShapeError(broken, 'The parts of this stack do not fit together')
  const parts = await partsOf(archive, detection)
  const [{stackedModel}, {questionEncoder}] = await Promise.all([import('./stackedModel'), import('./stackedQuestion')])
  const refused = complaintsOf(detection).find((sentence) => sentence.startsWith(encoderAt))
  return stackedModel(detection, parts, {
    encoder: questionEncoder(archive, detection, parts.state),
    refused: refused ?? null
  })
}

async function partsOf(archive: TensorArchive, detection: Detection): Promise<StackParts> {
  const form = formOf(detection.title)
  const bindings = new Map(detection.bindings.map((binding) => [binding.role, binding]))
  const linear = async (role: string): Promise<Linear | null> => {
    const shape = bindings.get(`${role} weight`)?.shape as readonly [number, number] | undefined
    if (!shape) return null
    const values = await readBound(archive, detection, `${role} weight`)
    const bias = bindings.has(`${role} bias`) ? await readBound(archive, detection, `${role} bias`) : null
    return inputsFirst(values, shape, bias, form)
  }
  const streams: Stream[] = []
  for (const name of streamNames) {
    if (!bindings.has(`${hopRole(0, name, 'look')} weight`)) continue
    const hops: Hop[] = []
    for (let hop = 0; hop < detection.layers!; hop++) {
      const layer = (part: HopLayer) => linear(hopRole(hop, name, part))
      const [look, ask, carry, point] = [
        await layer('look'),
        await layer('ask'),
        await layer('carry'),
        await layer('point')
      ]
      hops.push({look: look!, ask: ask!, carry, point: point!})
    }
    streams.push({name, projection: await linear(projectionRole(name)), hops})
  }
  const latent = isLatent(detection.title)
  return {form, latent, state: streams[0]!.hops[0]!.ask.inputs, streams, answer: await linear(answerRole)}
}

/** PyTorch keeps weights as (out, in), the released code as (in, out), which is how they multiply. */
function inputsFirst(
  values: Float32Array,
  [rows, columns]: readonly [number, number],
  bias: Float32Array | null,
  form: StackForm
): Linear {
  if (form === 'released') return {inputs: rows, outputs: columns, weight: values, bias}
  return {inputs: columns, outputs: rows, weight: transposed(values, rows, columns), bias}
}
