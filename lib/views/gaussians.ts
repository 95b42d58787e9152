import {count} from '@/lib/core/number'
import type {Explanation, HeadGaussians} from '@/lib/explain/explanation'
import type {Axis} from '@/lib/views/axis'
import type {Caption} from '@/lib/views/caption'
import type {HeadBlock, PanelFrame} from '@/lib/views/frame'
import {
  type Curve,
  type CurvePlace,
  curveDifference,
  curvePath,
  gaussianCurve,
  isDrawable
} from '@/lib/views/gaussianCurve'
import {type GaussianProfile, gaussianProfile} from '@/lib/views/gaussianProfile'
import {gaussianLabel, gaussianNotes, gaussianRemark} from '@/lib/views/gaussianWords'
import {type Landing, landingsOf} from '@/lib/views/landings'
import {largest} from '@/lib/views/largest'
import {linear} from '@/lib/views/linear'
import {attendsToPlaces} from '@/lib/views/mapName'
import {textLines, textWidth} from '@/lib/views/rowText'
import {signedTicks} from '@/lib/views/signedTicks'
import {monotone, smoothArea, smoothLine} from '@/lib/views/smooth'
import {type ScatterPlace, type SpreadScatter, scatterPlace} from '@/lib/views/spreadScatter'

export interface GaussiansOptions {
  /** Draws each curve minus the initial one, magnified, on an axis of its own. Default false. */
  readonly difference?: boolean
}

/** One head's curves in its block of rows. Paths are SVG path data. */
export interface GaussianBlock {
  /** `h0` for head 0; `r11` for the single row of layer 11 in a sorted order. */
  readonly key: string
  readonly head: number
  readonly layers: readonly number[]
  readonly y: number
  readonly height: number
  /** Small, without notes: one row of a sorted order, or too low for more. */
  readonly compact: boolean
  /** The z that its layers can reach, px; null while unknown. */
  readonly reach: {readonly x: number; readonly width: number} | null
  /** Every feature's curve up to 128, or every component's. */
  readonly curves: readonly string[]
  /** Above 128 features: between 2 and 98 %, and between 25 and 75 % of the curves; of differences only the latter. */
  readonly bands: readonly string[]
  /** The mean of the curves; for a density block the one Gaussian that the product of its components equals. */
  readonly mean: string | null
  readonly initial: string
  readonly landings: readonly Landing[]
  readonly notes: readonly Caption[]
  /** Heights, at the left of the block: the difference's own axis, or an enlarged panel's. */
  readonly scale: readonly ScaleTick[]
  readonly scatter: SpreadScatter | null
}

export interface ScaleTick {
  readonly y: number
  readonly textY: number
  readonly text: string
}

/** Everything panel d is drawn from, and nothing that needs a document. */
export interface GaussiansMarks {
  /** Of the curves; an enlarged panel has scatters beside them. */
  readonly width: number
  readonly height: number
  readonly blocks: readonly GaussianBlock[]
  readonly axis: Axis | null
  readonly scatterAxis: Axis | null
  readonly key: Caption | null
  /** The remark in as many words as fit over the curves. */
  readonly caveat: Caption | null
  readonly difference: boolean
  /** How much a difference is magnified: for the switch, `difference ×20`. */
  readonly magnification: number
  /** True when trained and initial curves can hardly be told apart: then the difference is worth offering. */
  readonly coincide: boolean
  /** What must be said beside the picture: components that cannot be identified, curves that could not be drawn. */
  readonly remark: string | null
  /** Lines in place of the picture, where it stands for measures that need inputs. */
  readonly absent: readonly string[]
  /** One sentence for those who do not see the picture. */
  readonly label: string
  /** One feature's own curve in the block of that key, as SVG path data; null where it has none. */
  readonly curveOf: (key: string, feature: number) => string | null
  /** Where z and a curve's height stand in the block of that key; null where it is not drawn. */
  readonly placeIn: (key: string) => CurvePlace | null
}

const manyFeatures = 128

