/** How far a finger has gone since it came down, px. */
export interface Gone {
  readonly x: number
  readonly y: number
}

/** What a finger that goes across does, where one that goes up or down scrolls the page. */
export const isAcross = ({x, y}: Gone): boolean => Math.abs(x) > Math.abs(y)

/**
 * Holds the page while a finger drags over `surface`: from the movement on of which `drags` says so, and to its end.
 * A finger that lifts in full swing would else set the page gliding, also where it may not scroll it, and browsers take
 * the next tap for a hand that stops the gliding: no click comes of it.
 */
export function holdPage(
  surface: HTMLElement,
  drags: (gone: Gone) => boolean = () => true,
  {signal}: {readonly signal?: AbortSignal} = {}
): void {
  const options = signal ? {signal} : {}
  let from: Touch | undefined
  let held = false
  const begin = ({touches}: TouchEvent) => {
    from = touches[0]
    held = false
  }
  const move = (event: TouchEvent) => {
    const [now] = event.touches
    if (from && now) held ||= drags({x: now.clientX - from.clientX, y: now.clientY - from.clientY})
    if (held && event.cancelable) event.preventDefault()
  }
  surface.addEventListener('touchstart', begin, {...options, passive: true})
  surface.addEventListener('touchmove', move, {...options, passive: false})
}
