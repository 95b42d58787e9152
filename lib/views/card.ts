import {headHues} from '@/lib/core/colour'
import type {Explanation} from '@/lib/explain/explanation'
import {groupRows} from '@/lib/explain/groupRows'
import {capital} from '@/lib/explain/words'
import {type Bitmap, bitmap} from '@/lib/views/bitmap'
import type {Caption} from '@/lib/views/caption'
import {type FigureMarks, type FigureScene, figureMarks} from '@/lib/views/figure'
import type {PanelLetter} from '@/lib/views/frame'
import {importanceName} from '@/lib/views/importanceName'
import type {RowNumber} from '@/lib/views/importancePanel'
import {figureLayout, placeOf} from '@/lib/views/layout'
import {figureRows} from '@/lib/views/rowOrder'
import {textLines} from '@/lib/views/rowText'

/** A line of text. `y` is its baseline. */
export interface CardText {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly text: string
  readonly anchor: 'start' | 'middle' | 'end'
  readonly fill: string
  readonly face: 'serif' | 'sans'
  readonly bold: boolean
}

export interface CardRect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly fill: string
}

/** SVG path data in a frame of its own: `x`, `y` and `scale` put it in its place. */
export interface CardPath {
  readonly x: number
  readonly y: number
  readonly scale: number
  readonly d: string
  readonly stroke: string
  readonly width: number
  readonly dashed: boolean
}

/** The picture of a shared explanation, in px: for previews of its link. */
export interface Card {
  readonly width: number
  readonly height: number
  readonly texts: readonly CardText[]
  readonly rects: readonly CardRect[]
  readonly paths: readonly CardPath[]
  readonly map: {readonly x: number; readonly y: number; readonly bitmap: Bitmap} | null
  /** One sentence for those who do not see it. */
  readonly label: string
}

/** What is said around the figure. */
export interface CardWords {
  readonly title: string
  readonly caveat: string
  readonly facts: string
}

export const cardSize = {width: 1200, height: 630} as const

const [ink, ink2, ink3, paper, hair, grey, yellow] = [
  '#14181c',
  '#4a535c',
  '#5f6973',
  '#ffffff',
  '#e6eaed',
  '#7d8994',
  '#ffdf5c'
] as const
const margin = 56
/** A preview is looked at from further away than a page: so many px for each of the figure's, and where rows are many. */
const zooms = {most: 1.6, least: 1.25} as const
/** The least that the layout gives a row, and what it puts between heads of many layers. */
const least = {row: 8, gap: 4} as const
const footY = 590
/** More of a kind than any figure has that can be read: a stranger's may say it has a million heads. */
const mostMarks = 600

/** The finding, its caveat, and the ranking beside the map; what an explanation lacks is left out. */
export function card(explanation: Explanation, words: CardWords): Card {
  const head = headOf(words)
  const top = head.bottom + 60
  const height = footY - 44 - top
  const {rows, zoom} = rowsFor(explanation, height)
  const scene: FigureScene = {
    explanation: rows.explanation,
    labels: rows.labels,
    merged: rows.groups.length > 0 ? {whole: explanation, groups: rows.groups, window: null} : null,
    theme: 'light',
    map: 'density',
    own: null,
    window: null,
    difference: false,
    partial: false
  }
  // What the layout sets aside above and below the rows is not drawn here.
  const size = {width: (cardSize.width - 2 * margin) / zoom, height: height / zoom + 118}
  const layout = figureLayout(figureRows(rows.explanation, 'model'), size, {
    form: 'wide',
    panels: panelsOf(explanation)
  })
  const marks = figureMarks(scene, layout)
  const at: Pen = {x: (x) => margin + x * zoom, y: (y) => top + y * zoom, top, zoom}
  return {
    ...cardSize,
    texts: [
      ...head.texts,
      ...captions(explanation, marks, at),
      ...foot(words),
      ...spineTexts(marks, at),
      ...rankTexts(marks, at)
    ].slice(0, mostMarks),
    rects: [...ground(head.bottom), ...keyRects(marks, at), ...spineRects(marks, at), ...barRects(marks, at)].slice(
      0,
      mostMarks
    ),
    paths: [...brand(), ...curves(marks, at)].slice(0, mostMarks),
    map: mapOf(marks, at),
    label: `${words.title}. ${words.caveat}`
  }
}

