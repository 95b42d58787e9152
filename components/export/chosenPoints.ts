import type {ExportSubject} from '@/components/export/exportSubject'
import {orNone} from '@/components/export/orNone'
import type {Grid} from '@/lib/core/grid'
import {count, plural} from '@/lib/core/number'
import {type PagePoints, pagePointNumbers} from '@/lib/share/pagePoints'
import {samplingRows} from '@/lib/views/exportPlane'
import {mostAttended, planeAxes} from '@/lib/views/plane'

type Subject = Pick<ExportSubject, 'explanation' | 'view' | 'samplingPoints' | 'inputs'>

interface Asking {
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

/** Points in a page take two bytes a number, and a third more as text: some 350 kB. */
const mostNumbers = 2 ** 17

/**
 * Where each of the inputs that go along samples, for a page that has no model to ask: in every row that samples points
 * those of the held place, else of the one that the row attends to most. `maps` are the inputs' own.
 */
export async function chosenPoints(
  {explanation, view, samplingPoints, inputs: {chosen}}: Subject,
  maps: readonly (Grid | null)[] | null,
  {signal, onProgress}: Asking
): Promise<{readonly points: readonly (readonly PagePoints[])[]; readonly left: string | null}> {
  const axes = planeAxes(explanation)
  const rows = axes ? samplingRows({axes}) : []
  if (!axes || !samplingPoints || !maps || rows.length === 0) return {points: [], left: null}
  const points: (readonly PagePoints[])[] = []
  let room = mostNumbers
  for (const [i, index] of chosen.entries()) {
    onProgress(`Reading the points of input ${count(index + 1)}`)
    const map = maps[i]
    const asked = map ? rows.map((row) => ({row, column: view.pinnedFeature ?? mostAttended({axes, map}, row)})) : []
    const own = await pointsOf(samplingPoints, index, asked)
    signal.throwIfAborted()
    room -= pagePointNumbers(own)
    if (room < 0) return {points, left: leftOut(chosen.length - i)}
    points.push(own)
  }
  return {points, left: null}
}

async function pointsOf(
  samplingPoints: NonNullable<Subject['samplingPoints']>,
  index: number,
  asked: readonly {readonly row: number; readonly column: number}[]
): Promise<readonly PagePoints[]> {
  const points: PagePoints[] = []
  for (const {row, column} of asked) {
    const found = await orNone(samplingPoints(index, row, column))
    if (found) points.push({row, column, found})
  }
  return points
}

const leftOut = (inputs: number): string =>
  `Sampling points of ${plural(inputs, 'input')} are not in it: choose fewer of them.`
