import {createRoot} from 'react-dom/client'
import {expect, it, onTestFinished, vi} from 'vitest'
import {Embed} from '@/components/embed/Embed'
import {loadAnnotate} from '@/components/figure/annotateLater'
import {decodeExplanation} from '@/lib/explain/json'
import {hashLink} from '@/lib/share/link'

// One array from first to last: another is another figure.
const panels = ['c'] as const

it('a figure in another page’s frame marks what is noted on it', async () => {
  const explanation = decodeExplanation(await (await fetch('/examples/digits/explanation.json')).text())
  const notes = [
    {at: {on: 'layer', layer: 4}, text: '<img src=x onerror=alert(1)>\u202E'} as const,
    {at: {on: 'cell', layer: 2, feature: 3}, text: 'here'} as const,
    {at: {on: 'figure'}, text: 'nowhere in particular'} as const
  ]
  const {hash} = await hashLink({explanation, notes, without: ['samples', 'nullDensity', 'signal']})
  const host = document.body.appendChild(document.createElement('div'))
  const root = createRoot(host)
  location.hash = hash
  onTestFinished(() => {
    root.unmount()
    host.remove()
    history.replaceState(null, '', location.pathname + location.search)
  })
  await loadAnnotate()
  root.render(<Embed id={null} panels={panels} />)
  const marks = () => [...host.querySelectorAll('#figure .note-mark')]
  // The cell once, the layer at its spine.
  await vi.waitFor(() => expect(marks()).toHaveLength(2), 10_000)
  expect(host.querySelector('h1')!.textContent).toBe(explanation.finding.title)
})
