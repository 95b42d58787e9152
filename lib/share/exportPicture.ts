import {figureSvg} from '@/lib/draw/exportSvg'
import type {Explanation} from '@/lib/explain/explanation'
import {visible} from '@/lib/share/visible'
import {exportFigure} from '@/lib/views/exportFigure'
import {type ExportPlane, exportedRow, exportPlane} from '@/lib/views/exportPlane'
import {type ExportLabel, exportSheet} from '@/lib/views/exportSheet'
import {planeAxes, planeScene} from '@/lib/views/plane'

/**
 * The figure at rest as one SVG file, drawn in `document` with its label: the mean, of no single input. `fonts` is a
 * style sheet of the faces that go along.
 */
export function pictureSvg(document: Document, told: Explanation, label: ExportLabel, fonts: string): string {
  const explanation = visible(told)
  const figure = exportFigure(explanation, atRest)
  const plane = planeOf(explanation, figure.marks.layout.width)
  const sheet = exportSheet(label, figure.marks.layout, plane)
  return figureSvg(document, {...figure, label, plane, sheet, mapScale: 4, fonts})
}

/** Nothing is held, and nothing is large that is not so by itself. */
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

/** The mean attention on the input, in a width of px; null for maps whose columns are features. */
function planeOf(explanation: Explanation, width: number): ExportPlane | null {
  const {density, layers, provenance} = explanation
  const axes = planeAxes(explanation)
  const scene = axes && density && planeScene(axes, density, {theme: 'light', picture: null})
  if (!scene) return null
  const row = Math.min(exportedRow(layers, {pinned: null, sampling: []}), scene.map.rows - 1)
  const ofNone = {column: null, own: null, pictured: null, points: null, question: null}
  return exportPlane(scene, {row, inputs: provenance.samples, ...ofNone}, width)
}
