import type {Explanation} from '@/lib/explain/explanation'
import {isEditable} from '@/lib/explain/isEditable'
import {rowsWithoutGaussians} from '@/lib/explain/neededInputs'
import {list} from '@/lib/explain/words'
import {rowNameOf} from '@/lib/models/rowNames'
import {importanceName} from '@/lib/views/importanceName'
import {mapName} from '@/lib/views/mapName'
import {hasTime} from '@/lib/views/planeSpan'

/** A key, or several, and what it does. */
export type KeyLine = readonly [key: string, does: string]

/** What the figure shows and how to move in it, in words. */
export interface HelpWords {
  readonly lede: string
  readonly panels: readonly (readonly [letter: string, name: string, text: string])[]
  readonly keys: readonly KeyLine[]
  /** Of the panel under the figure; empty where a map's columns are no places. */
  readonly planeKeys: readonly KeyLine[]
}

/** Words on the open figure, or without one on that of density attention over layers. */
export function helpWords(explanation: Explanation | null): HelpWords {
  return {
    lede: ledeOf(explanation),
    panels: panelsOf(explanation),
    keys: keysOf(explanation),
    planeKeys: planeKeysOf(explanation?.axes?.plane ?? null)
  }
}

const rowOf = (explanation: Explanation | null): string =>
  explanation?.axes?.rowName ?? (explanation ? rowNameOf(explanation.model.family) : 'layer')
const columnOf = (explanation: Explanation | null): string => explanation?.axes?.colName ?? 'feature'

/** A figure of nothing yet is of density attention. */
const hasHeads = (explanation: Explanation | null): boolean => explanation === null || explanation.heads.length > 0

function ledeOf(explanation: Explanation | null): string {
  const line = `A ${rowOf(explanation)} is one line that runs through all five panels.`
  if (hasHeads(explanation))
    return (
      'The Density Adaptive Attention Mechanism (DAAM) weighs the features of a model’s layers by learned Gaussians: a ' +
      'value near a head’s mean counts, a far one does not. Density Lens opens such a checkpoint and draws what it ' +
      `learned. ${line}`
    )
  return (
    'Density Lens opens checkpoints of density attention, and of what it is compared with. This one holds ' +
    `${explanation!.model.title}: no Gaussians, but the same figure and the same caution. ${line}`
  )
}

function panelsOf(explanation: Explanation | null): HelpWords['panels'] {
  const [row, column] = [rowOf(explanation), columnOf(explanation)]
  const {long, unit} = mapName(explanation)
  const {long: importance} = importanceName(explanation)
  const weights = explanation?.provenance.maps === 'weights'
  const attention = long === 'Attention' ? ` A cell is ${unit}, which is 1 where attention is even.` : ''
  const measures = explanation?.measures ?? []
  const gaussians = hasHeads(explanation)
    ? 'What each head learned: one curve per feature, and dashed the curve before training.'
    : 'Empty here: there are none.'
  const measured = `What is measured of each ${row} beside importance: ${list(measures.map(({title}) => title))}. A dot with its 95 % interval, a tick for the untrained module.`
  const signal = hasHeads(explanation)
    ? 'Where the inputs fall under those curves. Values near 0 get the most density.'
    : `How the values behind attention are spread in each ${row}, standardised: 0 is their mean.`
  return [
    [
      'a',
      importance,
      weights
        ? 'The learned weight of a layer as it stands. Under each bar its weight before training.'
        : `How strongly a ${row} stands out, 0 to 1: the mean map, min–max normalised as a whole. Under each bar its untrained twin, on the same scale.`
    ],
    [
      'b',
      'Learned part',
      `What training changed: trained minus untrained mean ${attention ? 'attention' : 'density'}, with its 95 % interval over inputs.`
    ],
    ['c', long, `The map itself, ${row}s down and ${column}s across.${attention}`],
    measures.length > 0
      ? ['d', 'Measures', measured]
      : explanation && rowsWithoutGaussians(explanation.model.family)
        ? ['d', 'Measures', `What is measured of each ${row} beside importance. It needs inputs.`]
        : ['d', 'Gaussians', gaussians],
    ['e', 'Signal', signal]
  ]
}

function keysOf(explanation: Explanation | null): KeyLine[] {
  const [row, column] = [rowOf(explanation), columnOf(explanation)]
  const heads = hasHeads(explanation)
  const editable = explanation === null || isEditable(explanation)
  return [
    ['↑ ↓', `${row} up, ${row} down`],
    ['← →', `${column} by ${column}`],
    ['Home End', `first and last ${row}`],
    ...(heads ? [['Page Up Page Down', 'head by head'] as const] : []),
    ['Enter', `pin the ${row}, or let go of it`],
    ['Shift Enter', `the ${row} alone; the others step back`],
    ['Esc', 'let go, close, or stop the work'],
    ['+ − 0', 'zoom the map in and out, show all of it'],
    ['Shift + arrows', 'move a zoomed map'],
    ['1 2 3', `map: ${mapName(explanation).long.toLowerCase()}, ${importanceName(explanation).long}, learned part`],
    ['O', `order of the ${row}s`],
    ['T', 'the numbers behind the figure'],
    ['E', 'files of the figure: page, SVG, PNG, tables, arrays'],
    ...(editable
      ? ([
          ['M H F', `mask the ${row}, its head or the ${column}`],
          ['S', `brush: the ${column} joins a set that is edited together; within the set, let go of it`],
          ['B', 'hold to see the original beside edits']
        ] as const)
      : []),
    ['N', 'a note on what is pinned or pointed at'],
    ['L', 'the live plot: how importance moves'],
    ['Ctrl O', 'open files'],
    [
      'Ctrl Z',
      editable ? 'take an edit back; without any, back to what was open before' : 'back to what was open before'
    ],
    ['?', 'this page']
  ]
}

function planeKeysOf(plane: NonNullable<Explanation['axes']>['plane'] | null): KeyLine[] {
  if (!plane) return []
  return [
    ['Arrows', 'place by place on the input'],
    ['Page Up Page Down', 'row by row'],
    ...(hasTime(plane) ? [['Shift ← →', 'brush a span of time; Space plays it where there is sound'] as const] : [])
  ]
}
