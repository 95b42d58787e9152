import {readdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import fc from 'fast-check'
import type {CorpusCase} from './corpus'
import {type Made, type MadeTensor, modelFile} from './modelFile'

// Files in perfect order whose model is not: heads are missing, twice there or numbered to millions, shapes disagree or
// count more than there is. What no byte of a file says is found out when it is recognised and loaded.

/** The published checkpoints' names and shapes, one model each, and maps that a validation run saved. */
interface BaseModel {
  readonly parameters: ReadonlyMap<string, MadeTensor>
  readonly maps: Made
}

type Change =
  | {readonly kind: 'number'; readonly key: number; readonly segment: number; readonly text: string}
  | {readonly kind: 'leaf'; readonly key: number; readonly text: string}
  | {readonly kind: 'path'; readonly key: number; readonly other: number}
  | {readonly kind: 'prefix'; readonly from: number; readonly text: string}
  | {readonly kind: 'remove'; readonly key: number}
  | {readonly kind: 'axis'; readonly key: number; readonly axis: number; readonly length: number}
  | {readonly kind: 'shape'; readonly key: number; readonly shape: readonly number[]}
  | {readonly kind: 'every'; readonly from: number; readonly to: number}
  | {readonly kind: 'heads'; readonly key: number; readonly count: number}
  | {readonly kind: 'modules'; readonly count: number}
  | {readonly kind: 'numbers'; readonly key: number; readonly offset: number}
  | {readonly kind: 'other'; readonly model: number}

/** Which model, what is wrong with it, and what is kept around it. */
export interface ModelRecipe {
  readonly model: number
  readonly changes: readonly Change[]
  readonly around: 'bare' | 'wrapped' | 'whole' | 'odd'
  readonly maps: readonly Change[]
}

const lengths = fc.constantFrom(
  0,
  1,
  2,
  3,
  5,
  7,
  13,
  25,
  64,
  1024,
  65_536,
  1e6,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 40,
  -1
)
const texts = fc.constantFrom(
  ...['0', '1', '3', '-1', '00', '4095', '4096', '4294967296', '99999999999999999999', '__proto__', 'constructor', ''],
  ...['x'.repeat(190), 'layers', 'attention_heads', 'gcts', 'toString', 'a.b.c', '\u{1f600}']
)
const leaves = fc.constantFrom(
  ...['c', 'mean_offset', 'mean_offsets', 'weights', 'fixed_weights', 'log_sigma', 'log_scale', 'delta', 'weight'],
  ...['bias', 'alpha', 'layer_weights', 'gamma', 'in_proj_weight', 'lora_A', 'lora_B.weight', 'q_proj.weight', 'c.c']
)
const key = fc.nat(10_000)

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({kind: fc.constant('number' as const), key, segment: fc.nat(8), text: texts}),
  fc.record({kind: fc.constant('leaf' as const), key, text: leaves}),
  fc.record({kind: fc.constant('path' as const), key, other: key}),
  fc.record({kind: fc.constant('prefix' as const), from: key, text: texts}),
  fc.record({kind: fc.constant('remove' as const), key}),
  fc.record({kind: fc.constant('axis' as const), key, axis: fc.nat(5), length: lengths}),
  fc.record({kind: fc.constant('shape' as const), key, shape: fc.array(lengths, {maxLength: 5})}),
  fc.record({kind: fc.constant('every' as const), from: fc.nat(70), to: lengths}),
  fc.record({kind: fc.constant('heads' as const), key, count: fc.constantFrom(1, 2, 3, 16, 300, 1500)}),
  fc.record({kind: fc.constant('modules' as const), count: fc.constantFrom(1, 2, 16, 200)}),
  fc.record({kind: fc.constant('numbers' as const), key, offset: fc.nat(8191)}),
  fc.record({kind: fc.constant('other' as const), model: fc.nat(100)})
)

export const modelRecipe: fc.Arbitrary<ModelRecipe> = fc.record({
  model: fc.nat(1000),
  changes: fc.array(change, {maxLength: 6}),
  around: fc.constantFrom('bare', 'wrapped', 'whole', 'odd'),
  maps: fc.array(change, {maxLength: 2})
})

