import {openPage} from './browser.mjs'
import {columns} from './table.mjs'

/** From stroke to ranking, ms: slower than this a pen outruns its picture. */
const atMost = 40

/** How soon the ranking follows a pen on the shipped digits: encoder, model and ranking through the app's own worker. */
export async function strokesTable({quick = false} = {}) {
  const rows = []
  for (const backend of ['wasm', 'webgpu']) {
    const {page, close} = await openPage()
    try {
      const row = await page.evaluate(
        ([backend, strokes]) => bench.strokes(backend, strokes),
        [backend, quick ? 20 : 200]
      )
      // On a software adapter WebGPU proves arithmetic and says nothing about speed.
      rows.push({...row, met: backend === 'wasm' ? row.median <= atMost : null})
    } finally {
      await close()
    }
  }
  return {atMost, rows}
}

/** The table as text for a terminal. */
export const strokesText = ({atMost: most, rows}) =>
  `From a stroke to its ranking, digits, ${rows[0].strokes} strokes; at most ${most} ms on WASM\n${columns([
    ['on', 'median, ms', '95 of 100 within, ms', 'frames per second', 'encoder, ms', 'model, ms', 'met'],
    ...rows.map(({backend, median, slowest, perSecond, encoder, model, met}) => [
      backend,
      median.toFixed(1),
      slowest.toFixed(1),
      perSecond.toFixed(0),
      encoder.toFixed(1),
      model.toFixed(1),
      met === null ? '' : met ? 'yes' : 'no'
    ])
  ])}`
