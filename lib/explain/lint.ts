import {fixed, plural} from '@/lib/core/number'
import {extent, mean} from '@/lib/core/statistics'
import type {Explanation, HeadGaussians, LintRemark} from './explanation'
import {rowName} from './rowName'
import {capital} from './words'

/** What the remarks are made from. */
export type LintFacts = Pick<Explanation, 'axes' | 'heads' | 'density' | 'importance' | 'measures'> & {
  readonly maps: Explanation['provenance']['maps']
}

/**
 * Everything odd about the Gaussians themselves, the gravest first, and where there are none about the rows of the map:
 * numbers, without any judgement of the model.
 */
export const lintOf = ({axes, heads, density, importance, measures, maps}: LintFacts): LintRemark[] => [
  ...heads.flatMap((head) => [...spreadRemarks(head), ...offsetRemarks(head), ...collapseRemarks(head)]),
  ...heads.flatMap((head, i) => likenessRemarks(head, heads.slice(0, i))),
  ...heads.flatMap((head) => constantRows(head, {axes, density, maps})),
  ...(heads.length === 0 && maps === 'inputs' ? rowRemarks({axes, density, importance, measures: measures ?? []}) : []),
  ...(density !== null && importance === null
    ? [remark(null, 'constant-map', `Every cell of the map is ${fixed(density.values[0]!, 3)}: nothing can be ranked.`)]
    : [])
]

const remark = (head: number | null, kind: LintRemark['kind'], text: string): LintRemark => ({head, kind, text})

const called = ({head}: HeadGaussians): string => `Head ${head + 1}`

/** At this variance one deviation from the centre has weight exp(−50). */
export const vanishing = 0.01

/** Above this variance a curve falls by less than 0.5 % over all that its rows can reach. */
export const flatFrom = ({reach}: Pick<HeadGaussians, 'reach'>): number => 100 * Math.max(1, reach ?? 1) ** 2

function spreadRemarks(head: HeadGaussians): LintRemark[] {
  const {kind, spread, variance} = head
  const counted = (is: (index: number) => boolean): number => Array.from(spread.keys()).filter(is).length
  const say = (lintKind: LintRemark['kind'], n: number, what: string) =>
    n > 0 ? [remark(head.head, lintKind, `${called(head)}: ${n} of ${plural(spread.length, 'spread')} ${what}.`)] : []
  const known = (i: number) => Number.isFinite(spread[i]!)
  return [
    ...say(
      'not-finite',
      counted((i) => !known(i) || !Number.isFinite(head.offset[i]!)),
      'or its offset is not a finite number'
    ),
    // Where c enters as c², its sign means nothing.
    ...say(
      'negative-spread',
      counted((i) => known(i) && (kind === 'feature' ? spread[i]! <= 0 : spread[i] === 0)),
      kind === 'feature'
        ? 'is zero or negative: the curve grows away from its centre instead of falling'
        : 'is zero: the curve is a spike that no value meets'
    ),
    ...say(
      'collapsed-spread',
      counted((i) => known(i) && variance[i]! > 0 && variance[i]! < vanishing),
      'has collapsed: density vanishes one tenth of a deviation off the centre or a little further'
    ),
    ...say(
      'exploded-spread',
      counted((i) => Number.isFinite(variance[i]!) && variance[i]! > flatFrom(head)),
      'has exploded: density hardly varies within reach'
    )
  ]
}

function offsetRemarks(head: HeadGaussians): LintRemark[] {
  const {offsetZ, reach} = head
  if (offsetZ === null || reach === null || reach === 0) return []
  const beyond = offsetZ.reduce((n, offset) => n + Number(Math.abs(offset) > reach), 0)
  if (beyond === 0) return []
  const furthest = offsetZ.reduce((most, offset) => Math.max(most, Math.abs(offset)), 0)
  const text = `${called(head)}: ${beyond} of ${plural(offsetZ.length, 'offset')} beyond the data, up to ${fixed(furthest, 1)} deviations where ${fixed(reach, 1)} can be reached.`
  return [remark(head.head, 'offset-beyond-data', text)]
}

