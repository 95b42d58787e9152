import type {ExportSubject} from '@/components/export/exportSubject'
import {orNone} from '@/components/export/orNone'
import {visible, visibleLine} from '@/lib/share/visible'
import {type ExportPlane, exportedRow, exportPlane, samplingRows} from '@/lib/views/exportPlane'
import {mostAttended, type PlaneAxes, type PlaneScene, planeAxes, planeScene} from '@/lib/views/plane'
import type {PlanePicture} from '@/lib/views/planePixels'

type Subject = Pick<ExportSubject, 'explanation' | 'view' | 'own' | 'sampleMap' | 'samplingPoints' | 'inputs'>

/**
 * Attention on the input as an exported picture has it, in a width of px: the mean, or of the looked-at input where it
 * was let go along, on its picture and with the points it samples. Null for maps whose columns are features.
 */
export async function planeOnPaper(subject: Subject, width: number): Promise<ExportPlane | null> {
  const explanation = visible(subject.explanation)
  const axes = planeAxes(explanation)
  const mean = explanation.density
  if (!axes || !mean) return null
  const {view, inputs} = subject
  const sample = inputs.chosen.find((index) => index === view.sample) ?? null
  const own = subject.own ?? (sample === null ? null : await ownMap(subject, axes, sample))
  const picture = sample === null ? null : pictureOf(inputs.pictures, sample)
  const scene = planeScene(axes, own?.values ?? mean, {theme: 'light', picture})
  if (!scene) return null
  const sampling = sample !== null && subject.samplingPoints ? samplingRows(scene) : []
  const row = Math.min(exportedRow(explanation.layers, {pinned: view.pinned, sampling}), scene.map.rows - 1)
  const question = sample === null ? null : (inputs.questions?.[sample] ?? null)
  const said = question ? visibleLine(question) : null
  const asked = {
    row,
    column: view.pinnedFeature,
    own: own?.name ?? null,
    pictured: picture && `input ${sample! + 1}`,
    inputs: explanation.provenance.samples,
    points: sample === null ? null : await pointsOf(subject, scene, {sample, row}),
    question: said
  }
  return exportPlane(scene, asked, width)
}

async function ownMap({sampleMap}: Subject, {rows, cols}: PlaneAxes, sample: number) {
  const map = sampleMap && (await orNone(sampleMap(sample)))
  return map && map.rows === rows && map.cols === cols ? {values: map, name: `input ${sample + 1}`} : null
}

async function pointsOf(
  {samplingPoints, view}: Subject,
  scene: PlaneScene,
  {sample, row}: {readonly sample: number; readonly row: number}
) {
  return samplingPoints && orNone(samplingPoints(sample, row, view.pinnedFeature ?? mostAttended(scene, row)))
}

function pictureOf(pictures: Subject['inputs']['pictures'], sample: number): PlanePicture | null {
  if (!pictures || sample >= pictures.count) return null
  const {width, height, values} = pictures
  return {width, height, values: values.subarray(sample * width * height, (sample + 1) * width * height)}
}