/** Rows merged until they are high enough to be read, and how large that makes everything. */
function rowsFor(explanation: Explanation, height: number) {
  const breaks = Math.max(0, explanation.heads.length - 1)
  const most = Math.max(1, Math.floor((height / zooms.least - breaks * least.gap) / least.row))
  const count = explanation.axes?.rows ?? explanation.heads.length
  const grouped = count > most && explanation.axes ? groupRows(explanation, most, {wholeMaps: true}) : null
  const rows = grouped ?? {explanation, labels: [], groups: []}
  const standing = grouped ? grouped.groups.length : count
  const needed = standing * least.row + breaks * (standing <= 12 ? 12 : standing <= 24 ? 7 : least.gap)
  return {rows, zoom: Math.min(zooms.most, height / Math.max(1, needed))}
}

const panelsOf = ({layers, density}: Explanation): readonly PanelLetter[] => {
  const ranked = layers.length > 0
  if (!ranked && density === null) return ['d']
  return [...(ranked ? ['a' as const] : []), ...(density ? ['c' as const] : [])]
}

/** From the figure's px to the card's. */
interface Pen {
  readonly x: (x: number) => number
  readonly y: (y: number) => number
  /** Of the rows. */
  readonly top: number
  readonly zoom: number
}

function headOf({title, caveat}: CardWords) {
  const width = cardSize.width - 2 * margin
  // Letters of the serif are about half as wide as high, bold ones a little wider.
  const size = textLines(title, width, 46 * 1.06).length > 1 ? 42 : 46
  const lines = cut(textLines(title, width, size * 1.06), 2)
  const under = cut(textLines(caveat, width, 24), 2)
  const first = 44 + size
  const last = first + (lines.length - 1) * size * 1.14
  const texts = [
    ...lines.map((text, i) => words(text, {y: first + i * size * 1.14, size, face: 'serif', bold: true})),
    ...under.map((text, i) => words(text, {y: last + 42 + i * 31, size: 24, face: 'serif', fill: ink2}))
  ]
  return {texts, bottom: last + 42 + Math.max(0, under.length - 1) * 31}
}

const cut = (lines: readonly string[], most: number): readonly string[] =>
  lines.length > most ? [...lines.slice(0, most - 1), `${lines[most - 1]}…`] : lines

const words = (text: string, given: Partial<CardText> & {readonly y: number}): CardText => ({
  x: margin,
  size: 18,
  anchor: 'start',
  fill: ink,
  face: 'sans',
  bold: false,
  ...given,
  text: drawable(text)
})

// What the fonts of pictures hold, in every face and weight: Latin, Greek, and the signs that sentences here are made of.
const foreign =
  /[^ -~\u00a1-\u012b\u012e-\u0131\u0134-\u0165\u0168-\u017f\u0218-\u021b\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020\u2022\u2026\u2032\u2033\u2039\u203a\u2044\u20ac\u2113\u2122\u2191\u2193\u2212]+/gu

/** The text in letters that a picture has; for the others its renderer would ask a server of fonts. */
export const drawable = (text: string): string => text.replace(/\s+/gu, ' ').replace(foreign, '…')

const ground = (bottom: number): CardRect[] => [
  {x: 0, y: 0, ...cardSize, fill: paper},
  {x: margin, y: bottom + 20, width: cardSize.width - 2 * margin, height: 2, fill: ink},
  {x: margin, y: footY - 26, width: cardSize.width - 2 * margin, height: 1, fill: hair}
]

/** The logo: a Gaussian that the reader's line crosses. */
const brand = (): CardPath[] => {
  const stroke = (d: string, colour: string, width: number): CardPath => ({
    x: margin,
    y: footY - 12,
    scale: 1.25,
    d,
    stroke: colour,
    width,
    dashed: false
  })
  return [
    stroke('M1 11H25', yellow, 5),
    stroke('M1 19.5H25', '#8b96a0', 1),
    stroke('M2 19C8.5 19 9.2 3 13 3S17.5 19 24 19', ink, 1.6)
  ]
}

