import {type BaseType, type Selection, select} from 'd3'
import {headHue} from '@/lib/core/colour'
import {drawAbsent} from '@/lib/draw/absent'
import {drawAxis} from '@/lib/draw/axis'
import {drawDotted} from '@/lib/draw/dotted'
import {round} from '@/lib/draw/round'
import {drawCaptions, drawRowNumber} from '@/lib/draw/words'
import type {Bar, ImportanceKey, ImportancePanel, ImportanceRow, SharedRank, Whisker} from '@/lib/views/importancePanel'

type Rows = Selection<SVGGElement, ImportanceRow, BaseType, unknown>

/** Draws panel a into `g`. Calling it again with the same marks changes nothing. */
export function drawImportance(g: SVGGElement, marks: ImportancePanel): void {
  drawShared(g, marks.shared)
  drawGrid(g, marks)
  drawKeys(g, marks.keys, marks.keyY)
  drawCaptions(g, marks.captions)
  drawDotted(g, marks.dotted, marks.dottedX)
  const rows: Rows = select<SVGGElement, unknown>(g)
    .selectAll<SVGGElement, ImportanceRow>('g.row')
    .data(marks.rows, (d) => d.layer)
    .join((enter) => enter.append('g').attr('class', 'row'))
    .attr('data-layer', (d) => d.layer)
  drawBars(rows)
  drawRanks(rows)
  drawRowNumber(rows, 'value', (d) => (d.says ? [d.value] : []))
  drawRowNumber(rows, 'more', (d) => (d.says ? d.more : []))
  drawNames(rows)
  drawAbsent(g, marks.absent)
  drawAxis(g, marks.axis)
}

// What all rows have in common: their interval behind everything, and a bracket that says that they tie.
function drawShared(g: SVGGElement, shared: SharedRank | null): void {
  const band = select(g)
    .selectAll<SVGRectElement, Bar>(':scope > rect.shared-interval')
    .data(shared?.band ? [shared.band] : [])
    .join((enter) => enter.insert('rect', ':first-child').attr('class', 'shared-interval'))
  placeBars(band)
  const tie = select(g)
    .selectAll<SVGGElement, SharedRank>(':scope > g.shared-rank')
    .data(shared ? [shared] : [])
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'shared-rank')
      entered.append('path')
      return entered
    })
  tie.select('path').attr('d', ({bracket: {x, y0, y1}}) => `M${round(x - 3)} ${round(y0)}h3V${round(y1)}h-3`)
  drawRowNumber(tie, 'rank', ({text}) => [text])
}

function placeBars<P extends BaseType, Q>(bars: Selection<SVGRectElement, Bar, P, Q>): void {
  bars
    .attr('x', (d) => round(d.x))
    .attr('y', (d) => round(d.y))
    .attr('width', (d) => round(d.width))
    .attr('height', (d) => round(d.height))
}

function drawGrid(g: SVGGElement, {gridlines, height}: ImportancePanel): void {
  select(g)
    .selectAll('line.grid')
    .data(gridlines)
    .join((enter) => enter.insert('line', ':first-child').attr('class', 'grid'))
    .attr('x1', round)
    .attr('x2', round)
    .attr('y1', -3)
    .attr('y2', round(height))
}

function drawBars(rows: Rows): void {
  const bars = (name: string, pick: (d: ImportanceRow) => Bar | null) =>
    placeBars(
      rows
        .selectAll<SVGRectElement, Bar>(`rect.${name}`)
        .data((d) => [pick(d)].filter((bar) => bar !== null))
        .join((enter) => enter.append('rect').attr('class', name))
    )
  bars('trained', (d) => d.trained)
  rows.select('rect.trained').attr('fill', (d) => headHue(d.head))
  bars('untrained', (d) => d.untrained)
  const whisker = (name: string, pick: (d: Whisker) => readonly [number, number]) =>
    rows
      .selectAll<SVGLineElement, Whisker>(`line.${name}`)
      .data((d) => (d.whisker ? [d.whisker] : []))
      .join((enter) => enter.append('line').attr('class', `whisker ${name}`))
      .attr('x1', (d) => round(pick(d)[0]))
      .attr('x2', (d) => round(pick(d)[1]))
      .attr('y1', (d) => round(d.y))
      .attr('y2', (d) => round(d.y))
  whisker('inner', (d) => d.inner)
  whisker('outer', (d) => d.outer)
}

function drawRanks(rows: Rows): void {
  drawRowNumber(rows, 'rank', (d) => (d.says && d.rank ? [d.rank] : []))
  drawRowNumber(rows, 'rank-untrained', (d) => (d.says && d.untrainedRank ? [d.untrainedRank] : []))
  rows.select('text.rank-untrained').classed('outside', (d) => d.untrainedRank?.outside === true)
  rows
    .selectAll<SVGLineElement, ImportanceRow>('line.connector')
    .data((d) => (d.says && d.connector ? [d] : []))
    .join((enter) => enter.append('line').attr('class', 'connector'))
    .classed('outside', (d) => d.untrainedRank?.outside === true)
    .attr('x1', (d) => round(d.connector!.x0))
    .attr('x2', (d) => round(d.connector!.x1))
    .attr('y1', (d) => round(d.connector!.y))
    .attr('y2', (d) => round(d.connector!.y))
}

function drawNames(rows: Rows): void {
  const names = rows
    .selectAll<SVGGElement, ImportanceRow>('g.names')
    .data((d) => (d.names ? [d] : []))
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'names')
      entered.append('text').attr('class', 'name-trained').text('trained')
      entered.append('text').attr('class', 'name-untrained').text('untrained')
      return entered
    })
  names
    .select('text.name-trained')
    .attr('x', (d) => round(d.names!.x))
    .attr('y', (d) => round(d.names!.trainedY))
    .attr('fill', (d) => headHue(d.head))
  names
    .select('text.name-untrained')
    .attr('x', (d) => round(d.names!.x))
    .attr('y', (d) => round(d.names!.untrainedY))
}

// Small drawings of the marks themselves, with words.
function drawKeys(g: SVGGElement, keys: readonly ImportanceKey[], keyY: number): void {
  const key = select(g)
    .selectAll<SVGGElement, ImportanceKey>('g.key')
    .data(keys, (d) => d.kind)
    .join((enter) => {
      const entered = enter.append('g').attr('class', (d) => `key ${d.kind}`)
      const twins = entered.filter((d) => d.kind === 'twins')
      twins.append('rect').attr('class', 'key-trained').attr('y', -6).attr('width', 18).attr('height', 6)
      twins.append('rect').attr('class', 'untrained').attr('y', 2).attr('width', 18).attr('height', 4)
      const interval = entered.filter((d) => d.kind === 'interval')
      interval.append('rect').attr('class', 'key-trained').attr('y', -4).attr('width', 11).attr('height', 8)
      interval.append('line').attr('class', 'whisker inner').attr('x1', 3).attr('x2', 11)
      interval.append('line').attr('class', 'whisker outer').attr('x1', 11).attr('x2', 19)
      const band = entered.filter((d) => d.kind === 'band')
      band.append('rect').attr('class', 'shared-interval').attr('y', -6).attr('width', 18).attr('height', 12)
      entered.append('text').attr('y', 4)
      return entered
    })
    .attr('transform', (d) => `translate(${round(d.x)},${round(keyY)})`)
  key
    .select('text')
    .attr('x', (d) => ({twins: 24, interval: 25, band: 24, words: 0})[d.kind])
    .text((d) => d.text)
}
