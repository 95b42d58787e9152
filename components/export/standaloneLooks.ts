import type {PlaneShown} from '@/components/plane/planeShown'
import {readRow} from '@/components/plane/planeShown'
import type {PagePoints} from '@/lib/share/pagePoints'
import type {LensStore} from '@/lib/state/lens'
import type {PlaneAxes} from '@/lib/views/plane'
import {type Looks, noPointsText, onePlaceText, sampledText} from '@/lib/views/planeLooks'
import {stageDensity, stageRows} from '@/lib/views/planePoints'

/** What of the points that an input came with is to be seen. */
export type LooksShown = Pick<PlaneShown, 'points' | 'sampled'>

export interface StandaloneLooks {
  /** What is shown of an input with these points, which are said in words, too. */
  readonly of: (points: readonly PagePoints[]) => LooksShown
}

/**
 * The choice between attention and sampling points in an exported page, for inputs that came with some. `onChange` is
 * called when another is chosen, and when another row is read that has points of its own.
 */
export function standaloneLooks(
  root: HTMLElement,
  lens: LensStore,
  {axes, first, onChange}: {readonly axes: PlaneAxes; readonly first: number; readonly onChange: () => void}
): StandaloneLooks {
  const choice = root.querySelector<HTMLElement>('.plane-looks')
  const said = root.querySelector<HTMLElement>('.plane-looked')
  if (!choice || !said) return {of: () => nothing}
  const radios = [...choice.querySelectorAll('input')]
  let looks: Looks = 'attention'
  let row = readRow(lens.getState(), first)
  for (const radio of radios) {
    radio.checked = radio.value === looks
    radio.addEventListener('change', () => {
      looks = radio.value as Looks
      onChange()
    })
  }
  lens.subscribe((now) => {
    const read = readRow(now, first)
    if (read === row) return
    row = read
    if (looks !== 'attention') onChange()
  })
  return {
    of: (points) => {
      choice.hidden = points.length === 0
      const {text, ...shown} = points.length === 0 ? {...nothing, text: ''} : seen(axes, looks, {row, points})
      said.textContent = text
      said.hidden = text === ''
      return shown
    }
  }
}

const nothing: LooksShown = {points: null, sampled: null}

function seen(
  axes: PlaneAxes,
  looks: Looks,
  {row, points}: {readonly row: number; readonly points: readonly PagePoints[]}
): LooksShown & {readonly text: string} {
  if (looks === 'points') {
    const own = points.find((place) => place.row === row)
    return own
      ? {points: own, sampled: null, text: onePlaceText(axes, own.column, own.found)}
      : {...nothing, text: noPointsText}
  }
  if (looks === 'attention') return {...nothing, text: ''}
  const stage = stageRows(axes, row)
  const blocks = points.filter((place) => stage.includes(place.row)).map(({found}) => found)
  const sampled = stageDensity(axes, row, blocks)
  return {points: null, sampled, text: sampled ? sampledText(sampled.density) : ''}
}