const foot = ({facts}: CardWords): CardText[] => [
  words('Density Lens', {x: margin + 42, y: footY + 11, size: 22, face: 'serif', bold: true}),
  words(facts, {x: cardSize.width - margin, y: footY + 11, size: 18, anchor: 'end', fill: ink3})
]

const hueOf = (head: number): string => headHues.light[head % headHues.light.length]!

function spineTexts({spine}: FigureMarks, at: Pen): CardText[] {
  const heads = spine.heads.flatMap(({head, name, over}) =>
    name
      ? [
          words(name.text, {
            x: at.x(name.x),
            y: at.y(name.y),
            size: name.size * at.zoom,
            anchor: over ? 'start' : 'end',
            fill: hueOf(head),
            face: 'serif',
            bold: true
          }),
          ...(over ? [words('Head', {x: margin, y: at.y(over.y), size: 11 * at.zoom, fill: ink3})] : [])
        ]
      : []
  )
  const layers = spine.numbers.flatMap(({says, x, y, size, text}) =>
    says ? [words(text, {x: at.x(x), y: at.y(y), size: size * at.zoom, anchor: 'end', bold: true})] : []
  )
  return [...heads, ...layers]
}

const spineRects = ({spine, layout}: FigureMarks, at: Pen): CardRect[] => [
  ...spine.hairs.map(({y}) => ({
    x: at.x(spine.hairX),
    y: at.y(y) - 0.5,
    width: (layout.width - spine.hairX) * at.zoom,
    height: 1,
    fill: hair
  })),
  ...spine.heads.map(({head, x, y, height}) => ({
    x: at.x(x),
    y: at.y(y),
    width: 4 * at.zoom,
    height: height * at.zoom,
    fill: hueOf(head)
  }))
]

function rankTexts({importance, layout}: FigureMarks, at: Pen): CardText[] {
  const left = placeOf(layout, 'a')?.panel.x ?? 0
  const number = ({x, y, size, text, anchor}: RowNumber, bold: boolean, fill: string) =>
    words(text, {x: at.x(left + x), y: at.y(y), size: size * at.zoom, anchor, bold, fill})
  const tie = importance?.shared ? [number(importance.shared.text, true, ink)] : []
  const own = (importance?.rows ?? []).flatMap(({says, rank, untrainedRank, value}) => {
    if (!says) return []
    return [
      ...(rank ? [number(rank, true, ink)] : []),
      ...(untrainedRank ? [number(untrainedRank, untrainedRank.outside, untrainedRank.outside ? ink : ink3)] : []),
      number(value, true, ink)
    ]
  })
  return [...tie, ...own]
}

function barRects({importance, layout}: FigureMarks, at: Pen): CardRect[] {
  const left = placeOf(layout, 'a')?.panel.x ?? 0
  const bar = ({x, y, width, height}: {x: number; y: number; width: number; height: number}, fill: string) => ({
    x: at.x(left + x),
    y: at.y(y),
    width: Math.max(1, width * at.zoom),
    height: Math.max(1, height * at.zoom),
    fill
  })
  const across = (y: number, [from, to]: readonly [number, number], fill: string) =>
    bar({x: Math.min(from, to), y: y - 0.6, width: Math.abs(to - from), height: 1.2}, fill)
  const own = (importance?.rows ?? []).flatMap(({head, trained, untrained, whisker, connector, says}) => [
    ...(connector && says ? [across(connector.y, [connector.x0, connector.x1], '#c3cad0')] : []),
    bar(trained, hueOf(head)),
    ...(untrained ? [bar(untrained, grey)] : []),
    ...(whisker ? [across(whisker.y, whisker.inner, paper), across(whisker.y, whisker.outer, ink)] : [])
  ])
  if (!importance?.shared) return own
  const {band, bracket} = importance.shared
  return [
    ...(band ? [bar(band, '#e5e8eb')] : []),
    bar({x: bracket.x, y: bracket.y0, width: 1, height: bracket.y1 - bracket.y0}, '#8b96a0'),
    ...own
  ]
}

