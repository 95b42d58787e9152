import {plural} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import {rowsTie} from '@/lib/explain/tiedRows'
import type {MapKind, PanelLetter} from '@/lib/views/frame'
import type {GaussiansMarks} from '@/lib/views/gaussians'
import {importanceName} from '@/lib/views/importanceName'
import type {FigureLayout, PanelPlace} from '@/lib/views/layout'
import {attendsToPlaces, mapName} from '@/lib/views/mapName'
import {keyFits} from '@/lib/views/measuresPanel'
import {textWidth} from '@/lib/views/rowText'

/** The line over a panel: rule, letter, name and a few words on what it shows. Coordinates are the figure's. */
export interface PanelHead {
  readonly letter: PanelLetter
  readonly x: number
  readonly y: number
  readonly width: number
  readonly name: string
  /** Left out where it would touch a control. */
  readonly gloss: string
  /** Only an open figure has controls. */
  readonly controls: boolean
  /** The heatmap's switch, with what can be shown. */
  readonly maps: readonly {
    readonly kind: MapKind
    readonly name: string
    readonly chosen: boolean
    readonly can: boolean
  }[]
  readonly enlarged: boolean
  /** d's switch to what training changed, on the legend's line. */
  readonly difference: {
    readonly text: string
    readonly label: string
    readonly pressed: boolean
    readonly y: number
  } | null
}

export interface PanelHeadOptions {
  readonly map: MapKind
  readonly partial: boolean
  /** What panel c says it shows: `64 features`, `input 10 only`. */
  readonly mapGloss?: string
  readonly gaussians?: Pick<GaussiansMarks, 'coincide' | 'difference' | 'magnification'> | null
}

/** Names of panels of density attention, with the px that they take. */
const names: Readonly<Record<PanelLetter, readonly [text: string, width: number]>> = {
  a: ['Importance Factor', 112],
  b: ['Learned part', 79],
  c: ['Density attention', 103],
  d: ['Gaussians', 62],
  e: ['Signal', 39]
}

/** px that the letter takes. */
const letterRoom = 15

/** px that the controls take at the right of a head: the enlarge button, and for c the switch but for its first word. */
const controlRoom = {enlarge: 14, maps: 72} as const

/** Heads of all panels that stand in this layout. */
export function panelHeads(
  explanation: Explanation | null,
  layout: FigureLayout,
  options: PanelHeadOptions
): PanelHead[] {
  return layout.sections.flatMap(({y, panels}) =>
    panels.map((panel) => panelHead(explanation, layout, panel, y, options))
  )
}

function panelHead(
  explanation: Explanation | null,
  {form}: FigureLayout,
  {letter, headX, headWidth, frame}: PanelPlace,
  y: number,
  options: PanelHeadOptions
): PanelHead {
  const open = explanation !== null
  const [given, givenWidth] = names[letter]
  const {long, short} = mapName(explanation)
  const full =
    letter === 'a'
      ? importanceName(explanation).long
      : letter === 'c'
        ? long
        : letter === 'd' && explanation && (explanation.measures || attendsToPlaces(explanation))
          ? 'Measures'
          : given
  const nameWidth = full === given ? givenWidth : Math.min(givenWidth, textWidth(full, 13))
  const controls = open ? controlRoom.enlarge + (letter === 'c' ? controlRoom.maps + textWidth(short, 12.5) : 0) : 0
  // Where the name would touch what stands at the right of its head.
  const brief = letter === 'c' ? short : letter === 'b' ? 'Learned' : full
  const name = letterRoom + nameWidth + controls > headWidth ? brief : full
  const gloss = open && form !== 'phone' ? glossOf(explanation, letter, options) : ''
  const taken = letterRoom + nameWidth + 7
  return {
    letter,
    x: headX,
    y,
    width: headWidth,
    name,
    gloss: taken + textWidth(gloss, 10.5) <= headWidth - controls ? gloss : '',
    controls: open,
    maps: letter === 'c' && open && explanation.density !== null ? mapsOf(explanation, options.map, short) : [],
    enlarged: frame.enlarged,
    difference: letter === 'd' && options.gaussians ? differenceOf(options.gaussians, y + 44) : null
  }
}

// Offered where trained and initial curves can hardly be told apart.
function differenceOf(
  {coincide, difference, magnification}: NonNullable<PanelHeadOptions['gaussians']>,
  y: number
): PanelHead['difference'] {
  if (!difference && (!coincide || magnification < 2)) return null
  return {
    text: difference ? '×1' : `×${magnification}`,
    label: `What training changed, magnified ${magnification} times`,
    pressed: difference,
    y
  }
}

function glossOf(
  {axes, heads, importance, layers, signal, measures}: Explanation,
  letter: PanelLetter,
  {partial, mapGloss}: PanelHeadOptions
): string {
  const row = axes?.rowName ?? 'layer'
  switch (letter) {
    case 'a':
      if (partial) return 'so far; the scale settles with the last input'
      if (rowsTie({axes, layers})) return `every ${row} ties by construction`
      return importance ? `which ${row}s stand out` : ''
    case 'b':
      return ''
    case 'c':
      return mapGloss ?? (axes ? plural(axes.cols, axes.colName) : '')
    case 'd':
      if (!measures) return heads.length > 0 ? 'per head' : ''
      return keyFits(measures) ? '' : '| untrained'
    case 'e':
      return signal && !measures ? 'near 0 wins' : ''
  }
}

function mapsOf({importance, nullDensity}: Explanation, chosen: MapKind, density: string): PanelHead['maps'] {
  const maps: readonly (readonly [MapKind, string, unknown])[] = [
    ['density', density, true],
    ['importance', 'IF', importance],
    ['learned', 'Learned', nullDensity]
  ]
  return maps.map(([kind, name, map]) => ({kind, name, chosen: kind === chosen, can: map !== null}))
}
