import {expect, it} from 'vitest'
import {explanation as explained, type Maps} from '@/lib/explain/explain'
import type {Explanation} from '@/lib/explain/explanation'
import {figureMarks} from '@/lib/views/figure'
import {helpWords} from '@/lib/views/helpWords'
import {figureLayout} from '@/lib/views/layout'
import {figureRows} from '@/lib/views/rowOrder'
import {boards, spectrograms} from '../fixtures/planes'

/** The same checkpoint opened without inputs. */
function alone({model, provenance}: Explanation): Explanation {
  const maps: Maps = {from: 'none'}
  return explained({model, heads: [], axes: null, maps, provenance: {...provenance, inputs: []}})
}

/** Every text in some marks, wherever it stands. */
const textsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []

it.each([
  ['hop', boards],
  ['block', spectrograms]
])('a figure of %ss without inputs speaks of them and of what they need', async (_, make) => {
  const open = alone(await make())
  for (const form of ['wide', 'phone'] as const) {
    const size = {width: form === 'wide' ? 1232 : 343, height: 496}
    const layout = figureLayout(figureRows(open, 'model'), size, {form})
    const scene = {explanation: open, map: 'density', theme: 'light', partial: false, window: null, labels: []} as const
    const marks = figureMarks(scene as never, layout)
    expect(marks.heads.map(({name}) => name)).toContain('Measures')
    const {gaussians, heatmap, importance} = marks
    expect(gaussians!.remark).toBe('What is measured here needs inputs.')
    expect(gaussians!.absent.join(' ')).toBe(gaussians!.remark)
    expect(marks.signal!.absent.join(' ')).toBe('The signal is in the inputs. Add some to see it.')
    expect(importance!.absent.join(' ')).toContain('Add inputs to rank its rows.')
    expect(heatmap!.absent.join(' ')).toContain('Add inputs to compute them.')
    expect(
      textsIn([marks.heads, marks.spine, gaussians!.label, importance, heatmap, marks.label]).join('\n')
    ).not.toMatch(/Gaussian|head|[Ll]ayer/)
  }
  const {panels} = helpWords(open)
  expect(panels[3]!.slice(0, 2)).toEqual(['d', 'Measures'])
  expect(JSON.stringify(panels)).not.toMatch(/Gaussian|layer/)
  const {finding, caveats} = open
  expect(JSON.stringify([finding, caveats])).not.toMatch(/Gaussian|layer|head/)
})
