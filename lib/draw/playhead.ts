import {select} from 'd3'

/** Moves a line across the brushed span of a tile in so many seconds, as it is heard. Returns how to take it away. */
export function drawPlayhead(layer: SVGGElement, seconds: number): () => void {
  const span = select(layer).select<SVGRectElement>(':scope > rect.plane-span')
  if (span.empty()) return () => {}
  const from = Number(span.attr('x'))
  const head = select(layer)
    .append('line')
    .attr('class', 'plane-head')
    .attr('x1', from)
    .attr('x2', from)
    .attr('y2', span.attr('height'))
  const to = `translateX(${span.attr('width')}px)`
  head.node()!.animate({transform: ['translateX(0)', to]}, {duration: 1000 * seconds, fill: 'forwards'})
  return () => void head.remove()
}
