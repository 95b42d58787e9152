import {select} from 'd3'
import type {PointReading} from '@/lib/views/rowReading'

/** Shows what is pointed at beside that point (px in `host`), or takes the tooltip away. */
export function drawTip(
  host: HTMLElement,
  tip: {readonly reading: PointReading; readonly x: number; readonly y: number} | null
): void {
  const box = select(host)
    .selectAll<HTMLDivElement, PointReading>('div.tip')
    .data(tip ? [tip.reading] : [])
    .join((enter) => {
      const entered = enter.append('div').attr('class', 'tip').attr('aria-hidden', 'true')
      entered.append('strong')
      entered.append('dl')
      return entered
    })
  box.select('strong').text((d) => d.title)
  const line = box
    .select('dl')
    .selectAll<HTMLDivElement, PointReading['rows'][number]>('div')
    .data((d) => d.rows)
    .join((enter) => {
      const entered = enter.append('div')
      entered.append('dt')
      entered.append('dd')
      return entered
    })
  line.select('dt').text((d) => d.label)
  line.select('dd').text((d) => d.value)
  const element = box.node()
  if (element && tip) place(element, host, tip)
}

// Up and to the right of the point; to the left of it where the figure ends, below where the window does.
function place(tip: HTMLElement, host: HTMLElement, {x, y}: {readonly x: number; readonly y: number}): void {
  const {width, height} = tip.getBoundingClientRect()
  const right = x + 14 + width <= host.clientWidth
  const above = y - height - 10 + host.getBoundingClientRect().top >= 0
  tip.style.left = `${Math.max(0, Math.round(right ? x + 14 : x - 14 - width))}px`
  tip.style.top = `${Math.round(above ? y - height - 10 : y + 18)}px`
}
