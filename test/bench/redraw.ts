import '@/app/styles/tokens.css'
import '@/app/styles/figure.css'
import '@/app/styles/panels.css'
import {openFigure} from '@/components/figure/openFigure'
import {sequentialRamp} from '@/lib/core/colour'
import {type Grid, grid} from '@/lib/core/grid'
import {type MapSums, mapSums} from '@/lib/core/mapSums'
import {quantile} from '@/lib/core/statistics'
import {drawHeatmap} from '@/lib/draw/heatmap'
import type {Explanation} from '@/lib/explain/explanation'
import {createLens} from '@/lib/state/lens'
import type {RowGroup} from '@/lib/views/cellRow'
import type {MapView} from '@/lib/views/cellWindow'
import type {PanelFrame, RowBand} from '@/lib/views/frame'
import {type HeatmapMarks, heatmapPanel} from '@/lib/views/heatmap'
import {syntheticExplanation} from '../fixtures/explanations'

/** What redrawing one map takes while a reader pans and zooms it, ms of the main thread, medians. */
export interface RedrawTimes {
  readonly map: string
  /** The map alone on 1,024 × 1,024 device pixels, with its axis and strips. */
  readonly panel: number
  /** That over the plain lookup's time. */
  readonly ratio: number
  /** Whatever the app redraws for it in a figure of 1,280 × 800: panel c, or all panels where rows are zoomed. */
  readonly figure: number
  readonly figureRatio: number
}

export interface Redraws {
  /** 1,024² values through a table of 256 colours onto a canvas: as little as drawing a map of that size can be, ms. */
  readonly plain: number
  readonly redraws: number
  readonly maps: readonly RedrawTimes[]
}

const side = 1024

/**
 * Pans and zooms a map of 40 × 5,120 with 8 heads and one of 1,500 × 1,024 through `steps` views each, in turn with a
 * plain redraw of a canvas, in this page.
 */
export async function measureRedraws(steps = 40): Promise<Redraws> {
  const maps = [
    stage('40 × 5,120, 8 heads', await explanationOf(40, 5120)),
    stage('1,500 × 1,024', await explanationOf(1500, 1024))
  ]
  const plain = plainRedraw()
  // Once without a watch, so that nothing is compiled under it.
  for (const view of viewsOf(3)) for (const map of maps) map.panel(view)
  plain()
  const times = maps.map(() => ({panel: [] as number[], figure: [] as number[]}))
  const plainTimes: number[] = []
  for (const view of viewsOf(steps)) {
    for (const [i, map] of maps.entries()) {
      times[i]!.panel.push(timed(() => map.panel(view)))
      times[i]!.figure.push(timed(() => map.figure(view)))
      plainTimes.push(timed(plain))
    }
    // The page draws what it was told, as it would between two events.
    await new Promise(requestAnimationFrame)
  }
  const least = middle(plainTimes)
  for (const map of maps) map.close()
  return {
    plain: least,
    redraws: steps,
    maps: maps.map(({name}, i) => {
      const [panel, figure] = [middle(times[i]!.panel), middle(times[i]!.figure)]
      return {map: name, panel, ratio: panel / least, figure, figureRatio: figure / least}
    })
  }
}

function timed(work: () => void): number {
  const begun = performance.now()
  work()
  return performance.now() - begun
}

/** From the whole map in to single cells and out again, moving sideways and down all the while; shares of each axis. */
function viewsOf(steps: number): {readonly at: number; readonly extent: number}[] {
  return Array.from({length: steps}, (_, i) => {
    const along = (i + 0.5) / steps
    const depth = 1 - Math.abs(2 * along - 1)
    const extent = 0.98 * 0.03 ** depth
    return {extent, at: (1 - extent) * along}
  })
}

const windowOf = (cells: number, {at, extent}: {at: number; extent: number}) =>
  [at * cells, (at + extent) * cells] as const

