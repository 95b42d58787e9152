import {rowOf} from '@/lib/core/grid'
import {count} from '@/lib/core/number'
import {capital} from '@/lib/explain/words'
import type {SamplingPoints} from '@/lib/models/family'
import type {ExportPlaneAsked} from '@/lib/views/exportPlaneAsked'
import {type AxisText, axesOf, axisText, type PlaneTicks} from '@/lib/views/exportPlaneAxes'
import {captionOf, leading, noteStyle} from '@/lib/views/exportPlaneCaption'
import type {SheetText} from '@/lib/views/exportSheet'
import {
  mostAttended,
  type PlaneLegend,
  type PlaneScene,
  type PlaneTile,
  pictureTile,
  planeGloss,
  planeLegend,
  planeTile
} from '@/lib/views/plane'
import {cellBox, type PlaneBox, type PlaneFrame} from '@/lib/views/planeCells'
import {type PlanePoint, planePoints} from '@/lib/views/planePoints'
import {planeReading} from '@/lib/views/planeReading'
import {tileRows} from '@/lib/views/planeRows'
import {type PlaneWord, planeWords, questionText} from '@/lib/views/planeWords'
import {linesOf, segmentLines, widthOf} from '@/lib/views/textLines'

/** A tile in its place: everything on it in px from its own top left corner. */
export interface ExportTile extends Pick<PlaneTile, 'key' | 'title' | 'bitmap' | 'outline' | 'label'> {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly cell: PlaneBox | null
}

/** A word of the question, over its line. */
export interface ExportWord extends Pick<PlaneWord, 'text' | 'line'> {
  readonly x: number
  readonly y: number
  readonly width: number
}

/** Attention on the input as it stands on paper, px from its top left corner. */
export interface ExportPlane extends PlaneTicks {
  readonly width: number
  readonly height: number
  readonly texts: readonly SheetText[]
  /** The row set large; null where rows are so few that all are. */
  readonly focus: ExportTile | null
  readonly points: {readonly query: PlaneBox; readonly points: readonly PlanePoint[]; readonly says: string} | null
  readonly tiles: readonly ExportTile[]
  readonly words: readonly ExportWord[]
  readonly legend: PlaneLegend & {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
    /** Its two ends. */
    readonly texts: readonly AxisText[]
  }
}

const [axisWidth, axisHeight] = [38, 34]
const [focusHeight, focusWidth] = [256, 360]
const saysWidth = 286
const gap = 30
const headHeight = 34
const captionHeight = 21

/**
 * Lays out one row large with its axes, what is to be read of it, and every row beside, in a width of px. Few rows stand
 * large side by side, with the axes on the first.
 */
export function exportPlane(scene: PlaneScene, asked: ExportPlaneAsked, width: number): ExportPlane {
  const {axes, frame} = scene
  const few = Math.min(axes.rows, scene.map.rows) <= fewRows && asked.points === null
  const column = asked.points ? (asked.column ?? mostAttended(scene, asked.row)) : asked.column
  const {focus, strip, says, texts, bottom} = few
    ? sideBySide(scene, asked, {width, column})
    : largeAndSmall(scene, asked, {width, column})
  const [said, words, below] = saysOf(scene, asked, {...says, all: few})
  const noted = captionOf(scene, asked, {y: Math.max(bottom, below) + 14, width, column})
  const legend = planeLegend(scene)
  return {
    width,
    height: noted.at(-1)!.y + 5,
    texts: [head(scene, asked), ...texts, ...said, ...noted, ...strip.texts],
    ...axesOf(axes.plane, focus ?? strip.tiles[0]!),
    focus,
    points: asked.points && focus && pointsIn(frame, asked.points, focus),
    tiles: strip.tiles,
    words,
    legend: {...legend, x: legendX(legend, width), y: 8, width: rampWidth, height: 9, texts: legendTexts(legend, width)}
  }
}

interface Arranged {
  readonly focus: ExportTile | null
  readonly strip: Strip
  readonly says: {readonly x: number; readonly y: number; readonly width: number}
  readonly texts: readonly SheetText[]
  /** The y below tiles and axes. */
  readonly bottom: number
}

type Room = {readonly width: number; readonly column: number | null}

function largeAndSmall(scene: PlaneScene, asked: ExportPlaneAsked, {width, column}: Room): Arranged {
  const {frame} = scene
  const ratio = frame.width / frame.height
  const size = sized(ratio, Math.min(focusHeight, focusWidth / ratio))
  const [x, y] = [axisWidth, headHeight + captionHeight]
  const focus = {...tileAt(scene, asked.row, {x, y, ...size}), cell: boxOf(scene, column, size)}
  const saysX = x + size.width + gap
  const stripX = saysX + saysWidth + gap
  const room = {
    x: stripX,
    y: headHeight,
    width: width - stripX,
    height: y + size.height - headHeight,
    most: 0.75 * focusHeight
  }
  return {
    focus,
    strip: stripOf(scene, asked, {...room, column}),
    says: {x: saysX, y: headHeight + 12, width: saysWidth},
    texts: [caption(focus.title, glossOf(scene, asked), {x, y: headHeight + 12, width: Math.max(size.width, 150)})],
    bottom: y + size.height + axisHeight
  }
}

