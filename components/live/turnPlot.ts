import type {LiveStreamStore} from '@/lib/state/liveStream'

/** Opened by hand, the plot is also to be seen, and its script may be on its way. */
let wanted = false

/** Opens the plot and brings it into sight; puts it away once it is in sight. */
export function turnPlot(stream: LiveStreamStore): void {
  const {shown, show} = stream.getState()
  const plot = document.querySelector('.live-plot')
  if (shown && plot && plot.getBoundingClientRect().top < window.innerHeight - 120) {
    show(false)
    return
  }
  wanted = true
  show(true)
  if (plot) bringIntoSight(plot)
}

/** Scrolls to a plot that someone asked for; one that opened by itself moves nothing under the reader's hands. */
export function bringIntoSight(plot: Element): void {
  if (!wanted) return
  wanted = false
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  plot.scrollIntoView({block: 'end', behavior: still ? 'instant' : 'smooth'})
}
