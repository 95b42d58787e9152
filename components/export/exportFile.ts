import {chosenPoints} from '@/components/export/chosenPoints'
import type {ExportSubject} from '@/components/export/exportSubject'
import {orNone} from '@/components/export/orNone'
import {ReaderError} from '@/lib/core/errors'
import type {Grid} from '@/lib/core/grid'
import {bytes as byteText, plural} from '@/lib/core/number'
import type {Edit} from '@/lib/explain/edit'
import {exportLabel, labelLines} from '@/lib/share/exportLabel'
import {type FileNames, named} from '@/lib/share/named'
import {toldAsEdited} from '@/lib/share/shownAs'
import {visible} from '@/lib/share/visible'

export type ExportKind = 'svg' | 'png' | 'csv' | 'tables' | 'npz' | 'json' | 'html'

export interface ExportOptions {
  /** Of a PNG: its pixels to one of the figure's. */
  readonly scale: number
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
  readonly date?: Date
}

export interface ExportedFile {
  readonly name: string
  readonly blob: Blob
  /** What could not go along, as a sentence. */
  readonly left: string | null
}

/** Makes a file of one kind. Throws ReaderError when it cannot be made, and the signal's reason once it is aborted. */
export async function exportFile(
  kind: ExportKind,
  subject: ExportSubject,
  options: ExportOptions
): Promise<ExportedFile> {
  const explanation = toldAsEdited(named(subject.explanation, subject.names), subject.edits)
  const made = await makers[kind]({...subject, explanation}, options)
  options.signal.throwIfAborted()
  return {name: fileName(kind, subject.names), left: null, ...made}
}

type Maker = (subject: ExportSubject, options: ExportOptions) => Promise<Pick<ExportedFile, 'blob'> & {left?: string}>

const makers: Readonly<Record<ExportKind, Maker>> = {
  svg: async (subject, options) => {
    const svg = await svgOf(await sheetOf(subject, options), 4)
    return {blob: new Blob([svg], {type: 'image/svg+xml'})}
  },

  png: async (subject, options) => {
    const {scale, signal, onProgress} = options
    const {largestScale, pngOfSvg} = await import('@/lib/draw/exportPng')
    const drawn = await sheetOf(subject, options)
    // Found out before a large map is painted.
    if (scale > largestScale(drawn.sheet)) return {blob: await pngOfSvg(document, '', drawn.sheet, {scale, signal})}
    onProgress('Painting the picture')
    const svg = await svgOf(drawn, Math.min(8, Math.max(1, scale)))
    return {blob: await pngOfSvg(document, svg, drawn.sheet, {scale, signal})}
  },

  csv: async (subject, {date}) => {
    const {rankingCsv} = await import('@/lib/share/exportTables')
    return {blob: new Blob([rankingCsv(subject.explanation, labelOf(subject, date))], {type: 'text/csv;charset=utf-8'})}
  },

  tables: async (subject, {date, signal, onProgress}) => {
    const {tablesZip} = await import('@/lib/share/exportTables')
    const bytes = await tablesZip(subject.explanation, labelOf(subject, date), async (title) => {
      onProgress(`Writing ${title.charAt(0).toLowerCase()}${title.slice(1)}`)
      await breath()
      signal.throwIfAborted()
    })
    return {blob: new Blob([bytes], zip)}
  },

  npz: async (subject, options) => {
    const {explanation} = subject
    const {explanationArrays, sampleArrays} = await import('@/lib/explain/arrays')
    const {npzBytes} = await import('@/lib/formats/npzBytes')
    const {maps, left} = await sampleMaps(subject, options)
    const arrays = [...explanationArrays(explanation), ...sampleArrays(explanation, maps)]
    const comment = commentOf(labelLines(labelOf(subject, options.date)))
    return {blob: new Blob([npzBytes(arrays, comment)], zip), ...(left ? {left} : {})}
  },

  json: async ({explanation, notes, edits}) => {
    const {jsonExplanation} = await import('@/lib/share/explanationFile')
    return {blob: new Blob([jsonExplanation(explanation, notes, editedAs(edits))], {type: 'application/json'})}
  },

  html: async (subject, options) => {
    const {explanation, view, edits, notes, inputs} = subject
    const {exportPage} = await import('@/lib/share/exportPage')
    const {withInputs} = await import('@/lib/share/chosenInputs')
    const {maps, left: unmapped} = await chosenMaps(subject, options)
    const {points, left: unpointed} = await chosenPoints(subject, maps, options)
    options.onProgress('Packing the page')
    const [script, style] = await Promise.all([part('figure.js'), part('figure.css')])
    const label = labelOf(subject, options.date)
    const any = inputs.chosen.length > 0
    const whole = {explanation, pictures: any ? inputs.pictures : null, notes, view}
    const content = any ? withInputs(whole, inputs.chosen) : whole
    const along = inputs.chosen.map((index, i) => ({
      index,
      question: inputs.questions?.[index] ?? null,
      map: maps?.[i] ?? null,
      points: points[i] ?? []
    }))
    const {html, dropped} = await exportPage(
      {...content, shownAs: editedAs(edits), without: any ? [] : ['samples']},
      label,
      {script, style},
      along
    )
    const left = [
      ...(unmapped ? [unmapped] : []),
      ...(unpointed ? [unpointed] : []),
      ...(dropped.length > 0 ? [`${plural(dropped.length, 'part')} of it had no room: ${dropped.join(', ')}.`] : [])
    ].join(' ')
    return {blob: new Blob([html], {type: 'text/html'}), ...(left ? {left} : {})}
  }
}

