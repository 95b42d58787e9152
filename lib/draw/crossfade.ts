import {select} from 'd3'

const fadeMs = 120

/** Lets the map as it is now fade over the one that is about to be drawn. */
export function crossfade(root: HTMLElement): void {
  const canvas = root.querySelector<HTMLCanvasElement>('canvas.figure-map')
  if (canvas === null || canvas.hidden || canvas.width === 0) return
  root.querySelector('canvas.figure-map-was')?.remove()
  const was = canvas.cloneNode() as HTMLCanvasElement
  was.getContext('2d')?.drawImage(canvas, 0, 0)
  was.classList.add('figure-map-was')
  canvas.after(was)
  select(was).transition('fade').duration(fadeMs).style('opacity', 0).remove()
}
