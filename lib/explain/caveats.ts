import {fixed, count as numeral, ordinal, percent, plural} from '@/lib/core/number'
import {extent} from '@/lib/core/statistics'
import type {Caveat, Explanation, HeadGaussians} from './explanation'
import {enoughInputs, likeness} from './finding'
import {asInitialised, flatFrom, sameGaussians, vanishing} from './lint'
import {rowsWithoutGaussians} from './neededInputs'
import {comparison, noDensityReason} from './noDensity'
import type {Unusable} from './unusable'
import {capital, list, runs} from './words'

/** What the caveats are computed from. */
export type CaveatFacts = Pick<
  Explanation,
  'axes' | 'heads' | 'density' | 'importance' | 'layers' | 'agreement' | 'scaleCell'
> & {
  readonly family: Explanation['model']['family']
  /** What the module was recognised as. */
  readonly title?: string
  readonly missing: readonly string[]
  readonly parts: NonNullable<Explanation['model']['parts']>
  readonly maps: Explanation['provenance']['maps']
  /** Inputs that count, and zero-based indices of those left out. */
  readonly inputs: number
  readonly leftOut: readonly number[]
  /** Inputs that never came that far. */
  readonly unusable: Unusable | null
  /** Why some of those left out were, by their index. */
  readonly refused?: readonly RefusedSample[]
  /** Of a checkpoint in several files that is here in part: which part, as the middle of a sentence. */
  readonly shard?: string | null
  /** How the question of each input came about, where it was not given as it is. */
  readonly note?: string | null
  /** For saved maps: how many were averaged and how many the file holds. */
  readonly saved: {readonly used: number; readonly held: number} | null
}

/** An input that a model could not use. */
export interface RefusedSample {
  readonly index: number
  /** What was found and what is needed, behind the name of the input: "holds NaN at place 8 of 96; … are needed". */
  readonly because: string
}

type Check = (facts: CaveatFacts) => string | null

/** Everything the reader must know before believing these numbers, the gravest first. */
export const caveatsOf = (facts: CaveatFacts): Caveat[] =>
  checks.flatMap(([id, check]) => {
    const text = check(facts)
    return text === null ? [] : [{id, text}]
  })

const geometry: Check = ({agreement, axes}) =>
  agreement && agreement.r >= 0.9
    ? `Untrained, the module ranks these ${axes?.rowName ?? 'row'}s ${likeness(agreement.r)} ` +
      `(r = ${fixed(agreement.r, 3)}): most of the ranking is geometry, not training.`
    : null

const noNull: Check = ({maps, density, layers}) => {
  if (maps === 'saved' && density) {
    return 'The untrained twin and the learned part cannot be computed without inputs: drop the features to see them.'
  }
  return maps === 'inputs' && layers.some(({untrained}) => untrained === null)
    ? 'The untrained module was not run on these inputs, so what was learned is unknown.'
    : null
}

const noInputs: Check = ({maps, missing, heads, family}) => {
  if (maps !== 'none' || noDensityReason(missing) !== null) return null
  return heads.length > 0 && !rowsWithoutGaussians(family)
    ? 'There are no inputs and no saved maps: the Gaussians can be read, importance cannot.'
    : 'There are no inputs: neither importance nor any other measure can be read before there are some.'
}

const fewInputs: Check = ({maps, inputs}) =>
  maps === 'inputs' && inputs > 0 && inputs < enoughInputs
    ? `${plural(inputs, 'input')}: ${inputs === 1 ? 'no interval can be given' : 'intervals are wide'} and ` +
      `the ranking may change; it settles from about ${enoughInputs}.`
    : null

const constantMap: Check = ({density, importance}) => {
  if (density === null || importance !== null) return null
  const [value] = density.values
  return `The density map is constant (${fixed(value!, 3)} everywhere), and Importance Factor is 0 / 0 there: none is drawn.`
}

const notFinite: Check = ({density, maps, inputs, leftOut, refused = []}) => {
  if (leftOut.length === 0)
    return density === null && maps === 'saved' ? 'The saved maps hold NaN or infinity and are not drawn.' : null
  const of = inputs + leftOut.length
  const known = new Set(refused.map(({index}) => index))
  const others = leftOut.filter((index) => !known.has(index))
  const seen = new Set(leftOut)
  const reasons = refused.filter(({index}) => seen.has(index))
  return [...refusedText(reasons, of), ...(others.length > 0 ? [notFiniteText(others, of)] : [])].join(' ')
}

