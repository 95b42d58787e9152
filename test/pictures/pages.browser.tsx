import '@fontsource-variable/source-sans-3/wght.css'
import '@fontsource-variable/source-serif-4/opsz.css'
import '@/app/styles/empty.css'
import '@/app/styles/panels.css'
import {afterEach, beforeAll, describe, expect, it} from 'vitest'
import {page} from 'vitest/browser'
import type {Explanation} from '@/lib/explain/explanation'
import {findingOf} from '@/lib/explain/finding'
import type {Session} from '@/lib/state/session'
import {renderShell} from '../components/renderShell'
import {strangeReport} from '../components/scriptedSession'
import {syntheticExplanation} from '../fixtures/explanations'

// Whole pages as a person sees them, kept in test/output/pages. The explanations are invented; the page is real.

const themes = ['light', 'dark'] as const
const windows = [
  ['wide', 1280, 800],
  ['phone', 375, 3600]
] as const
const shapes = [
  {name: '12-layers', layers: 12, features: 64, heads: 4},
  {name: '24-layers', layers: 24, features: 1024, heads: 8},
  {name: '40-layers', layers: 40, features: 5120, heads: 8}
]

const made = new Map<string, Explanation>()
beforeAll(async () => {
  for (const {name, ...shape} of shapes)
    made.set(
      name,
      await syntheticExplanation({...shape, inputs: 32, resamples: 50, classes: 4, seed: 7, learners: [1]})
    )
})
afterEach(() => page.viewport(1280, 800))

const explained = (name: string, more: Partial<Session> = {}): Partial<Session> => ({
  explanation: made.get(name)!,
  backend: {name: 'webgpu', adapter: 'adapter', software: false, reason: 'WebGPU'},
  msPerInput: 0.9,
  ...more
})

/** States of the page beside the explained one. `still` waits until everything in it stands. */
const states: Record<string, () => Partial<Session>> = {
  empty: () => ({}),
  loading: () => {
    const partial = made.get('24-layers')!
    return explained('12-layers', {
      work: {
        kind: 'working',
        name: 'iemocap-wavlm.pth',
        visible: true,
        progress: {
          phase: 'running',
          done: 20,
          total: 32,
          unit: 'inputs',
          text: '20 of 32 inputs through 8 heads',
          partial
        }
      }
    })
  },
  error: () =>
    explained('12-layers', {
      trouble: {
        title: 'No density attention in probe.pth',
        message: 'The file opened well: 38 tensors, 94.4 MB. None is called mean_offset beside a c of the same shape.',
        after: 'Your figure is unchanged.',
        report: strangeReport
      }
    }),
  saved: () => explained('12-layers', {explanation: savedOnly(made.get('12-layers')!)}),
  parameters: () => explained('12-layers', {explanation: parametersOnly(made.get('12-layers')!)})
}

const savedOnly = (explanation: Explanation): Explanation =>
  said(
    {
      ...explanation,
      nullDensity: null,
      signal: null,
      agreement: null,
      samples: [],
      layers: explanation.layers.map((layer) => ({...layer, untrained: null, interval: null, rankInterval: null})),
      heads: explanation.heads.map((head) => ({...head, offsetZ: null})),
      provenance: {...explanation.provenance, maps: 'saved', samples: 0}
    },
    10
  )

const parametersOnly = (explanation: Explanation): Explanation =>
  said(
    {
      ...savedOnly(explanation),
      density: null,
      importance: null,
      scale: null,
      scaleCell: null,
      layers: [],
      provenance: {...explanation.provenance, maps: 'none', samples: 0}
    },
    0
  )

const said = (explanation: Explanation, savedMaps: number): Explanation => ({
  ...explanation,
  finding: findingOf({...explanation, maps: explanation.provenance.maps, inputs: 0, savedMaps})
})

async function photograph(name: string, state: Partial<Session>, theme: string, width: number, height: number) {
  await page.viewport(width, height)
  document.documentElement.dataset.theme = theme
  const {lens} = await renderShell(state)
  if (state.explanation?.density) {
    lens.getState().pin(4)
    lens.getState().selectSample(0)
  }
  await document.fonts.ready
  await expect.element(page.elementLocator(document.body)).toMatchScreenshot(name)
}

describe.each(themes)('the %s page', (theme) => {
  describe.each(windows)('in a %s window', (form, width, height) => {
    it.each(shapes.map(({name}) => name))('with %s looks as it was approved', async (name) => {
      await photograph(`${name}-${form}-${theme}`, explained(name), theme, width, height)
    })

    it.each(Object.keys(states))('in the state "%s" looks as it was approved', async (name) => {
      await photograph(`${name}-${form}-${theme}`, states[name]!(), theme, width, height)
    })
  })
})
