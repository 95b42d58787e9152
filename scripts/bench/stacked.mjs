import {openPage} from './browser.mjs'
import {columns} from './table.mjs'

/** Four hops over 14 × 14 regions, everything 512 wide, as the papers on stacked attention have them. */
const size = {inputs: 1, hops: 4, regions: 196, width: 512, answers: 1000}

/** A forward pass of stacked latent attention beside the same sums as one graph of stock functions. */
export async function stackedTable({quick = false} = {}) {
  const rows = []
  for (const [backend, rounds] of [
    ['wasm', 9],
    ['webgpu', 7]
  ]) {
    const {page, close} = await openPage()
    try {
      rows.push(
        await page.evaluate(
          ([backend, size, rounds]) => bench.stacked(backend, size, rounds),
          [backend, size, quick ? 2 : rounds]
        )
      )
    } finally {
      await close()
    }
  }
  return {rows: rows.map((row) => ({...row, ratio: row.stock / row.ours}))}
}

/** The table as text for a terminal. */
export const stackedText = ({rows}) =>
  `Forward pass of stacked latent attention, ${size.hops} hops, (${size.inputs}, ${size.regions}, ${size.width}), medians\n${columns(
    [
      ['on', 'ours, ms', 'TensorFlow.js, ms', 'times faster', 'logits differ by'],
      ...rows.map(({backend, ours, stock, ratio, apart}) => [
        backend,
        ours.toFixed(1),
        stock.toFixed(1),
        `${ratio.toFixed(2)}×`,
        apart.toExponential(1)
      ])
    ]
  )}`
