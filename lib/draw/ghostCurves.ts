import {select} from 'd3'
import {headHue} from '@/lib/core/colour'
import type {GaussianBlock} from '@/lib/views/gaussians'
import type {GhostCurve} from '@/lib/views/ghostCurves'

/** Draws what was there before an edit into the blocks of panel d. The same curves twice change nothing. */
export function drawGhostCurves(root: HTMLElement, curves: readonly GhostCurve[]): void {
  select(root)
    .selectAll<SVGSVGElement, GaussianBlock>('g.panel[data-letter="d"] > svg.block')
    .select<SVGGElement>('g.ghosts')
    .attr('stroke', (d) => headHue(d.head))
    .selectAll<SVGPathElement, {readonly kind: string; readonly path: string}>('path')
    .data((d) => {
      const own = curves.filter(({block}) => block === d.key)
      const some = own.flatMap(({now, ghost}) => [
        {kind: 'ghost', path: ghost},
        {kind: 'set-mean', path: now}
      ])
      return some.filter((one): one is {kind: string; path: string} => one.path !== null)
    })
    .join('path')
    .attr('class', (d) => d.kind)
    .attr('d', (d) => d.path)
}
