import {type Inks, inksOf} from '@/lib/draw/exportInks'
import {planeGroup} from '@/lib/draw/exportPlane'
import {drawFigure, drawReaderMarks} from '@/lib/draw/figure'
import {round} from '@/lib/draw/round'
import {child, pngAddress, svgElement} from '@/lib/draw/svgElement'
import {bitmap} from '@/lib/views/bitmap'
import type {ExportPlane} from '@/lib/views/exportPlane'
import type {ExportLabel, ExportSheet, SheetText} from '@/lib/views/exportSheet'
import type {FigureMarks} from '@/lib/views/figure'
import {placeOf} from '@/lib/views/layout'
import type {Reader} from '@/lib/views/readerMarks'

export interface SvgContent {
  readonly marks: FigureMarks
  readonly reader: Reader
  readonly label: ExportLabel
  readonly sheet: ExportSheet
  /** Attention on the input, where the map lies on one and the sheet has a place for it. */
  readonly plane?: ExportPlane | null
  /** Pixels of the heatmap to one of the figure's, at least 1. */
  readonly mapScale: number
  /** Faces to carry along, as a style sheet; none where the reader's own fonts will do. */
  readonly fonts?: string
}

const svgName = 'http://www.w3.org/2000/svg'
const faces = {
  sans: "'Source Sans 3 Beyond Latin', 'Source Sans 3 Variable', 'Source Sans 3', 'Source Sans Pro', Calibri, Carlito, Arial, 'Liberation Sans', sans-serif",
  serif: "'Source Serif 4 Variable', 'Source Serif 4', 'Source Serif Pro', Cambria, Georgia, 'Times New Roman', serif"
} as const

/**
 * The figure as one SVG file that stands alone: real text, the heatmap as a picture inside, every colour and size an
 * attribute, in the light theme whatever the page has. It is drawn out of sight in `document`, whose style sheets it
 * takes its looks from.
 */
export function figureSvg(document: Document, content: SvgContent): string {
  const {marks, reader, label, sheet, plane = null, mapScale, fonts = ''} = content
  const host = document.createElement('div')
  host.className = 'on-paper'
  host.setAttribute('aria-hidden', 'true')
  host.inert = true
  Object.assign(host.style, {position: 'fixed', left: '-10000px', top: '0', width: `${sheet.width}px`})
  const root = host.appendChild(document.createElement('div'))
  root.className = 'figure'
  document.body.append(host)
  try {
    drawFigure(root, marks, {paintsElsewhere: () => true})
    drawReaderMarks(root, marks, reader)
    const inks = inksOf(host)
    const svg = frame(document, sheet, label, inks, fonts)
    const figure = child(svg, 'g', {id: 'figure', transform: `translate(${sheet.figure.x},${sheet.figure.y})`})
    figure.append(...mapImage(document, marks, mapScale))
    for (const group of root.querySelector('svg.figure-picture')!.children) {
      const copy = plain(group, rootLook)
      if (copy) figure.append(copy)
    }
    if (plane && sheet.plane) {
      const group = planeGroup(document, plane, inks, faces.serif)
      group.setAttribute('transform', `translate(${sheet.plane.x},${sheet.plane.y})`)
      for (const text of plane.texts) writeText(group, text, inks)
      svg.append(group)
    }
    return `<?xml version="1.0" encoding="UTF-8"?>\n${readable(new XMLSerializer().serializeToString(svg))}\n`
  } finally {
    host.remove()
  }
}

/** The paper with its words, and the room for the figure. */
function frame(document: Document, sheet: ExportSheet, label: ExportLabel, inks: Inks, fonts: string): SVGElement {
  const {width, height} = sheet
  const svg = svgElement(document, 'svg', {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-labelledby': 'title desc',
    'font-family': faces.sans,
    'font-size': 12,
    fill: inks.ink2
  })
  child(svg, 'title', {id: 'title'}).textContent = label.title
  const facts = label.facts.map(([term, text]) => `${term}: ${text}`)
  child(svg, 'desc', {id: 'desc'}).textContent = [label.caveat, ...facts, ...label.caveats].join('\n')
  child(svg, 'style', {}).textContent = `${fonts}text{font-variant-numeric:tabular-nums lining-nums;white-space:pre}`
  child(svg, 'rect', {id: 'paper', width, height, fill: inks.paper})
  const words = child(svg, 'g', {id: 'words'})
  for (const {x, y, width} of sheet.rules) child(words, 'rect', {x, y, width, height: 1.5, fill: inks.ink})
  for (const text of sheet.texts) writeText(words, text, inks)
  return svg
}

