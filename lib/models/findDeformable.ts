import type {FileValue, TensorArchive} from '@/lib/formats/archive'
import {type PlanResult, planOf} from './deformablePlan'
import type {FoundModule, ModuleDetection, OpenQuestion, Settings} from './family'
import {isMap, type Parameter, parametersOf, shortKey, unusedOf} from './parameterNames'
import {counted} from './partCounts'
import {bindingOf} from './readBound'
import {countNumbers} from './shape'

const title = 'deformable attention pyramid'

/**
 * Finds pyramids of deformable, window and neighbourhood blocks by `patch_proj.0.weight` beside `stages.0.attns.0` (the
 * keys of LeapLabTHU/DAT; DATAR, arXiv 2312.16228, has published none of its own).
 */
export function findDeformables(archive: TensorArchive): FoundModule[] {
  const parameters = parametersOf(archive)
  return parameters.flatMap(({key}) => {
    const path = /^(|.*\.)patch_proj\.0\.weight$/.exec(key)?.[1]
    if (path === undefined) return []
    const own = parameters.filter(
      (parameter) => parameter.key.startsWith(path) && partOf.test(parameter.key.slice(path.length))
    )
    if (!own.some((parameter) => firstAttention.test(parameter.key.slice(path.length)))) return []
    const at = shortKey(path.slice(0, -1)) || 'stages'
    return [
      {title, at, detect: (settings) => detectionOf(at, path, own, parameters, {...configIn(archive), ...settings})}
    ]
  })
}

const partOf = /^(patch_proj|stages|down_projs|cls_norm|cls_head)\./
const firstAttention = /^stages\.0\.attns\.0\.(proj_q|proj_qkv|qkv)\.weight$/

/** What our examples write beside the state dict: the strides that no tensor tells. */
function configIn({contents}: TensorArchive): Settings {
  const config = isMap(contents) ? contents.get('config') : undefined
  if (!isMap(config)) return {}
  const strides = config.get('sampling_strides')
  return isNumbers(strides) ? {samplingStrides: strides} : {}
}

const isNumbers = (value: FileValue | undefined): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number')

function detectionOf(
  at: string,
  path: string,
  own: readonly Parameter[],
  parameters: readonly Parameter[],
  asked: Settings
): ModuleDetection {
  const keyOf = ({key}: Parameter) => key.slice(path.length)
  const result = planOf(new Map(own.map((parameter) => [keyOf(parameter), parameter.entry.shape])), asked)
  const {plan, taken, disagreements, missing, settings} = result
  const used = own.filter((parameter) => taken.has(keyOf(parameter)))
  const trained = used.filter(({key}) => !/(relative_position_index|attn_mask)$/.test(key))
  const [attention, rest] = [
    trained.filter(({key}) => key.includes('.attns.')),
    trained.filter(({key}) => !key.includes('.attns.'))
  ]
  return {
    family: 'deformable-audio',
    title: titleOf(plan),
    at,
    bindings: used.map((parameter) => bindingOf(keyOf(parameter), parameter)),
    disagreements,
    missing: [...missing, ...(plan.classes === null ? ['cls_norm and cls_head: no classifier, so no prediction'] : [])],
    unused: unusedOf(parameters, used),
    headCount: 0,
    layers: plan.stages.reduce((sum, {blocks}) => sum + blocks.length, 0),
    features: null,
    classCount: plan.classes,
    parameters: countNumbers(trained.map(({entry}) => entry)),
    parts: [counted('attention', attention), counted('everything else', rest)],
    questions: questionsOf(result),
    settings
  }
}

function titleOf({inputs, stages}: PlanResult['plan']): string {
  const adapts = stages.some(({blocks}) =>
    blocks.some((block) => block.kind === 'deformable' && (block.adapted || block.ranged))
  )
  return `${title}${inputs === 1 ? ' over spectrograms' : ''}${adapts ? ' with an input adaptor' : ''}`
}

function questionsOf({open, plan, settings}: PlanResult): OpenQuestion[] {
  const {release, offsetRange, samplingStrides = []} = settings
  const questions: OpenQuestion[] = []
  if (open.release)
    questions.push(question('release', 'Which release of DAT laid this file out?', ['2022', '2023'], release!, String))
  if (open.offsetRange)
    questions.push(
      question('offsetRange', 'How far may sampling points move?', [2, 1, 3, 4, -1], offsetRange!, (value) =>
        value < 0 ? 'freely, inside the map' : `${value / 2} of a step of their grid`
      )
    )
  if (open.strides) {
    const {length} = plan.stages
    const offered = [
      Array.from({length}, () => 1),
      Array.from({length}, (_, s) => 2 ** (length - 1 - s)),
      samplingStrides
    ].filter((strides, i, all) => all.findIndex((other) => other.join() === strides.join()) === i)
    questions.push({
      setting: 'samplingStrides',
      text: 'How many cells apart are the sampling points of each stage?',
      options: offered.map((strides) => ({label: strides.join(', '), value: {samplingStrides: strides}})),
      chosen: offered.findIndex((strides) => strides.join() === samplingStrides.join())
    })
  }
  if (open.headWidth)
    questions.push(question('headWidth', 'How many channels has a head?', [32, 16, 64, 8], settings.headWidth!, String))
  return questions
}

function question<Name extends 'release' | 'offsetRange' | 'headWidth'>(
  setting: Name,
  text: string,
  usual: readonly NonNullable<Settings[Name]>[],
  chosen: NonNullable<Settings[Name]>,
  label: (value: never) => string
): OpenQuestion {
  const offered = usual.includes(chosen) ? usual : [...usual, chosen]
  return {
    setting,
    text,
    options: offered.map((value) => ({label: label(value as never), value: {[setting]: value}})),
    chosen: offered.indexOf(chosen)
  }
}
