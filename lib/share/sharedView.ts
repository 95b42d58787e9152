import {type Codec, decode, double, integer, nullable, oneOf, optional, pair, record} from '@/lib/core/codec'
import type {CellWindow} from '@/lib/views/cellWindow'
import type {ExportView} from '@/lib/views/exportFigure'
import {jsonBytes} from './jsonSection'
import type {Strangers} from './strangerKeys'

/** Where the reader pointed and how they looked, as it travels: what a person set, not what lay under the pointer. */
export interface SharedView extends ExportView {
  /** The selected input; absent in links of the first kind. */
  readonly sample?: number | null
}

const place = nullable(integer(0, 1_000_000))
const window: Codec<CellWindow | null> = nullable(pair(double))

const viewCodec = record<SharedView>({
  order: oneOf('model', 'importance', 'learned'),
  map: oneOf('density', 'importance', 'learned'),
  pinned: place,
  pinnedFeature: place,
  solo: place,
  enlarged: nullable(oneOf('a', 'b', 'c', 'd', 'e')),
  window,
  rowWindow: window,
  sample: optional(place)
})

/** A view as bytes of JSON. */
export const viewBytes = (view: SharedView, strangers: Strangers | null = null): Uint8Array =>
  jsonBytes(viewCodec.write(view), strangers)

/** A view back. Throws FormatError for what is none. */
export const readView = (bytes: Uint8Array): SharedView => decode(viewCodec, new TextDecoder().decode(bytes))