function writeText(parent: SVGElement, {x, y, size, weight, face, ink, pieces}: SheetText, inks: Inks): void {
  const text = child(parent, 'text', {
    x: round(x),
    y: round(y),
    'font-size': size,
    fill: inks[ink],
    ...(weight === 400 ? {} : {'font-weight': weight}),
    ...(face === 'serif' ? {'font-family': faces.serif} : {})
  })
  if (pieces.length === 1 && !pieces[0]!.strong) text.textContent = pieces[0]!.text
  else
    for (const piece of pieces) {
      child(text, 'tspan', piece.strong ? {'font-weight': 600, fill: inks.ink} : {}).textContent = piece.text
    }
}

/** The cells as a picture, where panel c has any. */
function mapImage(document: Document, {layout, heatmap}: FigureMarks, scale: number): SVGElement[] {
  const place = placeOf(layout, 'c')
  if (!place || !heatmap?.cells) return []
  const {width, height, rgba} = bitmap(heatmap, scale)
  if (width === 0 || height === 0) return []
  const image = svgElement(document, 'image', {
    id: 'heatmap',
    x: round(place.panel.x),
    y: round(place.section.top),
    width: round(heatmap.width),
    height: round(heatmap.height),
    preserveAspectRatio: 'none',
    'image-rendering': 'pixelated',
    href: pngAddress(document, {width, height, rgba})
  })
  return [image]
}

type Look = Readonly<Record<string, string>>

/** What goes down from an element to those in it, as SVG attributes; and how a file begins. */
const rootLook: Look = {
  fill: '',
  'fill-opacity': '1',
  stroke: 'none',
  'stroke-width': '1',
  'stroke-opacity': '1',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'paint-order': 'normal',
  'shape-rendering': 'auto',
  'text-anchor': 'start',
  'font-family': faces.sans,
  'font-size': '12',
  'font-weight': '400'
}
const inherited = Object.keys(rootLook)
const drawn = 'path, rect, line, circle, text, tspan, image, stop, linearGradient, title'
/** What serves the page, or is told by the computed look. */
const pageOnly = /^(class|style|role|tabindex|display|visibility|data-.*|aria-.*)$/

/** A copy of an element with its computed look as attributes, where it differs from `above`; null for what is not seen. */
function plain(element: Element, above: Look): Element | null {
  if (element.localName === 'title') return element.textContent ? (element.cloneNode(true) as Element) : null
  const style = getComputedStyle(element)
  if (style.display === 'none' || style.visibility === 'hidden' || style.opacity === '0') return null
  const look = Object.fromEntries(inherited.map((name) => [name, written(name, style)]))
  const copy = element.ownerDocument.createElementNS(svgName, element.localName)
  for (const {name, value} of element.attributes) {
    if (!pageOnly.test(name) && !inherited.includes(name)) copy.setAttribute(name, value)
  }
  const panel = element.getAttribute('data-letter')
  if (panel) copy.setAttribute('id', `panel-${panel}`)
  if (!isPaintServer(element)) {
    for (const name of inherited) if (look[name] !== above[name]) copy.setAttribute(name, look[name]!)
    if (style.opacity !== '1') copy.setAttribute('opacity', style.opacity)
  }
  for (const inner of element.childNodes) {
    if (inner instanceof Element) {
      const found = plain(inner, look)
      if (found) copy.append(found)
    } else if (inner.textContent) copy.append(inner.textContent)
  }
  return isSeen(copy, look) ? copy : null
}

const isPaintServer = ({localName}: Element) => localName === 'stop' || localName === 'linearGradient'

/** Groups of nothing, words that say nothing, and surfaces for hands have no place in a file. */
function isSeen(copy: Element, {fill, stroke}: Look): boolean {
  if (isPaintServer(copy)) return true
  if (!copy.matches(drawn)) return copy.childElementCount > 0
  if (copy.localName === 'text') return copy.textContent !== ''
  return copy.localName === 'tspan' ? copy.textContent !== '' : fill !== 'none' || stroke !== 'none'
}

function written(name: string, style: CSSStyleDeclaration): string {
  const value = style.getPropertyValue(name)
  if (name === 'font-family') return /Serif 4/.test(value) ? faces.serif : faces.sans
  if (name === 'fill' || name === 'stroke') return colourOf(value)
  return value.replaceAll('px', '')
}

// `rgb(20, 24, 28)` → `#14181c`; a paint server's address without quotation marks, which some readers trip over.
function colourOf(value: string): string {
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(value)
  if (parts)
    return `#${parts
      .slice(1)
      .map((part) => Number(part).toString(16).padStart(2, '0'))
      .join('')}`
  return value.replaceAll('"', '')
}

// XML has no control characters at all, and no halves of a pair; direction marks would turn a text round.
const unreadable = /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu

const readable = (xml: string): string => xml.replace(unreadable, '')
