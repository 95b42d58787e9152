import {fixed, ordinal, plural} from '@/lib/core/number'
import {sum} from '@/lib/core/statistics'
import type {Axes, Explanation, LayerImportance, ModelSummary} from './explanation'
import {isClear} from './isClear'
import {neededInputs, rowsWithoutGaussians} from './neededInputs'
import {comparison, noDensityReason} from './noDensity'
import {rowsTie} from './tiedRows'
import {capital, runs} from './words'

/** What a finding is computed from. */
export type FindingFacts = Pick<Explanation, 'axes' | 'density' | 'importance' | 'layers' | 'agreement'> & {
  readonly model: Pick<ModelSummary, 'family' | 'missing' | 'parts'>
  readonly maps: Explanation['provenance']['maps']
  /** Absent for density attention, whose heads all have Gaussians. */
  readonly heads?: Explanation['heads']
  /** Inputs that count. */
  readonly inputs: number
  /** Maps that a saved mean was taken over. */
  readonly savedMaps: number
}

export type Finding = Explanation['finding']

/** Below this many inputs a ranking is not worth a headline. */
export const enoughInputs = 30

/** The title of the figure and the line under it: sentences about these numbers. */
export function findingOf(facts: FindingFacts): Finding {
  const {axes, maps, layers, inputs} = facts
  const reason = noDensityReason(facts.model.missing)
  if (reason) return noDensity(facts, reason)
  if (maps === 'none' || axes === null) return parametersOnly(facts)
  if (maps === 'weights') return layerWeights(layers, facts)
  if (facts.density === null) return nothingFinite(maps, facts.heads?.length === 0 ? 'parameters' : 'spreads')
  if (facts.importance === null) return constantMap(axes)
  if (maps === 'saved') return savedMaps(axes, layers, facts.savedMaps)
  const title = inputs < enoughInputs ? `Too few inputs to rank ${axes.rowName}s yet` : titleOf(axes, layers)
  return {title, ...caveatOf(facts, axes)}
}

function parametersOnly({model: {family}, heads}: FindingFacts): Finding {
  const strong = 'Importance needs inputs'
  const rows = rowsWithoutGaussians(family)
  if (rows || heads?.length === 0)
    return {
      title: `The ${rows ?? 'parameters'} are known; where they attend is not yet`,
      caveat: `This checkpoint holds parameters alone. ${strong}: drop ${rows ? neededInputs(family) : 'a file of them'}.`,
      strong
    }
  return {
    title: 'The Gaussians are known; what they attend to is not yet',
    caveat: `This checkpoint holds parameters and no attention maps. ${strong}: drop a file of features.`,
    strong
  }
}

function noDensity({model: {family, parts = []}}: FindingFacts, reason: string): Finding {
  const what = family === 'lora-adapters' ? 'These are LoRA adapters' : 'This is a multi-head attention baseline'
  const counts = comparison(parts)
  return {
    title: `${what}: no layer here has an importance`,
    caveat: counts ?? `${capital(reason)}.`,
    strong: null
  }
}

function layerWeights(layers: readonly LayerImportance[], {density}: FindingFacts): Finding {
  const strong = 'not an Importance Factor'
  const caveat =
    `They are the model's learned weight per layer, ${strong}: a layer of larger features counts for more than its ` +
    'weight says. Drop inputs to see what each layer puts into the sum.'
  const tied = leaders(layers)
  if (tied.length === layers.length) return {title: 'Every layer weighs the same', caveat, strong}
  const [most] = [...density!.values].sort((a, b) => b - a)
  const verb = tied.length > 1 ? 'weigh' : 'weighs'
  return {
    title: `Layer${tied.length > 1 ? 's' : ''} ${runs(tied)} ${verb} most, ${fixed(most!, 3)}`,
    caveat,
    strong
  }
}

const nothingFinite = (maps: 'inputs' | 'saved', suspects: string): Finding => ({
  title: 'No density here is a finite number',
  caveat:
    maps === 'saved'
      ? 'Every map that the checkpoint saved holds NaN or infinity, so nothing can be ranked.'
      : `Every input gives NaN or infinity somewhere, so nothing can be ranked. Look at the inputs, then at the ${suspects}.`,
  strong: 'nothing can be ranked'
})

const constantMap = ({rowName}: Axes): Finding => ({
  title: 'Every cell gets the same attention',
  caveat: `Importance Factor divides by the map's range, and this map has none, so no ${rowName} can be ranked.`,
  strong: `no ${rowName} can be ranked`
})

function savedMaps({rowName}: Axes, layers: readonly LayerImportance[], used: number): Finding {
  const unknown = 'what was learned cannot be told from geometry'
  return {
    title: `${firstPlace(rowName, layers)} first in the maps saved at training`,
    caveat:
      `They are the mean of ${plural(used, 'map')} from the checkpoint's own validation run. ` +
      `Without inputs the untrained module cannot be run, so ${unknown}.`,
    strong: unknown
  }
}

