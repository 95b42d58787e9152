type Zoom = typeof import('./mapZoom')

let zoom: Zoom | null = null
/** What is to be taken hold of once the script is here; of each element the last. */
const waiting = new Map<Element, (zoom: Zoom) => void>()

/** Fetches the script of wheel, fingers and strips. */
export async function loadMapZoom(): Promise<void> {
  zoom ??= await import('./mapZoom')
  for (const take of waiting.values()) take(zoom)
  waiting.clear()
}

/** Takes hold of an element: now when the script is here, else when it has come, behind what is being drawn. */
export function whenZoomable(element: Element, take: (zoom: Zoom) => void): void {
  if (zoom) {
    take(zoom)
    return
  }
  if (waiting.size === 0) setTimeout(() => loadMapZoom().catch(() => waiting.clear()))
  waiting.set(element, take)
}
