import {select} from 'd3'
import {round} from '@/lib/draw/round'
import type {MapKind, PanelLetter} from '@/lib/views/frame'
import type {PanelHead} from '@/lib/views/panelHeads'

/** What the controls in the panel heads do. */
export interface HeadHandlers {
  readonly onMap?: (map: MapKind) => void
  /** Enlarges a panel, or with null gives the figure back to all of them. */
  readonly onEnlarge?: (panel: PanelLetter | null) => void
  /** Shows what training changed in the Gaussians, or the Gaussians. */
  readonly onDifference?: (difference: boolean) => void
}

/** Draws rule, letter, name and gloss of every panel: part of the picture, so that an exported one has them too. */
export function drawHeads(g: SVGGElement, heads: readonly PanelHead[]): void {
  const head = select(g)
    .selectAll<SVGGElement, PanelHead>('g.panel-head')
    .data(heads, (d) => d.letter)
    .join((enter) => {
      const entered = enter.append('g').attr('class', 'panel-head')
      entered.append('rect').attr('height', 1.5)
      const text = entered.append('text').attr('y', 18)
      text.append('tspan').attr('class', 'panel-letter')
      text.append('tspan').attr('class', 'panel-name').attr('dx', 7)
      text.append('tspan').attr('class', 'panel-gloss').attr('dx', 7)
      return entered
    })
    .attr('transform', (d) => `translate(${round(d.x)},${round(d.y)})`)
  head.select('rect').attr('width', (d) => round(d.width))
  head.select('tspan.panel-letter').text((d) => d.letter)
  head.select('tspan.panel-name').text((d) => d.name)
  head.select('tspan.panel-gloss').text((d) => d.gloss)
}

/** Draws the controls over the heads: buttons, so that hands and keys both reach them. */
export function drawControls(host: HTMLElement, heads: readonly PanelHead[], handlers: HeadHandlers): void {
  const group = select(host)
    .selectAll<HTMLDivElement, PanelHead>('div.panel-controls')
    .data(
      heads.filter(({controls}) => controls),
      (d) => d.letter
    )
    .join((enter) => {
      const entered = enter.append('div').attr('class', 'panel-controls')
      entered.append('div').attr('class', 'map-switch').attr('role', 'group').attr('aria-label', 'The heatmap shows')
      entered.append('button').attr('class', 'enlarge').attr('type', 'button')
      return entered
    })
    .attr('data-letter', (d) => d.letter)
    .style('left', (d) => `${round(d.x + d.width)}px`)
    .style('top', (d) => `${round(d.y)}px`)
  group
    .select<HTMLDivElement>('div.map-switch')
    .attr('hidden', (d) => (d.maps.length > 0 ? null : ''))
    .selectAll<HTMLButtonElement, PanelHead['maps'][number]>('button')
    .data((d) => d.maps)
    .join('button')
    .attr('type', 'button')
    .attr('data-map', (d) => d.kind)
    .attr('aria-pressed', (d) => String(d.chosen))
    .property('disabled', (d) => !d.can)
    .text((d) => d.name)
    .on('click', (_, d) => handlers.onMap?.(d.kind))
  group
    .select<HTMLButtonElement>('button.enlarge')
    .attr('aria-label', (d) => (d.enlarged ? 'Back to all panels' : `Enlarge panel ${d.letter}, ${d.name}`))
    .attr('title', (d) => (d.enlarged ? 'Back to all panels (Esc)' : 'Enlarge'))
    .attr('aria-expanded', (d) => String(d.enlarged))
    .on('click', (_, d) => handlers.onEnlarge?.(d.enlarged ? null : d.letter))
  select(host)
    .selectAll<HTMLButtonElement, PanelHead>('button.difference')
    .data(heads.filter(({difference}) => difference !== null))
    .join('button')
    .attr('type', 'button')
    .attr('class', 'difference')
    .attr('aria-label', (d) => d.difference!.label)
    .attr('title', (d) => d.difference!.label)
    .attr('aria-pressed', (d) => String(d.difference!.pressed))
    .style('left', (d) => `${round(d.x + d.width)}px`)
    .style('top', (d) => `${round(d.difference!.y)}px`)
    .text((d) => d.difference!.text)
    .on('click', (_, d) => handlers.onDifference?.(!d.difference!.pressed))
}
