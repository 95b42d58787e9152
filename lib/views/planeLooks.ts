import {count} from '@/lib/core/number'
import type {SamplingPoints} from '@/lib/models/family'
import type {PlaneAxes} from '@/lib/views/plane'
import {placeName} from '@/lib/views/planeCells'
import type {SampledDensity} from '@/lib/views/planePoints'
import {hasTime} from '@/lib/views/planeSpan'

/** Attention, the points of one place, or all points of a stage. */
export type Looks = 'attention' | 'points' | 'stage'

/** What can be shown of blocks that sample points. */
export const looksOptions = [
  {value: 'attention', text: 'Attention', label: 'Attention'},
  {value: 'points', text: 'Its points', label: 'Where the pointed-at cell samples'},
  {value: 'stage', text: 'All points', label: 'Density of all points that its stage samples'}
] as const satisfies readonly {readonly value: Looks; readonly text: string; readonly label: string}[]

/** The same in a page that holds the points of one place of each row. */
export const pageLooks = looksOptions.map((option) =>
  option.value === 'points' ? {...option, label: 'Where one cell of the row samples'} : option
)

/** How to see it. */
export const looksHint = ({rowName, plane}: PlaneAxes, looks: Looks): string => {
  const to = looks === 'points' ? 'where it looks' : `it in every ${rowName}`
  return hasTime(plane)
    ? `Point at a place to see ${to}; drag across to choose a span of time.`
    : `Point at a place to see ${to}; click a picture to pin its ${rowName}.`
}

/** Of a row without any. */
export const noPointsText = 'It samples no points: only deformable blocks do.'

/** What lines and dots of one place are. */
export const pointsText = ({reference, groups}: SamplingPoints): string =>
  `It looks at ${count(reference.length / 2)} points${groups > 1 ? ` in each of ${groups} groups of heads` : ''}: lines lead from the grid to where they moved, and dots grow with attention.`

/** The same where the points of one place of a row are all there are, whichever is pointed at. */
export const onePlaceText = ({plane, rowName}: PlaneAxes, column: number, found: SamplingPoints): string =>
  `The dashed cell, at ${placeName(plane, column)}, is the one of this ${rowName} whose points this page holds. ${pointsText(found)}`

/** What the density of a stage's points counts. */
export const sampledText = ({points, outside}: Pick<SampledDensity, 'points' | 'outside'>): string =>
  `The large picture counts ${count(points)} points${outside > 0 ? `, ${count(outside)} of them beyond the edge` : ''}; the small ones show attention.`