const editedAs = (edits: readonly Edit[]) => (edits.length > 0 ? {edits, over: null, version: null} : null)

const zip = {type: 'application/zip'}
const labelOf = ({explanation, notes}: Pick<ExportSubject, 'explanation' | 'notes'>, date = new Date()) =>
  exportLabel(explanation, {date, notes})

async function sheetOf(subject: ExportSubject, {date}: Pick<ExportOptions, 'date'>) {
  const {explanation, view, own} = subject
  const {exportFigure} = await import('@/lib/views/exportFigure')
  const {exportSheet} = await import('@/lib/views/exportSheet')
  const {planeOnPaper} = await import('@/components/export/planeOnPaper')
  const label = labelOf(subject, date)
  const figure = exportFigure(visible(explanation), view, own)
  const plane = await planeOnPaper(subject, figure.marks.layout.width)
  return {...figure, label, plane, sheet: exportSheet(label, figure.marks.layout, plane)}
}

async function svgOf(drawn: Awaited<ReturnType<typeof sheetOf>>, mapScale: number): Promise<string> {
  const {figureSvg} = await import('@/lib/draw/exportSvg')
  const fonts = await part('fonts.css')
  return figureSvg(document, {...drawn, mapScale, fonts})
}

/** What scripts/standalone.mjs put beside the app, as text. */
async function part(name: string): Promise<string> {
  const answer = await fetch(`/export/${name}`).catch(() => null)
  if (!answer?.ok) {
    throw new ReaderError(
      'Not exported',
      `The server did not give /export/${name}; needed the one this page came from.`
    )
  }
  return answer.text()
}

/** Maps of single inputs beyond this stay where they are: the command line writes them, file by file. */
const mostMapBytes = 2 ** 28

async function sampleMaps({explanation, sampleMap}: ExportSubject, {signal, onProgress}: ExportOptions) {
  const {samples, axes} = explanation
  const count = samples.length
  if (count === 0 || !axes || explanation.provenance.maps !== 'inputs') return {maps: null, left: null}
  const size = count * axes.rows * axes.cols * 4
  const beside = 'the command line writes it with --npz.'
  if (!sampleMap) return {maps: null, left: `sample_density is not in it: the inputs are not here; ${beside}`}
  if (size > mostMapBytes) {
    return {maps: null, left: `sample_density, ${byteText(size)}, is not in it; ${beside}`}
  }
  const maps: Float32Array[] = []
  for (let i = 0; i < count; i++) {
    onProgress(`Reading the map of input ${i + 1} of ${count}`)
    maps.push((await sampleMap(i)).values)
    signal.throwIfAborted()
  }
  return {maps, left: null}
}

/** Maps of single inputs in a page take two bytes a number, and a third more as text. */
const mostPageMaps = 2 ** 23

/** The own maps of the inputs that go along, where the map lies on the input; for a page to draw. */
async function chosenMaps(subject: ExportSubject, {signal, onProgress}: ExportOptions) {
  const {explanation, sampleMap, inputs} = subject
  const {axes} = explanation
  if (!axes?.plane || inputs.chosen.length === 0) return {maps: null, left: null}
  const without = 'Attention of single inputs is not in it:'
  if (!sampleMap) return {maps: null, left: `${without} the inputs are not here.`}
  const numbers = inputs.chosen.length * axes.rows * axes.cols
  if (numbers > mostPageMaps) return {maps: null, left: `${without} choose fewer of them.`}
  const maps: (Grid | null)[] = []
  for (const index of inputs.chosen) {
    onProgress(`Reading the map of input ${index + 1}`)
    // An input that was left out of the mean has none.
    maps.push(await orNone(sampleMap(index)))
    signal.throwIfAborted()
  }
  return {maps, left: null}
}

/** As many whole lines as an archive's comment holds. */
function commentOf(lines: readonly string[]): string {
  const encoder = new TextEncoder()
  let comment = ''
  for (const line of lines) {
    const longer = `${comment}${line}\n`
    if (encoder.encode(longer).length > 0xffff) break
    comment = longer
  }
  return comment
}

/** Lets the page draw, and hear that it is to stop. */
const breath = () => new Promise((resolve) => setTimeout(resolve))

const endings: Readonly<Record<ExportKind, string>> = {
  svg: '.svg',
  png: '.png',
  csv: '-ranking.csv',
  tables: '-tables.zip',
  npz: '.npz',
  json: '.json',
  html: '.html'
}

function fileName(kind: ExportKind, names: FileNames | null): string {
  const stem = (names?.checkpoint ?? '')
    .replace(/\.[^.]{1,12}$/, '')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 80)
  return `${stem || 'explanation'}${endings[kind]}`
}