/** Panel d: the learned Gaussians of each head, beside the curve that training began with. */
export function gaussiansPanel(
  explanation: Explanation | null,
  frame: PanelFrame,
  {difference = false}: GaussiansOptions = {}
): GaussiansMarks {
  // A link may have come without its curves.
  const heads = (explanation?.heads ?? []).filter(({offset}) => offset.length > 0)
  const limit = zLimit(heads)
  const change = changeOf(heads, limit)
  const scatterLeft = frame.enlarged && frame.width >= 520 ? Math.round(frame.width * 0.6) : null
  const scatter = scatterLeft === null || heads.length === 0 ? null : scatterPlace(heads, scatterLeft, frame)
  const width = scatter === null ? frame.width : scatterLeft! - 76
  const stage = {limit, width, difference, half: 0.52 / change.magnification, top: topOf(heads, limit)}
  const placed = frame.blocks.flatMap((block) => {
    const head = heads.find((h) => h.head === block.head)
    return head ? [{head, block, key: frame.modelOrder ? `h${block.head}` : `r${block.rows[0]!.layer}`}] : []
  })
  return {
    width,
    height: frame.height,
    blocks: placed.map(({head, block, key}) => blockOf(key, head, block, stage, frame, explanation!, scatter)),
    axis: heads.length > 0 ? zAxis(heads, stage, frame) : null,
    scatterAxis: scatter?.axis ?? null,
    key: heads.length > 0 ? keyOf(heads, stage, change.magnification, frame) : null,
    difference,
    ...change,
    remark: explanation && heads.length === 0 ? noGaussians(explanation) : (gaussianRemark(heads, limit)?.full ?? null),
    absent: explanation && attendsToPlaces(explanation) ? textLines(noGaussians(explanation), frame.width, 13.5) : [],
    caveat: caveatOf(heads, stage, frame),
    label: explanation && heads.length === 0 ? noGaussians(explanation) : gaussianLabel(heads),
    curveOf: (key, feature) => {
      const found = placed.find((p) => p.key === key)
      return found ? ownCurve(found.head, feature, found.block, stage, !frame.modelOrder) : null
    },
    placeIn: (key) => {
      const found = placed.find((p) => p.key === key)
      return found ? placeOf(found.block, stage, !frame.modelOrder) : null
    }
  }
}

const noGaussians = (explanation: Explanation): string => {
  const {model, heads} = explanation
  if (attendsToPlaces(explanation)) return 'What is measured here needs inputs.'
  return heads.length > 0
    ? 'There are no Gaussians to draw: they did not come along.'
    : `There are no Gaussians to draw: this checkpoint holds ${model.title}.`
}

interface Stage {
  readonly limit: number
  readonly width: number
  readonly difference: boolean
  /** The difference's axis runs from −half to +half. */
  readonly half: number
  /** The highest value of any curve: 1 but for sums that exceed it. */
  readonly top: number
}

// Wide enough for the curves' flanks and for what a layer can reach, but no wider than they stay legible.
const zLimit = (heads: readonly HeadGaussians[]): number =>
  Math.min(4, Math.max(2.4, ...heads.map(({reach}) => (reach ?? 0) * 1.05)))

// A gate's densities may exceed one.
const topOf = (heads: readonly HeadGaussians[], limit: number): number =>
  Math.max(
    1,
    ...heads.flatMap((head) => {
      if (!head.heights) return []
      const sums = gaussianProfile(head, limit).mean
      return [head.initialHeight ?? 1, ...sums].filter(Number.isFinite)
    })
  )