/** Offsets and spreads of a head's components this close are one Gaussian to any eye. */
const alike = 0.01

function collapseRemarks(head: HeadGaussians): LintRemark[] {
  const {kind, offset, variance, offsetZ} = head
  if (kind === 'feature' || offset.length < 2 || !variance.every(Number.isFinite)) return []
  const width = Math.sqrt(mean(variance))
  const near = (values: Float32Array, within: number) => {
    const [least, most] = extent(values)
    return most - least <= within
  }
  // Without deviations an offset has no unit that a width could be compared with, except where all are equal.
  const together = offsetZ ? near(offsetZ, alike * width) : near(offset, 0)
  if (!together || !near(variance.map(Math.sqrt), alike * width)) return []
  const text = `${called(head)}: its ${offset.length} components have collapsed to one, of equal offset and spread to 1 %.`
  return [remark(head.head, 'components-collapse', text)]
}

function likenessRemarks(head: HeadGaussians, earlier: readonly HeadGaussians[]): LintRemark[] {
  if (asInitialised(head))
    return [remark(head.head, 'idle-head', `${called(head)} is idle: its Gaussians are still as initialised.`)]
  const twin = earlier.find((other) => !asInitialised(other) && sameGaussians(head, other))
  return twin ? [remark(head.head, 'duplicate-head', `${called(head)} repeats head ${twin.head + 1}.`)] : []
}

function constantRows(head: HeadGaussians, {axes, density, maps}: Pick<LintFacts, 'axes' | 'density' | 'maps'>) {
  if (head.rows === null || axes === null || density === null || maps === 'none') return []
  const [start, stop] = head.rows
  const own = density.values.subarray(start * density.cols, stop * density.cols)
  const [first] = own
  const constant = own.length > 1 && own.every((value) => value === first)
  // All heads constant alike is a constant map, and said as such.
  const whole = density.values.every((value) => value === first)
  return constant && !whole
    ? [remark(head.head, 'constant-map', `${called(head)}: its map is ${fixed(first!, 3)} everywhere.`)]
    : []
}

/** Rows that attend alike everywhere, and measures that are zero whatever the input. */
function rowRemarks({axes, density, importance, measures = []}: Omit<LintFacts, 'heads' | 'maps'>): LintRemark[] {
  if (axes === null || density === null || importance === null) return []
  const {rows, cols} = density
  const even = Array.from({length: cols > 1 ? rows : 0}, (_, row) => row).filter((row) => {
    const own = density.values.subarray(row * cols, (row + 1) * cols)
    return own.every((value) => value === own[0])
  })
  const idle = measures.flatMap(({title, means, intervals}) =>
    means.flatMap((mean, row) => (mean === 0 && intervals[row]?.every((end) => end === 0) ? [{title, row}] : []))
  )
  const called = (row: number) => capital(rowName(axes, row))
  return [
    ...even.map((row) =>
      remark(null, 'constant-map', `${called(row)} attends alike everywhere: ${fixed(density.values[row * cols]!, 3)}.`)
    ),
    ...idle.map(({title, row}) => remark(null, 'idle-head', `${called(row)}: ${title} is 0 for every input.`))
  ]
}

/**
 * Whether a head's Gaussians are those that training begins with. A block's spreads are drawn at random, so offsets
 * that
 * never left zero are too little to say it.
 */
export const asInitialised = ({kind, offset, variance, initialVariance}: HeadGaussians): boolean =>
  kind !== 'component' &&
  offset.length > 0 &&
  offset.every((delta) => delta === 0) &&
  variance.every((v) => Math.abs(v - initialVariance) <= 1e-6 * initialVariance)

/** Whether two heads hold the same numbers. */
export const sameGaussians = (a: HeadGaussians, b: HeadGaussians): boolean =>
  a.offset.length === b.offset.length &&
  a.offset.every((delta, i) => delta === b.offset[i]) &&
  a.spread.every((c, i) => c === b.spread[i])