/** The line over the figure: what stands under it. */
function captions(explanation: Explanation, marks: FigureMarks, at: Pen): CardText[] {
  const y = at.top - 13
  const caption = (text: string, x: number, anchor: Caption['anchor'] = 'start') =>
    words(text, {x, y, size: 17, fill: ink3, anchor})
  const place = (letter: PanelLetter) => placeOf(marks.layout, letter)?.panel
  const [bars, map, gaussians] = [place('a'), place('c'), place('d')]
  const texts: CardText[] = []
  const row = explanation.axes?.rowName
  if (row) texts.push(caption(capital(row), at.x(marks.spine.caption.x), 'end'))
  if (bars && marks.importance) {
    const key = keyPlace(marks, at)
    texts.push(caption('Rank', at.x(bars.x + 12), 'middle'))
    texts.push(caption(importanceName(explanation).short, at.x(bars.x + bars.frame.width), 'end'))
    if (key) texts.push(caption('trained', key + 30), caption('untrained', key + 122))
  }
  if (map && marks.heatmap?.legend) {
    const {text, low, high} = marks.heatmap.legend
    const {x, right} = rampPlace(marks, at)!
    texts.push(caption(capital(text), at.x(map.x)))
    texts.push(caption(low, x - 8, 'end'), caption(high, right, 'end'))
  }
  if (gaussians && marks.gaussians?.blocks.length) {
    texts.push(caption('Gaussians of each head, and before training', at.x(gaussians.x)))
  }
  return texts
}

/** Where the key of the twins begins; null while there are none. */
function keyPlace({importance, layout}: FigureMarks, at: Pen): number | null {
  const place = placeOf(layout, 'a')?.panel
  const twins = importance?.rows.some(({untrained}) => untrained !== null)
  return place && twins ? at.x(place.x + importance!.dottedX[0]) : null
}

function keyRects(marks: FigureMarks, at: Pen): CardRect[] {
  const {top} = at
  const key = keyPlace(marks, at)
  const first = marks.importance?.rows[0]?.head ?? 0
  const twins =
    key === null
      ? []
      : [
          {x: key, y: top - 24, width: 22, height: 9, fill: hueOf(first)},
          {x: key + 92, y: top - 22, width: 22, height: 6, fill: grey}
        ]
  const ramp = rampPlace(marks, at)
  if (!ramp) return twins
  const {stops} = marks.heatmap!.legend!
  const step = rampWidth / stops.length
  return [
    ...twins,
    ...stops.map((fill, i) => ({x: ramp.x + i * step, y: top - 25, width: step + 0.5, height: 12, fill}))
  ]
}

const rampWidth = 140

/** Where the colour scale begins, and where its upper end is written; null without a map. */
function rampPlace({heatmap, layout}: FigureMarks, at: Pen): {readonly x: number; readonly right: number} | null {
  const map = placeOf(layout, 'c')?.panel
  if (!map || !heatmap?.legend) return null
  const right = at.x(map.x + map.frame.width)
  return {x: right - heatmap.legend.high.length * 8.6 - 8 - rampWidth, right}
}

function mapOf({heatmap, layout}: FigureMarks, {x, top, zoom}: Pen): Card['map'] {
  const place = placeOf(layout, 'c')?.panel
  if (!place || !heatmap?.cells) return null
  return {x: x(place.x), y: top, bitmap: bitmap(heatmap, zoom)}
}

/** Of a checkpoint alone: each head's curve, and the one it began with. */
function curves({gaussians, layout}: FigureMarks, at: Pen): CardPath[] {
  const place = placeOf(layout, 'd')?.panel
  if (!place) return []
  return (gaussians?.blocks ?? []).flatMap(({head, mean, initial}) => {
    const path = (d: string, stroke: string, width: number, dashed: boolean): CardPath => ({
      x: at.x(place.x),
      y: at.y(0),
      scale: at.zoom,
      d,
      stroke,
      width,
      dashed
    })
    return [path(initial, ink3, 1, true), ...(mean ? [path(mean, hueOf(head), 2, false)] : [])]
  })
}