function blockOf(
  key: string,
  head: HeadGaussians,
  block: HeadBlock,
  stage: Stage,
  frame: PanelFrame,
  {layers}: Explanation,
  scatter: ScatterPlace | null
): GaussianBlock {
  const compact = !frame.modelOrder || block.height < 30
  const place = placeOf(block, stage, !frame.modelOrder)
  const profile = gaussianProfile(head, stage.limit)
  const reach = head.reach === null ? null : Math.min(stage.limit, head.reach)
  // Magnified, hundreds of curves would be a tangle; components are few, and bands of them would mean nothing.
  const banded = head.kind === 'feature' && (compact || stage.difference || head.variance.length > manyFeatures)
  const thick = landingCurve(profile, head, stage)
  const ceiling = head.kind !== 'feature' ? thick : (z: number) => sampled(profile.quantiles[3], z, stage.limit)
  const labelled = !compact && !stage.difference && frame.density === 'large' && block.height >= 60
  const path = (curve: Curve) => curvePath(changed(curve, head, stage), place)
  return {
    key,
    head: head.head,
    layers: block.rows.map(({layer}) => layer),
    y: block.y,
    height: block.height,
    compact,
    reach: reach === null ? null : {x: place.x(-reach), width: place.x(reach) - place.x(-reach)},
    // A part of a sum has no curve before training to differ from.
    curves: banded || (stage.difference && head.kind === 'mixture') ? [] : drawableCurves(head).map(path),
    bands: banded ? bandPaths(profile, head, stage, place) : [],
    mean: head.kind === 'component' ? effectivePath(head, path) : meanPath(profile, head, stage, place),
    initial: path(initialCurve(head)),
    landings: landingsOf(layers, block, place, thick, labelled ? {ceiling, right: stage.width} : null),
    notes:
      compact || stage.difference || block.height <= 60 || stage.width < 130 ? [] : gaussianNotes(head, block, place),
    scale: compact ? [] : scaleOf(place, block, stage, frame),
    scatter: scatter && !compact ? scatter.scatterOf(head, block) : null
  }
}

function placeOf(block: HeadBlock, {limit, width, difference, half, top}: Stage, row: boolean): CurvePlace {
  const bottom = block.y + block.height - 2
  const x = linear([-limit, limit], [0, width])
  const y = linear(difference ? [-half, half] : [0, 1.04 * top], [bottom, block.y + (row ? 2 : 0)])
  return {limit, x, y}
}

const offsetOf = ({offsetZ}: HeadGaussians, i: number): number => offsetZ?.[i] ?? 0

function drawableCurves(head: HeadGaussians): Curve[] {
  return Array.from(head.variance, (variance, i) => [offsetOf(head, i), variance, head.heights?.[i]] as const)
    .filter(([offset, variance]) => isDrawable(offset, variance))
    .map(([offset, variance, height]) => gaussianCurve(offset, variance, height))
}

/** What training began with. */
const initialCurve = ({initialVariance, initialHeight}: HeadGaussians): Curve =>
  gaussianCurve(0, initialVariance, initialHeight)

const changed = (curve: Curve, head: HeadGaussians, {difference}: Stage): Curve =>
  difference ? curveDifference(curve, initialCurve(head)) : curve

function ownCurve(head: HeadGaussians, feature: number, block: HeadBlock, stage: Stage, row: boolean): string | null {
  const variance = head.variance[feature]
  if (head.kind !== 'feature' || variance === undefined || !isDrawable(offsetOf(head, feature), variance)) return null
  const curve = gaussianCurve(offsetOf(head, feature), variance)
  return curvePath(changed(curve, head, stage), placeOf(block, stage, row))
}

function effectivePath({effective}: HeadGaussians, path: (curve: Curve) => string): string | null {
  if (!effective || !isDrawable(effective.offsetZ ?? 0, effective.variance)) return null
  return path(gaussianCurve(effective.offsetZ ?? 0, effective.variance))
}

// ---- the mean and the bands, sampled

const initialAt = (head: HeadGaussians, {difference}: Stage, z: number): number =>
  difference ? initialCurve(head).value(z) : 0

function meanPath(profile: GaussianProfile, head: HeadGaussians, stage: Stage, {x, y}: CurvePlace): string | null {
  const places = Array.from(profile.z, (z, i) => [x(z), y(profile.mean[i]! - initialAt(head, stage, z))] as const)
  return Number.isFinite(profile.mean[0]) ? smoothLine(places, monotone) : null
}

function bandPaths(profile: GaussianProfile, head: HeadGaussians, stage: Stage, {x, y}: CurvePlace): string[] {
  const [q2, q25, q75, q98] = profile.quantiles
  const edge = (values: Float64Array) =>
    Array.from(profile.z, (z, i) => [x(z), y(values[i]! - initialAt(head, stage, z))] as const)
  const band = (low: Float64Array, high: Float64Array) => smoothArea(edge(high), edge(low), monotone)
  const middle = band(q25, q75)
  return stage.difference ? [middle] : [band(q2, q98), middle]
}

