import {readFile} from 'node:fs/promises'
import {describe, expect, it} from 'vitest'
import {figurePage} from '@/bin/page/page'
import {figureSvg} from '@/lib/draw/exportSvg'
import type {Explanation} from '@/lib/explain/explanation'
import {exportLabel} from '@/lib/share/exportLabel'
import {exportFigure} from '@/lib/views/exportFigure'
import {exportPlane} from '@/lib/views/exportPlane'
import {exportSheet} from '@/lib/views/exportSheet'
import {planeAxes, planeScene} from '@/lib/views/plane'
import {svgLines} from '../../draw/svgLines'
import {syntheticExplanation} from '../../fixtures/explanations'
import {points, spectrograms} from '../../fixtures/planes'

const date = new Date('2026-01-02T10:00:00Z')
const atRest = {
  order: 'model',
  map: 'density',
  pinned: null,
  pinnedFeature: null,
  solo: null,
  enlarged: null,
  window: null,
  rowWindow: null
} as const

/** Chromium's own picture, kept by test/draw/exportSvg.browser.ts. */
const chromium = (name: string) => readFile(new URL(`../../output/${name}.svg`, import.meta.url), 'utf8')

function planeOf(explanation: Explanation, width: number) {
  const scene = planeScene(planeAxes(explanation)!, explanation.density!, {theme: 'light', picture: null})!
  const asked = {row: 1, inputs: 8, column: null, own: 'input 1', pictured: null, points, question: null}
  return exportPlane(scene, asked, width)
}

describe('a page in memory draws, letter by letter, what Chromium draws', () => {
  it('of density attention with a row held', async () => {
    const explanation = await syntheticExplanation({features: 12, inputs: 6, resamples: 40, trained: 3})
    const label = exportLabel(explanation, {date})
    const figure = exportFigure(explanation, {...atRest, pinned: 4})
    const sheet = exportSheet(label, figure.marks.layout)
    const svg = figureSvg(await figurePage(), {...figure, label, sheet, mapScale: 2})
    expect(svgLines(svg)).toBe(await chromium('export-12'))
  })

  it('of attention on the input with measures and sampling points', async () => {
    const explanation = await spectrograms()
    const label = exportLabel(explanation, {date})
    const figure = exportFigure(explanation, atRest)
    const plane = planeOf(explanation, figure.marks.layout.width)
    const sheet = exportSheet(label, figure.marks.layout, plane)
    const svg = figureSvg(await figurePage(), {...figure, label, sheet, plane, mapScale: 2})
    expect(svgLines(svg)).toBe(await chromium('export-plane'))
  })
})