const inputsAt = (indices: readonly number[], of: number) =>
  `${indices.length > 1 ? 'Inputs' : 'Input'} ${list(indices.map((index) => numeral(index + 1)))} of ${numeral(of)}`

const notFiniteText = (indices: readonly number[], of: number) =>
  `${inputsAt(indices, of)} ` +
  `${indices.length > 1 ? 'give densities that are not finite and are' : 'gives a density that is not finite and is'} left out.`

/** How many of those that a model could not use are told with their reason. */
const mostReasons = 3

function refusedText(refused: readonly RefusedSample[], of: number): string[] {
  const [first] = refused
  if (!first) return []
  if (refused.length === 1)
    return [`${inputsAt([first.index], of)} could not be used and is left out: it ${first.because}.`]
  const reasons = refused.slice(0, mostReasons).map(({index, because}) => `Input ${numeral(index + 1)} ${because}.`)
  const more = refused.length - reasons.length
  return [
    `${numeral(refused.length)} of ${plural(of, 'input')} could not be used and are left out.`,
    ...reasons,
    ...(more > 0 ? [`So ${more > 1 ? 'are' : 'is'} ${numeral(more)} more.`] : [])
  ]
}

const unusableInputs: Check = ({unusable}) => {
  if (unusable === null) return null
  const {noun, count, of, first} = unusable
  const sentences = first.map((sentence) => sentence.replace(/\.$/, ''))
  const rest = count - first.length
  const named = [...sentences, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')
  return `${numeral(count)} of ${plural(of, noun)} could not be used and ${count > 1 ? 'are' : 'is'} left out. ${named}.`
}

const oneCell: Check = ({scaleCell, density, axes}) => {
  if (scaleCell === null || density === null || axes === null) return null
  const {row, col, moves} = scaleCell
  const [min] = extent(density.values)
  const end = density.values[row * density.cols + col]! <= min ? 'zero' : 'one'
  return (
    `One cell, ${axes.rowName} ${row + 1}, ${axes.colName} ${col + 1}, sets importance ${end} alone: ` +
    `without it the scale would be ${percent(moves, 0)} shorter.`
  )
}

const savedMaps: Check = ({maps, saved}) => {
  if (maps !== 'saved' || saved === null) return null
  const which =
    saved.held > saved.used ? `the last ${saved.used} of ${plural(saved.held, 'map')}` : plural(saved.used, 'map')
  return `Importance comes from ${which} that the checkpoint saved: means of batch means, where a small last batch counts as much as a full one.`
}

// What stands in for the paper's density where its authors define no Importance Factor.
const extended: Partial<Record<CaveatFacts['family'], string>> = {
  'density-block': 'the same formula is applied to weight × chunk length',
  'additive-density': 'the same formula is applied to weight × chunk length',
  'density-gate':
    'the same formula is applied to the gate, which is no share: it does not sum to one and may exceed it',
  'stacked-latent':
    'the same formula is applied to attention × the number of regions (words), which is 1 where attention is even, so every ' +
    'hop has the same mean and its importance says only where the scale begins',
  'deformable-audio':
    'the same formula is applied to the attention each cell receives × the number of cells, which is 1 where attention is ' +
    'even, so blocks differ in their mean only by what they sample beyond the edge, and how they differ is in their maps and entropies'
}

const reconstructed =
  ' How the parts of stacked latent attention are put together is a reconstruction: its published equations are not to be had in full.'

const supposed =
  ' The audio offset generator and the input adaptor are a reconstruction of DATAR’s, whose formulas are not public.'

const extension: Check = ({family, title, density, maps}) => {
  if (density === null) return null
  const what =
    family === 'layer-weights' && maps === 'inputs'
      ? 'the same formula is applied to what each layer puts into the sum, |weight × feature|'
      : extended[family]
  return what
    ? `The authors define Importance Factor for layer densities only. Here ${what}: our extension.${title?.startsWith('stacked latent') ? reconstructed : ''}${title?.endsWith('input adaptor') ? supposed : ''}`
    : null
}

const layerWeights: Check = ({family, maps}) =>
  family === 'layer-weights' && maps === 'weights'
    ? 'Importance here is the learned weight of each layer as it stands, no Importance Factor. Layers differ in size, and a ' +
      'layer of larger features counts for more than its weight says: drop inputs to see what each puts into the sum. ' +
      'Where a model counts one state more than it has blocks, as s3prl and transformers do, layer 1 is what enters the first block.'
    : null

const mixedAgain: Check = ({family, density}) =>
  family === 'layer-density-gqa' && density
    ? 'Grouped-query attention mixes the layers again behind these densities: a layer’s importance says what enters that ' +
      'attention, not what leaves it for the classifier.'
    : null

const noDensity: Check = ({missing, parts}) => {
  const reason = noDensityReason(missing)
  const counts = comparison(parts)
  return reason && `${capital(reason)}.${counts ? ` ${counts}` : ''}`
}

const singleLayerHeads: Check = ({heads, axes}) => {
  const single = heads.filter(({rows}) => rows !== null && rows[1] - rows[0] === 1)
  if (single.length === 0) return null
  const which = single.length === heads.length ? 'Every head owns' : `Heads that own (${numbers(single)})`
  const name = axes?.rowName ?? 'row'
  return `${which} one ${name}: nothing varies within it, so its density says only how far its offset is from zero.`
}

const spread: Check = ({heads}) => {
  const troubles = [
    trouble(heads, 'zero or negative', ({spread, kind}) =>
      count(spread, (c) => c === 0 || (kind === 'feature' && c < 0))
    ),
    trouble(heads, 'not finite', ({spread}) => count(spread, (c) => !Number.isFinite(c))),
    trouble(heads, 'so small that density vanishes off the centre', (head) =>
      count(head.variance, (v) => v > 0 && v < vanishing)
    ),
    trouble(heads, 'so large that density hardly varies', (head) =>
      count(head.variance, (v) => Number.isFinite(v) && v > flatFrom(head))
    )
  ].filter((text) => text !== null)
  return troubles.length > 0 ? `Spreads to distrust: ${troubles.join('; ')}.` : null
}

const count = (values: Float32Array, is: (value: number) => boolean): number => values.filter(is).length

function trouble(
  heads: readonly HeadGaussians[],
  what: string,
  countIn: (head: HeadGaussians) => number
): string | null {
  const found = heads.map((head) => ({head, n: countIn(head)})).filter(({n}) => n > 0)
  if (found.length === 0) return null
  return `${what}: ${list(found.map(({head, n}) => `${n} of ${head.spread.length} in head ${head.head + 1}`))}`
}

const idleHeads: Check = ({heads}) => {
  const idle = heads.filter(asInitialised)
  const twins = heads.flatMap((head, i) => {
    const earlier = heads.slice(0, i).find((other) => !asInitialised(other) && sameGaussians(head, other))
    return earlier ? [`head ${head.head + 1} repeats head ${earlier.head + 1}`] : []
  })
  const said = [
    ...(idle.length > 0
      ? [
          `${idle.length > 1 ? 'heads' : 'head'} ${numbers(idle)} ${idle.length > 1 ? 'are' : 'is'} still as initialised`
        ]
      : []),
    ...twins
  ].join('; ')
  return said ? `${capital(said)}.` : null
}

const numbers = (heads: readonly HeadGaussians[]): string => runs(heads.map(({head}) => head + 1))

// Evenly spread layers keep |z| at 0.87 of the reach or less; a row beyond 0.93 in nearly every feature is on a scale
// of its own, as the last row of an encoder with a final norm is (transformers, WavLM with stable layer norm).
const lastLayerScale: Check = ({family, heads, layers}) => {
  const last = layers.at(-1)
  const reach = heads.at(-1)?.reach
  if (!family.startsWith('layer-density') || !last || !reach || last.meanAbsZ === null || heads.at(-1)!.rows === null)
    return null
  const [start, stop] = heads.at(-1)!.rows!
  if (stop - start < 3 || last.meanAbsZ < 0.93 * reach) return null
  return (
    `The last layer stands apart (mean |z| ${fixed(last.meanAbsZ, 2)} of at most ${fixed(reach, 2)}), as in encoders that ` +
    `normalise their output: its ${ordinal(last.rank)} place may say more of that norm than of its use.`
  )
}

const checks: readonly (readonly [Caveat['id'], Check])[] = [
  ['one-of-several', ({shard}) => (shard ? `This is ${shard}.` : null)],
  ['not-finite', notFinite],
  ['unusable-inputs', unusableInputs],
  ['constant-map', constantMap],
  ['no-density', noDensity],
  ['layer-weights', layerWeights],
  ['no-inputs', noInputs],
  ['geometry', geometry],
  ['no-null', noNull],
  ['few-inputs', fewInputs],
  ['saved-maps', savedMaps],
  ['extension', extension],
  ['mixed-again', mixedAgain],
  ['questions', ({note}) => note ?? null],
  ['one-cell-sets-zero', oneCell],
  ['single-layer-heads', singleLayerHeads],
  ['spread', spread],
  ['idle-heads', idleHeads],
  ['last-layer-scale', lastLayerScale]
]
