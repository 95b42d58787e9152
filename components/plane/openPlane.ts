import {listenToPlane} from '@/components/plane/listenToPlane'
import {type PlaneHandlers, type PlaneShown, readColumn, readRow} from '@/components/plane/planeShown'
import {rowOf} from '@/lib/core/grid'
import {drawPlaneLegend} from '@/lib/draw/planeLegend'
import {drawPlaneReader, drawPlaneTiles} from '@/lib/draw/planeTile'
import {drawPlaneWords} from '@/lib/draw/planeWords'
import {drawSentence} from '@/lib/draw/sentence'
import type {Lens, LensStore} from '@/lib/state/lens'
import {
  densityLegend,
  densityTile,
  type PlaneTile,
  pictureTile,
  planeLegend,
  planeTile,
  pointedBox
} from '@/lib/views/plane'
import {planePoints} from '@/lib/views/planePoints'
import {planeReading} from '@/lib/views/planeReading'
import {tileRows} from '@/lib/views/planeRows'
import {spanBox} from '@/lib/views/planeSpan'
import {planeWords} from '@/lib/views/planeWords'

/** A panel that follows its lens until it is closed. */
export interface OpenPlane {
  show: (shown: PlaneShown) => void
  close: () => void
}

/**
 * Opens the panel over the elements that React made: the large tile, all tiles, words, sentence and legend. A
 * moving pointer goes from a tile to the lens and back without passing through React.
 */
export function openPlane(root: HTMLElement, lens: LensStore, handlers: PlaneHandlers): OpenPlane {
  const find = (name: string) => root.querySelector<HTMLElement>(name)!
  const [focus, strip, words] = [find('.plane-focus'), find('.plane-tiles'), find('.plane-words')]
  const [sentence, legend] = [find('.sentence'), find('.plane-legend')]
  // Pages are exported without it where nothing samples points.
  const own = root.querySelector<HTMLElement>('.plane-own')
  let shown: PlaneShown | null = null
  let tiles = new Map<number, PlaneTile>()
  let alone: PlaneTile | null = null
  let instead: PlaneTile | null = null
  let was = ''

  const tileOf = (row: number) => {
    const known = tiles.get(row) ?? planeTile(shown!.scene, row)
    tiles.set(row, known)
    return known
  }
  /** Which rows have tiles changes with the pinned one alone. */
  const draw = () => {
    if (!shown) return
    const {axes, map} = shown.scene
    const rows = tileRows(Math.min(axes.rows, map.rows), lens.getState().pinned)
    strip.toggleAttribute('data-few', rows.length <= fewRows)
    const count = rows.length + (alone ? 1 : 0)
    strip.style.setProperty('--tiles', String(count))
    strip.style.setProperty('--half-tiles', String(Math.ceil(count / 2)))
    drawPlaneTiles(strip, [...(alone ? [alone] : []), ...rows.map(tileOf)])
    was = ''
    mark()
  }
  const mark = () => {
    if (!shown) return
    const state = lens.getState()
    const {scene, points, span, first} = shown
    const row = Math.min(readRow(state, first), scene.map.rows - 1)
    const column = readColumn(state)
    const {axes, map, frame} = scene
    drawPlaneTiles(focus, [{...(instead ?? tileOf(row)), key: 'focus'}])
    const marks = points?.row === row ? planePoints(frame, points.found) : null
    const band = span && spanBox(frame, span)
    const held = (own: number) => (own === state.pinned ? 'pinned' : own === state.layer ? 'hover' : 'rest')
    drawPlaneReader(focus.firstElementChild!, {
      cell: pointedBox(frame, column),
      span: band,
      points: marks,
      state: held(row)
    })
    for (const tile of strip.querySelectorAll<HTMLElement>(':scope > figure')) {
      const own = tile.dataset.row
      drawPlaneReader(tile, {
        cell: pointedBox(frame, column),
        span: band,
        state: own === undefined ? 'rest' : held(Number(own))
      })
    }
    const densities = axes.plane.after ? rowOf(map, row) : null
    const said = shown.words ?? undefined
    drawPlaneWords(words, planeWords(axes.plane, densities, shown.words, scene), column)
    words.hidden = words.childElementCount === 0
    const now = `${row} ${column}`
    if (now !== was) drawSentence(sentence, planeReading({axes, map, row, column, ...(said ? {words: said} : {})}))
    was = now
  }

  const leave = lens.subscribe((now, before) => {
    if (now.pinned !== before.pinned && (shown?.scene.axes.rows ?? 0) > tiles.size) draw()
    else if (moved.some((key) => now[key] !== before[key])) mark()
  })
  const deaf = listenToPlane(root, lens, {
    shown: () => shown,
    row: () => readRow(lens.getState(), shown?.first ?? 0),
    ...handlers
  })
  return {
    show: (next) => {
      if (next.scene !== shown?.scene) tiles = new Map()
      if (next.scene !== shown?.scene || next.input !== shown?.input)
        alone = next.input === null ? null : pictureTile(next.scene, next.input)
      const {sampled} = next
      if (sampled !== shown?.sampled || next.scene !== shown?.scene) {
        instead = sampled && densityTile(next.scene, sampled.density.map, sampled.title)
        if (own) own.hidden = !sampled
        if (own && sampled) drawPlaneLegend(own, densityLegend(next.scene, sampled.density.map))
      }
      if (next.scene !== shown?.scene) drawPlaneLegend(legend, planeLegend(next.scene))
      shown = next
      draw()
    },
    close: () => {
      leave()
      deaf()
      for (const element of [focus, strip, words, sentence, legend, own]) element?.replaceChildren()
    }
  }
}

/** So many stand beside one another in the panel's width, nearly as large as the one that is read. */
const fewRows = 4

const moved = ['layer', 'feature', 'pinned', 'pinnedFeature'] as const satisfies readonly (keyof Lens)[]
