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
  const fade = was.animate({opacity: [1, 0]}, {duration: fadeMs, easing: 'cubic-bezier(.65, 0, .35, 1)'})
  fade.onfinish = () => was.remove()
}
