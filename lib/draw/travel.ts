import {type FigureLayout, layoutBetween} from '@/lib/views/layout'

const travelMs = 240

/**
 * Lets the rows travel from one layout to another: `paint` is called with every layout on the way, the last one
 * included, so that all panels keep one clock. A journey that begins while another is under way replaces it.
 */
export function travel(
  root: HTMLElement,
  from: FigureLayout,
  to: FigureLayout,
  paint: (layout: FigureLayout) => void
): void {
  stay(root)
  const began = performance.now()
  const step = () => {
    const t = Math.min(1, (performance.now() - began) / travelMs)
    paint(layoutBetween(from, to, easeOut(t)))
    if (t < 1) underWay.set(root, requestAnimationFrame(step))
    else underWay.delete(root)
  }
  underWay.set(root, requestAnimationFrame(step))
}

/** The next frame of each journey. */
const underWay = new WeakMap<HTMLElement, number>()

/** Stays where it is: whatever journey was under way is over. */
export function stay(root: HTMLElement): void {
  const frame = underWay.get(root)
  if (frame !== undefined) cancelAnimationFrame(frame)
  underWay.delete(root)
}

/** The curve cubic-bezier(.2, 0, 0, 1) of style sheets: t from 0 to 1 to progress, by bisection on the curve's x. */
export function easeOut(t: number): number {
  if (t <= 0 || t >= 1) return Math.max(0, Math.min(1, t))
  let [low, high] = [0, 1]
  for (let i = 0; i < 24; i++) {
    const s = (low + high) / 2
    if (bezier(s, 0.2, 0) < t) low = s
    else high = s
  }
  return bezier((low + high) / 2, 0, 1)
}

const bezier = (s: number, first: number, second: number): number =>
  3 * (1 - s) ** 2 * s * first + 3 * (1 - s) * s ** 2 * second + s ** 3
