import {FormatError} from '@/lib/core/errors'
import type {Interval, LayerImportance} from '@/lib/explain/explanation'
import type {ByteReader} from './byteReader'
import {byteWriter} from './byteWriter'
import {readNumbers, writeNumbers} from './numbers'

type Column = (layer: LayerImportance) => number | null | undefined

// Their order is the format. A later version adds columns at the end.
const columns: readonly Column[] = [
  ({head}) => head,
  ({importance}) => importance,
  ({interval}) => interval?.[0],
  ({interval}) => interval?.[1],
  ({share}) => share,
  ({density}) => density,
  ({rank}) => rank,
  ({rankInterval}) => rankInterval?.[0],
  ({rankInterval}) => rankInterval?.[1],
  ({rankInHead}) => rankInHead,
  ({rankByShare}) => rankByShare,
  ({untrained}) => untrained?.density,
  ({untrained}) => untrained?.importance,
  ({untrained}) => untrained?.importanceOwnScale,
  ({untrained}) => untrained?.rank,
  ({untrained}) => untrained?.learned,
  ({untrained}) => untrained?.learnedInterval?.[0],
  ({untrained}) => untrained?.learnedInterval?.[1],
  ({meanAbsZ}) => meanAbsZ
]

/** Every row of the ranking, column by column and in full: what is absent is NaN. */
export function layerBytes(layers: readonly LayerImportance[]): Uint8Array {
  const to = byteWriter()
  to.varint(layers.length)
  to.varint(columns.length)
  for (const column of columns) {
    const values = Float32Array.from(layers, (layer) => column(layer) ?? Number.NaN)
    writeNumbers(to, values, {precision: 'f32'})
  }
  return to.finish()
}

/** The ranking back. Throws FormatError where a row lacks a number that every row has. */
export function readLayers(from: ByteReader): readonly LayerImportance[] {
  const count = from.varint()
  const written = from.varint()
  if (written < columns.length) {
    throw new FormatError(`share: found ${written} columns of the ranking; needed ${columns.length}`)
  }
  const read = columns.map(() => {
    const {values} = readNumbers(from)
    if (values.length === count) return values
    throw new FormatError(`share: found ${values.length} numbers in a column of the ranking; needed ${count}`)
  })
  return Array.from({length: count}, (_, row) => layerOf(row, (column) => read[column]![row]!))
}

function layerOf(layer: number, at: (column: number) => number): LayerImportance {
  const maybe = (column: number) => (Number.isNaN(at(column)) ? null : finite(at(column), layer))
  const sure = (column: number) => finite(at(column), layer)
  const whole = (column: number) => wholeNumber(at(column), layer)
  const interval = (column: number): Interval | null =>
    maybe(column) === null ? null : [sure(column), sure(column + 1)]
  return {
    layer,
    head: whole(0),
    importance: sure(1),
    interval: interval(2),
    share: sure(4),
    density: sure(5),
    rank: whole(6),
    rankInterval: maybe(7) === null ? null : [whole(7), whole(8)],
    rankInHead: whole(9),
    rankByShare: whole(10),
    untrained:
      maybe(14) === null
        ? null
        : {
            density: sure(11),
            importance: sure(12),
            importanceOwnScale: maybe(13),
            rank: whole(14),
            learned: sure(15),
            learnedInterval: interval(16)
          },
    meanAbsZ: maybe(18)
  }
}

function finite(value: number, row: number): number {
  if (Number.isFinite(value)) return value
  throw new FormatError(`share: row ${row + 1} of the ranking holds ${value}; needed a number`)
}

function wholeNumber(value: number, row: number): number {
  if (Number.isInteger(value) && value >= 0) return value
  throw new FormatError(`share: row ${row + 1} of the ranking holds ${value}; needed a whole number`)
}
