import {openPage} from './browser.mjs'
import {columns} from './table.mjs'

/** Times a plain redraw of the same size. */
const mostTimes = 1.5

/** What panning and zooming large maps takes, against a plain lookup redraw of 1,024² in the same page. */
export async function redrawTable({quick = false} = {}) {
  const {page, close} = await openPage()
  try {
    const {plain, redraws, maps} = await page.evaluate((steps) => bench.redraws(steps), quick ? 8 : 40)
    return {plain, redraws, atMost: mostTimes, rows: maps.map((row) => ({...row, met: row.ratio <= mostTimes}))}
  } finally {
    await close()
  }
}

/** The table as text for a terminal. */
export const redrawText = ({plain, redraws, atMost, rows}) =>
  `Redraw while panning and zooming, medians of ${redraws} views; a plain lookup redraw takes ${plain.toFixed(1)} ms\n${columns(
    [
      ['map', 'ms', 'times the plain one', 'at most', 'met', 'all that the figure redraws, ms'],
      ...rows.map(({map, panel, ratio, figure, met}) => [
        map,
        panel.toFixed(1),
        `${ratio.toFixed(2)}×`,
        `${atMost}×`,
        met ? 'yes' : 'no',
        figure.toFixed(1)
      ])
    ]
  )}`
