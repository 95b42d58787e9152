import type {MapPicture} from '@/lib/models/mapCanvas'
import type {HeatmapMarks} from '@/lib/views/heatmap'
import {mapPicture} from '@/lib/views/mapPicture'

/** What of the engine draws on a canvas of the page. */
export interface MapDevice {
  takeCanvas(canvas: OffscreenCanvas): Promise<void>
  drawSample(index: number, picture: MapPicture): Promise<void>
}

/** Smaller maps are on the screen before a message has reached the worker. */
const manyCells = 1 << 20

export interface DeviceMap {
  /** Asks for a picture of one input's map; true while the device's canvas stands in for the page's own. */
  show(marks: HeatmapMarks, sample: number, place: Pick<CSSStyleDeclaration, 'left' | 'top'>): boolean
  hide(): void
}

/**
 * A canvas beside `own` that the worker draws large maps of single inputs on, from the device they lie on. `own` is
 * shown until the first picture has come, and for good once the device has refused one: then `refused` is called.
 */
export function deviceMap(
  own: () => HTMLCanvasElement | null,
  device: () => MapDevice | null,
  refused: () => void
): DeviceMap {
  let canvas: HTMLCanvasElement | null = null
  let given: Promise<void> | null = null
  let failed = false
  /** The input whose map is on the canvas. */
  let shown: number | null = null
  let next: (() => Promise<void>) | null = null
  let drawing = false

  const stand = (standing: boolean) => {
    const page = own()
    if (canvas) canvas.hidden = !standing
    if (page) page.style.visibility = standing ? 'hidden' : ''
  }
  const give = (to: MapDevice, page: HTMLCanvasElement): Promise<void> => {
    canvas = page.ownerDocument.createElement('canvas')
    canvas.className = 'figure-map device-map'
    canvas.hidden = true
    canvas.setAttribute('aria-hidden', 'true')
    page.after(canvas)
    return to.takeCanvas(canvas.transferControlToOffscreen())
  }
  // While one picture is drawn only the last that was asked for waits.
  const run = async () => {
    if (drawing) return
    drawing = true
    try {
      while (next) {
        const work = next
        next = null
        await work()
      }
    } catch {
      failed = true
      next = null
      shown = null
      stand(false)
      refused()
    } finally {
      drawing = false
    }
  }
  return {
    show: (marks, sample, {left, top}) => {
      const [to, page] = [device(), own()]
      const picture = mapPicture(marks, window.devicePixelRatio)
      const large = (marks.cells?.map.values.length ?? 0) >= manyCells
      if (failed || to === null || page === null || picture === null || !large) {
        shown = null
        next = null
        stand(false)
        return false
      }
      given ??= give(to, page)
      next = async () => {
        await given
        await to.drawSample(sample, picture)
        if (canvas === null) return
        Object.assign(canvas.style, {left, top, width: `${marks.width}px`, height: `${marks.height}px`})
        shown = sample
        stand(true)
      }
      void run()
      return shown === sample
    },
    hide: () => {
      shown = null
      next = null
      stand(false)
    }
  }
}
