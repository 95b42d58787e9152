import type {PlaneLegend} from '@/lib/views/plane'

/** Writes both ends of a scale into `root` with its colours between them. The same twice changes nothing. */
export function drawPlaneLegend(root: HTMLElement, {low, high, unit, stops}: PlaneLegend): void {
  const {ownerDocument} = root
  const part = (className: string, text = '') =>
    Object.assign(ownerDocument.createElement('span'), {className, textContent: text})
  const ramp = part('plane-ramp')
  ramp.style.backgroundImage = `linear-gradient(to right, ${stops.join(', ')})`
  root.replaceChildren(part('plane-low', low), ramp, part('plane-high', `${high} ${unit}`))
}