function stage(name: string, explanation: Explanation) {
  const density = explanation.density!
  const sums = mapSums(density)
  const known = (map: Grid): MapSums | null => (map === density ? sums : null)
  const place = document.body.appendChild(document.createElement('div'))
  const canvas = place.appendChild(document.createElement('canvas'))
  const svg = place.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'))
  const g = svg.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'g'))
  const root = place.appendChild(document.createElement('div'))
  const lens = createLens()
  const figure = openFigure(root, lens)
  const sumUp = async (map: Grid) => (map === density ? sums : mapSums(map))
  figure.show({
    explanation,
    partial: false,
    theme: 'light',
    sampleMap: null,
    sumUp,
    device: null,
    size: {width: 1232, height: 496}
  })
  const tall = density.rows > 64
  const viewOf = (share: {at: number; extent: number}): MapView => ({
    cols: windowOf(density.cols, share),
    rows: tall ? windowOf(density.rows, share) : null
  })
  return {
    name,
    panel: (share: {at: number; extent: number}) =>
      drawHeatmap(canvas, g, marksOf(explanation, viewOf(share), known), {onZoom: () => {}}),
    figure: (share: {at: number; extent: number}) => lens.getState().zoom(viewOf(share)),
    close: () => {
      figure.close()
      place.remove()
    }
  }
}

/** Panel c on 1,024² device pixels, whatever the screen's are. */
function marksOf(explanation: Explanation, view: MapView, sums: (map: Grid) => MapSums | null): HeatmapMarks {
  const {rows} = explanation.density!
  const px = side / devicePixelRatio
  const [start, stop] = (view.rows ?? [0, rows]).map(Math.round) as [number, number]
  const lines = Math.min(64, Math.max(1, stop - start))
  const edge = (line: number) => start + Math.round((line * (stop - start)) / lines)
  const bands = Array.from(
    {length: lines},
    (_, layer): RowBand => ({layer, head: 0, y: (layer * px) / lines, height: px / lines})
  )
  const groups = bands.map(({layer}): RowGroup => [edge(layer), edge(layer + 1)])
  const frame = {width: px, height: px, rows: bands, axisY: px + 6, keyY: -32, captionY: -9} as unknown as PanelFrame
  return heatmapPanel(explanation, frame, {
    map: 'density',
    theme: 'light',
    window: view.cols,
    sums,
    ...(rows > 64 ? {groups, rowWindow: view.rows} : {})
  })
}

function plainRedraw(): () => void {
  const canvas = document.body.appendChild(document.createElement('canvas'))
  canvas.width = canvas.height = side
  const context = canvas.getContext('2d')!
  const values = Float32Array.from({length: side * side}, (_, i) => Math.abs(Math.sin(i * 12.9898)))
  const {rgb} = sequentialRamp('light')
  const table = Uint32Array.from(
    {length: 256},
    (_, i) => ((255 << 24) | (rgb[3 * i + 2]! << 16) | (rgb[3 * i + 1]! << 8) | rgb[3 * i]!) >>> 0
  )
  const image = context.createImageData(side, side)
  const pixels = new Uint32Array(image.data.buffer)
  return () => {
    for (let i = 0; i < pixels.length; i++) pixels[i] = table[(values[i]! * 255 + 0.5) | 0]!
    context.putImageData(image, 0, 0)
  }
}

/** What a figure needs of a model of this size; the numbers of its map are waves. */
async function explanationOf(rows: number, cols: number): Promise<Explanation> {
  const small = await syntheticExplanation({
    layers: rows,
    features: 16,
    heads: rows % 8 ? 4 : 8,
    inputs: 2,
    resamples: 1
  })
  const wave = (shift: number) =>
    grid(
      rows,
      cols,
      Float32Array.from({length: rows * cols}, (_, i) => 0.5 + 0.5 * Math.sin(i * 0.017 + shift))
    )
  const density = wave(0)
  return {
    ...small,
    axes: {...small.axes!, cols},
    density,
    nullDensity: wave(0.1),
    importance: density,
    scale: [0, 1],
    scaleCell: null
  }
}

const middle = (times: readonly number[]): number => quantile(times, 0.5)