function sideBySide(scene: PlaneScene, asked: ExportPlaneAsked, {width, column}: Room): Arranged {
  const room = {
    x: axisWidth,
    y: headHeight,
    width: width - axisWidth - gap - saysWidth,
    height: bodyHeight - axisHeight
  }
  const strip = stripOf(scene, asked, {...room, most: focusHeight, column})
  const bottom = Math.max(...strip.tiles.map((tile) => tile.y + tile.height)) + axisHeight
  const right = Math.max(...strip.tiles.map((tile) => tile.x + tile.width))
  return {
    focus: null,
    strip,
    says: {x: right + gap, y: headHeight + captionHeight + 10, width: Math.min(420, width - right - gap)},
    texts: [],
    bottom
  }
}

/** So many stand beside one another, all large. */
const fewRows = 4

const bodyHeight = captionHeight + focusHeight + axisHeight

interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const sized = (ratio: number, height: number) => ({width: ratio * height, height})

/** Half of its attention is outlined in px, so that no line is stretched. */
function tileAt(scene: PlaneScene, row: number | null, place: Place, name = ''): ExportTile {
  const {width, height} = place
  const own: PlaneScene = {...scene, frame: {...scene.frame, width, height}}
  const {key, title, bitmap, outline, label} = row === null ? pictureTile(own, name)! : planeTile(own, row)
  return {key, title, bitmap, outline, label, ...place, cell: null}
}

function boxOf({frame}: PlaneScene, column: number | null, size: Pick<Place, 'width' | 'height'>): PlaneBox | null {
  return column === null ? null : cellBox({...frame, ...size}, column)
}

function pointsIn(frame: PlaneFrame, found: SamplingPoints, {height}: Pick<Place, 'height'>): ExportPlane['points'] {
  const {query, points, says} = planePoints(frame, found)
  const by = height / frame.height
  return {
    says,
    query: {x: by * query.x, y: by * query.y, width: by * query.width, height: by * query.height},
    points: points.map((point) => ({
      ...point,
      x0: by * point.x0,
      y0: by * point.y0,
      x: by * point.x,
      y: by * point.y,
      radius: by * point.radius
    }))
  }
}

const sans = {weight: 400, face: 'sans', ink: 'ink2'} as const
const piece = (text: string, strong = false) => ({text, strong})

function head({axes}: PlaneScene, {own, inputs}: ExportPlaneAsked): SheetText {
  const gloss = own ? `where each ${axes.rowName} attends, of ${own} alone` : planeGloss(axes, false, inputs)
  return {...sans, x: 0, y: 17, size: 13, pieces: [piece('On the input', true), piece(`  ${gloss}`)]}
}

/** A row's name and what it is, in one line that fits. */
function caption(title: string, gloss: string, {x, y, width}: Pick<Place, 'x' | 'y' | 'width'>): SheetText {
  const room = width - widthOf(`${title}  `, 12)
  const [line = ''] = room > 20 && gloss ? linesOf(gloss, room, 12) : []
  return {...sans, x, y, size: 12, pieces: [piece(title, true), ...(line ? [piece(`  ${line}`)] : [])]}
}

const glossOf = ({axes}: PlaneScene, {row}: ExportPlaneAsked): string => axes.rowLabels?.[row] ?? ''

const rampWidth = 120
const legendSize = 11
const highText = ({high, unit}: PlaneLegend) => `${high} ${unit}`
const legendX = (legend: PlaneLegend, width: number): number =>
  width - 0.94 * widthOf(highText(legend), legendSize) - 7 - rampWidth

function legendTexts(legend: PlaneLegend, width: number): readonly AxisText[] {
  return [axisText(legendX(legend, width) - 7, 17, legend.low, 'end'), axisText(width, 17, highText(legend), 'end')]
}

/** What is to be read of the large rows; and the y below it. */
function saysOf(
  scene: PlaneScene,
  asked: ExportPlaneAsked,
  {x, y, width, all}: Arranged['says'] & {readonly all: boolean}
): readonly [SheetText[], ExportWord[], number] {
  const [placed, first] = wordsOf(scene, asked, {x, y, width})
  const texts: SheetText[] = []
  let at = first
  const {axes, map} = scene
  // Rows that all stand large are all read.
  const rows = all ? tileRows(Math.min(axes.rows, map.rows), asked.row) : [asked.row]
  const said = asked.question ? {words: asked.question.split(/\s+/)} : {}
  const readings = [
    ...(asked.question && !axes.plane.after ? [[{text: `“${questionText(asked.question)}”`, strong: true}]] : []),
    ...rows.map((row) => planeReading({axes, map, row, column: null, ...said})),
    ...(asked.column === null ? [] : [planeReading({axes, map, row: asked.row, column: asked.column, ...said})])
  ]
  for (const reading of readings) {
    for (const pieces of segmentLines(reading, width, 1.08 * noteStyle.size)) {
      texts.push({...noteStyle, x, y: at, pieces})
      at += leading
    }
    at += 6
  }
  return [texts, placed, at]
}