// Layers land on the curve that is drawn thick.
function landingCurve(profile: GaussianProfile, head: HeadGaussians, stage: Stage): (z: number) => number {
  const {effective} = head
  const thick = effective ? gaussianCurve(effective.offsetZ ?? 0, effective.variance).value : null
  return (z) => (thick?.(z) ?? sampled(profile.mean, z, stage.limit)) - initialAt(head, stage, z)
}

// Values at equal distances from −limit to +limit, read in between.
function sampled(values: Float64Array, at: number, limit: number): number {
  const place = ((at + limit) / (2 * limit)) * (values.length - 1)
  const i = Math.max(0, Math.min(values.length - 2, Math.floor(place)))
  return values[i]! + (values[i + 1]! - values[i]!) * (place - i)
}

// ---- the difference from the initial curve

const magnifications = [1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]

/** How far training moved the curves, and the magnification at which the middle half of them still fits. */
function changeOf(heads: readonly HeadGaussians[], limit: number): {magnification: number; coincide: boolean} {
  const moved = heads.map((head) => {
    const {z, mean: means, quantiles} = gaussianProfile(head, limit)
    const initial = initialCurve(head).value
    const from = (values: Float64Array) =>
      largest(
        Array.from(z, (at, i) => Math.abs(values[i]! - initial(at))),
        0
      )
    return {mean: from(means), most: Math.max(from(means), from(quantiles[1]), from(quantiles[2]))}
  })
  const most = largest(
    moved.map((m) => m.most),
    0
  )
  return {
    magnification: magnifications.find((m) => most * m <= 0.5) ?? 1,
    coincide:
      heads.length > 0 &&
      largest(
        moved.map((m) => m.mean),
        0
      ) < 0.04
  }
}

// The difference's outermost round values, or the Gaussian's own height where there is room to read it.
function scaleOf({y}: CurvePlace, block: HeadBlock, {half, difference}: Stage, {enlarged}: PanelFrame): ScaleTick[] {
  if (!difference && !enlarged) return []
  const round = signedTicks(half * 0.85, 4).filter(({value}) => value !== 0)
  const written = difference
    ? [round[0], round.at(-1)]
    : [
        {value: 1, text: '1'},
        {value: 0.5, text: '.5'}
      ]
  return written
    .filter((tick) => tick !== undefined)
    .map(({value, text}) => ({
      y: y(value),
      textY: Math.max(block.y + 9, Math.min(block.y + block.height - 3, y(value) + 4)),
      text: difference && value > 0 ? `+${text}` : text
    }))
}

// ---- words

function zAxis(heads: readonly HeadGaussians[], {limit, width}: Stage, frame: PanelFrame): Axis {
  const x = linear([-limit, limit], [0, width])
  const shaded = heads.some(({reach}) => reach !== null)
  const offsets = heads.every(({offsetZ, effective}) => (effective ? effective.offsetZ : offsetZ) !== null)
  return {
    x0: 0,
    x1: width,
    y: frame.axisY,
    ticks: signedTicks(limit, frame.enlarged ? 9 : 5).map(({value, text}) => ({x: x(value), text})),
    title: offsets ? (shaded ? 'z (shaded: in reach)' : 'z') : 'z, drawn without offset'
  }
}

function caveatOf(heads: readonly HeadGaussians[], {limit, width}: Stage, {captionY}: PanelFrame): Caption | null {
  const remark = gaussianRemark(heads, limit)
  if (remark === null) return null
  const text = textWidth(remark.full, 11.5) <= width ? remark.full : remark.short
  return {x: 0, y: captionY, text, anchor: 'start', meaning: remark.full}
}

function keyOf(heads: readonly HeadGaussians[], stage: Stage, magnification: number, {keyY}: PanelFrame): Caption {
  const many = heads.some(({variance}) => variance.length > manyFeatures)
  const bands = many ? ' The bands hold 25 to 75 % and 2 to 98 % of the features.' : ''
  return {
    x: 23,
    y: keyY + 4,
    text: stage.difference ? `change ×${count(magnification)}` : 'before training',
    anchor: 'start',
    meaning: stage.difference
      ? `Each curve minus the one before training, magnified ${count(magnification)} times; the band holds the middle half.`
      : `The dashed curve is what training began with.${bands}`
  }
}
