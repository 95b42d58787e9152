import {openPage} from './browser.mjs'
import {columns} from './table.mjs'

/** Below this no one notices that the page was away, ms. */
const longestGap = 50

/** How long the page is away while its worker explains a long utterance; `quick` takes a short one. */
export async function pageTable({quick = false} = {}) {
  const name = quick ? '1x24x249x1024' : '1x24x1500x1024'
  const rows = []
  for (const backend of ['wasm', 'webgpu']) {
    const {page, close} = await openPage()
    try {
      const gaps = await page.evaluate(([name, backend]) => bench.longestGap(name, backend), [name, backend])
      rows.push({...gaps, met: gaps.busy <= longestGap})
    } finally {
      await close()
    }
  }
  return {case: name, atMost: longestGap, rows}
}

/** The table as text for a terminal. */
export const pageText = ({case: name, atMost, rows}) =>
  `Longest time between two turns of the page, at most ${atMost} ms, while its worker explains ${name}\n${columns([
    ['on', 'explained in, s', 'longest, ms', 'met', 'when idle, ms'],
    ...rows.map(({backend, took, busy, idle, met}) => [
      backend,
      (took / 1000).toFixed(1),
      busy.toFixed(1),
      met ? 'yes' : 'no',
      idle.toFixed(1)
    ])
  ])}`
