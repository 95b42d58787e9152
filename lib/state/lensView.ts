import type {Explanation} from '@/lib/explain/explanation'
import type {SharedView} from '@/lib/share/sharedView'
import type {Lens} from './lens'

/** What of the lens travels with an explanation. */
export function viewOf(lens: Lens): SharedView {
  const {order, map, pinned, pinnedFeature, solo, enlarged, window, rowWindow, sample} = lens
  return {order, map, pinned, pinnedFeature, solo, enlarged, window, rowWindow, sample}
}

/** A view as the lens takes it; what points beyond the explanation points at nothing, or at its first input. */
export function lensOf(view: SharedView, {layers, axes, samples}: Explanation): SharedView {
  const within = (place: number | null, count: number) => (place !== null && place < count ? place : null)
  const pinned = within(view.pinned, layers.length)
  return {
    ...view,
    pinned,
    pinnedFeature: pinned === null ? null : within(view.pinnedFeature, axes?.cols ?? 0),
    solo: within(view.solo, layers.length),
    sample: within(view.sample ?? null, samples.length) ?? within(0, samples.length)
  }
}
