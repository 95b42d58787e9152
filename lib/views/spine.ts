import {capital} from '@/lib/explain/words'
import type {FigureLayout} from '@/lib/views/layout'
import {rowBaseline, rowFontSize, spaced} from '@/lib/views/rowText'

/** The bar of one head beside its rows, and the head's name. */
export interface HeadMark {
  readonly head: number
  readonly key: string
  readonly x: number
  readonly y: number
  readonly height: number
  /** `Head` over a large number, where there is room; else `H1`, or `1`. */
  readonly over: {readonly y: number} | null
  /** Null where names would touch. */
  readonly name: {readonly x: number; readonly y: number; readonly text: string; readonly size: number} | null
}

/** A layer's number. */
export interface LayerNumber {
  readonly layer: number
  readonly x: number
  readonly y: number
  readonly size: number
  readonly text: string
  /** Left out where numbers would touch; a pinned or hovered row shows it all the same. */
  readonly says: boolean
  /** Nothing has been computed for this row yet. */
  readonly waiting: boolean
}

export interface Spine {
  readonly caption: {readonly x: number; readonly text: string}
  readonly heads: readonly HeadMark[]
  readonly numbers: readonly LayerNumber[]
  /** y of the hairline under each row. */
  readonly hairs: readonly {readonly layer: number; readonly y: number}[]
  readonly hairX: number
}

export interface SpineOptions {
  /** The map's word for a row. Default `layer`. */
  readonly rowName?: string
  /** What rows are called that stand for several layers; default their numbers. */
  readonly labels?: readonly string[]
  /** False draws neither head bars nor hairlines. Default true. */
  readonly named?: boolean
  /** Nothing has been computed yet. Default false. */
  readonly waiting?: boolean
}

/** The column that every section begins with. */
export function spine(
  layout: FigureLayout,
  {rowName = 'layer', labels = [], named = true, waiting = false}: SpineOptions = {}
): Spine {
  const size = rowFontSize(layout.rowHeight)
  const saying = sayingRows(layout)
  return {
    caption: {x: layout.spine.numberX, text: layout.known ? capital(rowName) + (labels.length > 0 ? 's' : '') : ''},
    heads: named ? headMarks(layout, saying) : [],
    numbers: layout.known
      ? layout.rows.map((row) => ({
          layer: row.layer,
          x: layout.spine.numberX,
          y: rowBaseline(row, size),
          size,
          // Merged rows bear the first of their layers: more would not fit beside the bar.
          text: labels[row.layer]?.split('–')[0] ?? String(row.layer + 1),
          says: saying.has(row.layer),
          waiting
        }))
      : [],
    hairs: named ? layout.rows.map(({layer, y, height}) => ({layer, y: y + height})) : [],
    hairX: layout.spine.barX + 2
  }
}

function headMarks(
  {blocks, spine: {barX}, form, modelOrder, rowHeight}: FigureLayout,
  saying: ReadonlySet<number>
): HeadMark[] {
  const wide = form === 'wide'
  const size = modelOrder ? 13 : rowFontSize(rowHeight)
  return blocks.map((block, i) => {
    const bar = modelOrder ? block : {y: block.y + 1, height: Math.max(2, block.height - 3)}
    const large = wide && modelOrder && block.height >= 50
    const middle = block.y + block.height / 2 + size * 0.36
    return {
      head: block.head,
      key: modelOrder ? `head ${i}` : `layer ${block.rows[0]!.layer}`,
      x: barX,
      y: bar.y,
      height: bar.height,
      over: large ? {y: block.y + 11} : null,
      name:
        modelOrder || saying.has(block.rows[0]!.layer)
          ? {
              x: large ? 0 : wide ? barX - 6 : barX - 5,
              y: large ? block.y + 33 : middle,
              text: large || !wide ? String(block.head + 1) : `H${block.head + 1}`,
              size: large ? 23 : size
            }
          : null
    }
  })
}

// Small rows keep the numbers at both ends of a head, or what fits of a sorted order.
function sayingRows(layout: FigureLayout): ReadonlySet<number> {
  const {rows, blocks, density, modelOrder} = layout
  if (density !== 'small') return new Set(rows.map(({layer}) => layer))
  const ends = modelOrder ? blocks.flatMap(({rows: own}) => (own.length > 1 ? [own[0]!, own.at(-1)!] : own)) : rows
  return new Set(spaced(ends).map(({layer}) => layer))
}
