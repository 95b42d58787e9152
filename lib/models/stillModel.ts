import {ReaderError} from '@/lib/core/errors'
import type {Detection, LoadedModel, MapAxes} from './family'

/** A mechanism that is recognised and counted, and draws no density map of any input. `why` is a clause. */
export function stillModel(detection: Detection, why: string): LoadedModel {
  const refuse = (): never => {
    throw new ReaderError(
      'No density attention',
      `This checkpoint holds ${detection.title}, ${why}; no input can be run.`
    )
  }
  return {
    detection,
    heads: [],
    runs: false,
    own: null,
    arrange: refuse,
    count: refuse,
    axes: ([rows = 0, cols = 0]): MapAxes => ({
      rows,
      cols,
      rowName: 'layer',
      colName: 'feature',
      headRows: [[0, rows]]
    }),
    run: refuse,
    untrained: refuse,
    edited: null,
    maskable: false,
    batchSize: () => 1,
    dispose: () => {}
  }
}
