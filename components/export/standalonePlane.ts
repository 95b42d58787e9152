import {openPlane} from '@/components/plane/openPlane'
import type {Theme} from '@/lib/core/colour'
import type {Explanation} from '@/lib/explain/explanation'
import type {LensStore} from '@/lib/state/lens'
import {planeAxes, planeScene} from '@/lib/views/plane'
import type {PlaneSpan} from '@/lib/views/planeSpan'

/**
 * The mean attention on its places, alive as in the app, in the place that an exported page has for it. Gives the way to
 * draw it in a theme; for maps whose columns are features that draws nothing.
 */
export function standalonePlane(explanation: Explanation, lens: LensStore): (theme: Theme) => void {
  const root = document.querySelector<HTMLElement>('.plane-panel')
  const axes = planeAxes(explanation)
  const {density} = explanation
  if (!root || !axes || !density) return () => {}
  const first = explanation.layers.find(({rank}) => rank === 1)?.layer ?? 0
  let span: PlaneSpan | null = null
  let theme: Theme = 'light'
  const draw = () => {
    const scene = planeScene(axes, density, {theme, picture: null})
    root.hidden = scene === null
    if (scene) plane.show({scene, input: null, words: null, first, points: null, sampled: null, span})
  }
  const onSpan = (brushed: PlaneSpan | null) => {
    span = brushed
    draw()
  }
  // No sound travels in the file.
  const plane = openPlane(root, lens, {onSpan, onPlay: () => {}})
  return (now) => {
    theme = now
    draw()
  }
}