/** The `index`th recipe of a run: the same on every machine. */
export function modelRecipeAt(seed: number, index: number): ModelRecipe {
  const own = (Math.imul(seed | 0, 0x27d4eb2f) ^ Math.imul(index + 1, 0x165667b1)) | 0
  return fc.sample(modelRecipe, {seed: own, numRuns: 1})[0]!
}

const folder = fileURLToPath(new URL('../fixtures/models', import.meta.url))

interface Fixture {
  readonly parameters: Readonly<Record<string, {readonly shape: readonly number[]}>>
}

/** Every model of the fixtures, in an order that does not change. */
export const baseModels: readonly BaseModel[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .flatMap((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Fixture[])
  .map(({parameters}) => {
    const entries = Object.entries(parameters).map(
      ([name, {shape}], i) => [name, {shape, offset: 64 + 37 * i}] as const
    )
    return {parameters: new Map(entries), maps: mapsFor(entries)}
  })

// [batch][head]{attention_maps: [(layers of the head, features), …]}, or per block layer the weights of each batch.
function mapsFor(entries: readonly (readonly [string, MadeTensor])[]): Made {
  const offsets = entries.filter(([name]) => name.endsWith('mean_offset'))
  if (offsets.length === 0)
    return [0, 1].map((batch) => new Map([['layer_0', {shape: [2, 4, 6], offset: 64 + 100 * batch}]]))
  const features = offsets[0]![1].shape.at(-1) ?? 1
  return [0, 1].map((batch) =>
    offsets.map((_, head) => new Map([['attention_maps', [{shape: [3, features], offset: 64 + batch + head}]]]))
  )
}

/** What the file of a case is called, so that it is told from the rest when it is tried again. */
export const modelName = 'model.pt'

/** The files that a recipe makes: one checkpoint. */
export function modelCase({model, changes, around, maps}: ModelRecipe): CorpusCase {
  const base = baseModels[model % baseModels.length]!
  let parameters = base.parameters
  for (const one of changes) parameters = fewest(changed(parameters, one))
  const saved = maps.reduce(changedMaps, base.maps)
  return [{name: modelName, bytes: modelFile(wrapped(parameters, around, saved))}]
}

// Long enough to show what takes too long, short enough to be tried often.
const fewest = (parameters: ReadonlyMap<string, MadeTensor>) => new Map([...parameters].slice(0, 6000))

function wrapped(parameters: ReadonlyMap<string, Made>, around: ModelRecipe['around'], saved: Made): Made {
  if (around === 'bare') return parameters
  if (around === 'wrapped') return new Map([['state_dict', parameters]])
  const state = new Map<string, Made>([['0', new Map([['exp_avg', {shape: [4], offset: 0}]])]])
  const optimizer = new Map<string, Made>([['state', state]])
  const rest: [string, Made][] = [
    ['optimizer', optimizer],
    ['attention_weights', saved]
  ]
  if (around === 'whole')
    return new Map([['epoch', 3], ['best_val_accuracy', 0.5], ['state_dict', parameters], ...rest])
  return new Map([
    ['epoch', 1e300],
    ['best_val_accuracy', 'high'],
    ['model', new Map([['module', parameters]])],
    ...rest
  ])
}

type Parameters = ReadonlyMap<string, MadeTensor>

const nth = (parameters: Parameters, at: number): string | undefined =>
  [...parameters.keys()][at % Math.max(1, parameters.size)]

const renamed = (parameters: Parameters, rename: (key: string) => string): Parameters =>
  new Map([...parameters].map(([key, tensor]) => [rename(key), tensor]))

function changed(parameters: Parameters, change: Change): Parameters {
  switch (change.kind) {
    case 'number':
      return renamedOne(parameters, change.key, (key) => withSegment(key, change.segment, change.text))
    case 'leaf':
      return renamedOne(parameters, change.key, (key) => [...key.split('.').slice(0, -1), change.text].join('.'))
    case 'path': {
      const other = nth(parameters, change.other)?.split('.').slice(0, -1) ?? []
      return renamedOne(parameters, change.key, (key) => [...other, key.split('.').at(-1)!].join('.'))
    }
    case 'prefix':
      return renamed(parameters, (key) => `${change.text}.${key}`)
    case 'remove': {
      const gone = nth(parameters, change.key)
      return new Map([...parameters].filter(([key]) => key !== gone))
    }
    case 'axis':
    case 'shape':
    case 'numbers':
      return reshapedOne(parameters, change)
    case 'every':
      return new Map([...parameters].map(([key, tensor]) => [key, withLength(tensor, change.from, change.to)]))
    case 'heads':
      return multiplied(parameters, change)
    case 'modules':
      return new Map(
        Array.from({length: change.count}, (_, i) =>
          [...parameters].map(([key, tensor]) => [`m${i}.${key}`, tensor] as const)
        ).flat()
      )
    case 'other':
      return new Map([...parameters, ...baseModels[change.model % baseModels.length]!.parameters])
  }
}

function renamedOne(parameters: Parameters, at: number, rename: (key: string) => string): Parameters {
  const which = nth(parameters, at)
  return renamed(parameters, (key) => (key === which ? rename(key) : key))
}

function withSegment(key: string, segment: number, text: string): string {
  const parts = key.split('.')
  parts[segment % parts.length] = text
  return parts.join('.')
}

function reshapedOne(
  parameters: Parameters,
  change: Extract<Change, {kind: 'axis' | 'shape' | 'numbers'}>
): Parameters {
  const which = nth(parameters, change.key)
  const tensor = which === undefined ? undefined : parameters.get(which)
  return which === undefined || !tensor ? parameters : new Map(parameters).set(which, reshaped(tensor, change))
}

function reshaped(tensor: MadeTensor, change: Change): MadeTensor {
  if (change.kind === 'shape') return {...tensor, shape: change.shape}
  if (change.kind === 'numbers') return {...tensor, offset: change.offset}
  if (change.kind !== 'axis') return tensor
  const {shape} = tensor
  const axis = change.axis % (shape.length + 1)
  return {...tensor, shape: axis === shape.length ? [...shape, change.length] : shape.with(axis, change.length)}
}

const withLength = (tensor: MadeTensor, from: number, to: number): MadeTensor => ({
  ...tensor,
  shape: tensor.shape.map((length) => (length === from ? to : length))
})

// Everything that stands under the same number as a tensor, again under the numbers after it.
function multiplied(
  parameters: Parameters,
  {key: at, count}: {readonly key: number; readonly count: number}
): Parameters {
  const numbered = /^(.*\.)(\d+)(\..*)$/.exec(nth(parameters, at) ?? '')
  if (!numbered) return parameters
  const [, path = '', number = '0'] = numbered
  const own = [...parameters].filter(([key]) => key.startsWith(`${path}${number}.`))
  const out = new Map(parameters)
  for (let i = 1; i <= count; i++)
    for (const [key, tensor] of own)
      out.set(`${path}${Number(number) + i}${key.slice(path.length + number.length)}`, tensor)
  return out
}

function changedMaps(maps: Made, change: Change): Made {
  if (change.kind === 'remove') return null
  if (change.kind === 'heads' && Array.isArray(maps))
    return Array.from({length: Math.min(200, change.count)}, () => maps[0] as Made)
  if (change.kind === 'other') return [maps, null, 'none']
  if (change.kind === 'leaf') return new Map([[change.text, maps]])
  return mapped(maps, (tensor) => reshaped(tensor, change))
}

function mapped(value: Made, change: (tensor: MadeTensor) => MadeTensor): Made {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return (value as readonly Made[]).map((item) => mapped(item, change))
  if (value instanceof Map)
    return new Map([...(value as ReadonlyMap<string, Made>)].map(([key, item]) => [key, mapped(item, change)]))
  return change(value as MadeTensor)
}
