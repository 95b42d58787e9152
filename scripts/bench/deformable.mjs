import {openPage} from './browser.mjs'
import {columns} from './table.mjs'

/** A forward pass of the shipped deformable pyramid, maps included, beside the same graph of stock functions. */
export async function deformableTable({quick = false} = {}) {
  const rows = []
  for (const [backend, inputs] of [
    ['wasm', 16],
    ['webgpu', 4]
  ]) {
    const {page, close} = await openPage()
    try {
      rows.push(
        await page.evaluate(
          ([backend, inputs, rounds]) => bench.deformable(backend, inputs, rounds),
          [backend, inputs, quick ? 3 : 15]
        )
      )
    } finally {
      await close()
    }
  }
  return {rows: rows.map((row) => ({...row, ratio: row.stock / row.ours}))}
}

/** The table as text for a terminal. */
export const deformableText = ({rows}) =>
  `Forward pass of the shipped deformable pyramid with its maps, medians\n${columns([
    ['on', 'inputs', 'ours, ms', 'TensorFlow.js, ms', 'times faster', 'densities differ by'],
    ...rows.map(({backend, inputs, ours, stock, ratio, apart}) => [
      backend,
      String(inputs),
      ours.toFixed(1),
      stock.toFixed(1),
      `${ratio.toFixed(2)}×`,
      apart.toExponential(1)
    ])
  ])}`