// One-based numbers of the rows that share first place.
const leaders = (layers: readonly LayerImportance[]): number[] =>
  layers.filter(({rank}) => rank === 1).map(({layer}) => layer + 1)

// "Layer 5 comes", "Layers 1 and 2 come"
function firstPlace(rowName: string, layers: readonly LayerImportance[]): string {
  const tied = leaders(layers)
  return `${capital(rowName)}${tied.length > 1 ? 's' : ''} ${runs(tied)} ${tied.length > 1 ? 'come' : 'comes'}`
}

function titleOf(axes: Axes, layers: readonly LayerImportance[]): string {
  const row = capital(axes.rowName)
  const tied = leaders(layers)
  const leader = layers.find(({rank}) => rank === 1)!
  if (rowsTie({axes, layers})) return `Every ${axes.rowName} attends as much in all; they differ in where`
  if (axes.plane && tied.length > 1) return `${row}s ${runs(tied)} tie by construction; look at where each attends`
  if (tied.length > 1) return `${row}s ${runs(tied)} share first place`
  if (leader.untrained === null) return `${row} ${tied[0]} comes first`
  const why = madeByTraining(leader)
  if (why) return `${row} ${tied[0]} ${why}`

  const learners = learningHeads(layers)
  if (learners) return `${learners} most of what was learned; the rest is geometry`
  if (middleLeads(layers, (layer) => layer.density) && middleLeads(layers, (layer) => layer.untrained!.density)) {
    const whose = headsOf(layers).length > 1 ? `The middle ${axes.rowName} of every head` : `The middle ${axes.rowName}`
    return `${whose} comes first, and would have without training`
  }
  if (leader.untrained.rank === 1) return `${row} ${tied[0]} comes first, and would have without training`
  return leader.rankInterval
    ? `${row} ${tied[0]} comes first, by less than the inputs can tell`
    : `${row} ${tied[0]} comes first; untrained it would come ${ordinal(leader.untrained.rank)}`
}

// When the leader would not have led untrained, by more than the inputs leave open: who put it there?
function madeByTraining(leader: LayerImportance): string | null {
  const {untrained, rankInterval} = leader
  if (!untrained || !rankInterval || rankInterval[1] >= untrained.rank) return null
  if (!isClear(leader)) return `leads; untrained it would come ${ordinal(untrained.rank)}`
  return untrained.learned > 0 ? 'leads, and training put it there' : 'leads because training lowered the others more'
}

const headsOf = (layers: readonly LayerImportance[]): LayerImportance[][] =>
  [...new Set(layers.map(({head}) => head))].map((head) => layers.filter((layer) => layer.head === head))

// Fewer than half of the heads hold more than two thirds of all that was clearly learned: "Heads 1 to 3 hold".
function learningHeads(layers: readonly LayerImportance[]): string | null {
  const heads = headsOf(layers).map((own) => ({
    number: own[0]!.head + 1,
    learned: sum(own.filter(isClear).map(({untrained}) => Math.abs(untrained!.learned)))
  }))
  const all = sum(heads.map(({learned}) => learned))
  const chosen: number[] = []
  let held = 0
  for (const {number, learned} of heads.toSorted((a, b) => b.learned - a.learned)) {
    if (held > (2 / 3) * all) break
    chosen.push(number)
    held += learned
  }
  if (all === 0 || chosen.length >= heads.length / 2) return null
  const numbers = runs(chosen.toSorted((a, b) => a - b))
  return chosen.length > 1 ? `Heads ${numbers} hold` : `Head ${numbers} holds`
}

function middleLeads(layers: readonly LayerImportance[], density: (layer: LayerImportance) => number): boolean {
  return headsOf(layers).every((own) => {
    const middle = own[(own.length - 1) / 2]
    return own.length > 1 && middle !== undefined && own.every((l) => l === middle || density(l) < density(middle))
  })
}

// "r = 0.998, 10 of 12 ranks the same" is what the reader should take away.
function caveatOf({agreement, inputs}: FindingFacts, {rowName, plane}: Axes): Pick<Finding, 'caveat' | 'strong'> {
  const few = inputs < enoughInputs ? `There ${inputs === 1 ? 'is' : 'are'} ${plural(inputs, 'input')}; ` : ''
  const wait = few && `a ranking settles from about ${enoughInputs}. `
  const advice = plane
    ? `Read where each ${rowName} attends, and its measures, before the ranking.`
    : `Compare ${rowName}s within a head, and read the learned part before the ranking.`
  if (agreement === null) return {caveat: `${few}${wait}${advice}`, strong: few ? plural(inputs, 'input') : null}
  const strong = `r = ${fixed(agreement.r, 3)}, ${agreement.sameRanks} of ${agreement.of} ranks the same`
  return {
    caveat: `${few}${wait}Untrained, the module ranks these ${rowName}s ${likeness(agreement.r)} (${strong}). ${advice}`,
    strong
  }
}

/** How alike two rankings are, in a word: at least 0.99, at least 0.9, or less. */
export const likeness = (r: number): string =>
  r >= 0.99 ? 'almost identically' : r >= 0.9 ? 'similarly' : 'differently'