const wordSize = 14.5

/** The words of the input in lines; gives the y of the first baseline below them. */
function wordsOf(
  scene: PlaneScene,
  {row, question}: ExportPlaneAsked,
  {x, y, width: room}: Arranged['says']
): readonly [ExportWord[], number] {
  const {axes, map} = scene
  if (!axes.plane.after) return [[], y]
  const found = planeWords(axes.plane, rowOf(map, row), question?.split(/\s+/) ?? null, scene)
  const placed: ExportWord[] = []
  let [at, baseline] = [0, y + 2]
  for (const {text, line} of found) {
    const width = widthOf(text, 1.08 * wordSize)
    if (at > 0 && at + width > room) {
      at = 0
      baseline += 27
    }
    placed.push({text, line, x: x + at, y: baseline, width})
    at += width + 8
  }
  return [placed, placed.length > 0 ? baseline + 30 : y]
}

interface Strip {
  readonly tiles: readonly ExportTile[]
  readonly texts: readonly SheetText[]
}

/** The picture alone and every row, as large as they fit beside and under one another. */
function stripOf(
  scene: PlaneScene,
  {row, pictured}: ExportPlaneAsked,
  {x, y, width, height, most, column}: Place & {readonly column: number | null; readonly most: number}
): Strip {
  const {axes, map, frame} = scene
  const rows = tileRows(Math.min(axes.rows, map.rows), row)
  const shown: (number | null)[] = [...(pictured === null ? [] : [null]), ...rows]
  const glossed = rows.some((own) => planeTile(scene, own).gloss !== '')
  const top = glossed ? 35 : captionHeight
  const {columns, tile} = bestGrid(shown.length, {width, height, ratio: frame.width / frame.height, top, most})
  const tiles = shown.map((own, i): ExportTile => {
    const place = {
      x: x + (i % columns) * (tile.width + between),
      y: y + Math.floor(i / columns) * (tile.height + top + between) + top,
      ...tile
    }
    const made = tileAt(scene, own, place, pictured === null ? '' : capital(pictured))
    return {...made, cell: boxOf(scene, column, tile)}
  })
  const texts = tiles.flatMap((made, i): SheetText[] => {
    const own = shown[i]!
    const gloss = own === null ? '' : planeTile(scene, own).gloss
    const [first = ''] = gloss ? linesOf(gloss, made.width, 11) : []
    const name = caption(made.title, '', {x: made.x, y: made.y - top + 12, width: made.width})
    return first ? [name, {...sans, x: made.x, y: made.y - 9, size: 11, pieces: [piece(first)]}] : [name]
  })
  const of = Math.min(axes.rows, map.rows)
  const left: SheetText[] =
    rows.length < of
      ? [{...sans, ink: 'ink3', x, y: y + height, size: 11, pieces: [piece(`${rows.length} of ${count(of)} rows`)]}]
      : []
  return {tiles, texts: [...texts, ...left]}
}

const between = 14

/** As many beside one another as make the largest tiles, of at most `most` px. */
function bestGrid(
  tiles: number,
  {width, height, ratio, top, most}: {width: number; height: number; ratio: number; top: number; most: number}
): {readonly columns: number; readonly tile: {readonly width: number; readonly height: number}} {
  let best = {columns: 1, tile: {width: 0, height: 0}}
  for (let columns = 1; columns <= tiles; columns++) {
    const lines = Math.ceil(tiles / columns)
    const room = (height - between * (lines - 1)) / lines - top
    const across = (width - between * (columns - 1)) / columns
    const tile = sized(ratio, Math.min(room, across / ratio, most))
    if (tile.width > best.tile.width) best = {columns, tile}
  }
  return best
}

/** The row set large while none is held: the first ranked, or where points are to be seen the first that samples some. */
export function exportedRow(
  layers: readonly {readonly layer: number; readonly rank: number}[],
  {pinned, sampling}: {readonly pinned: number | null; readonly sampling: readonly number[]}
): number {
  if (pinned !== null) return pinned
  const ranked = [...layers].sort((a, b) => a.rank - b.rank || a.layer - b.layer)
  const wanted = sampling.length > 0 ? ranked.filter(({layer}) => sampling.includes(layer)) : ranked
  return (wanted[0] ?? ranked[0])?.layer ?? 0
}

/** Rows whose blocks sample points of their own choosing. */
export const samplingRows = ({axes: {rowLabels}}: Pick<PlaneScene, 'axes'>): readonly number[] =>
  (rowLabels ?? []).flatMap((label, row) => (/(^|, )deformable$/.test(label) ? [row] : []))
