import {createStore, type StoreApi} from 'zustand/vanilla'
import type {CellWindow, MapView} from '@/lib/views/cellWindow'
import type {MapKind, Order, PanelLetter} from '@/lib/views/frame'

export type {MapKind, Order, PanelLetter}

/**
 * Where the reader points and how they look. Pointing changes on every pointer move, so views subscribe to it
 * directly; it never passes through React.
 */
export interface Lens {
  /** Under the pointer or the arrow keys. */
  readonly layer: number | null
  readonly feature: number | null
  /** Held until let go. */
  readonly pinned: number | null
  /** The feature that was pointed at when the layer was pinned: its column and its curve stay marked. */
  readonly pinnedFeature: number | null
  /** The others step back to a quarter of their ink. */
  readonly solo: number | null
  readonly order: Order
  readonly map: MapKind
  /** The selected input. */
  readonly sample: number | null
  /** Whether the heatmap shows the selected input's own map instead of the mean. */
  readonly sampleMap: boolean
  readonly enlarged: PanelLetter | null
  /** The features panel c shows, first inclusive, last exclusive; null for all of them. */
  readonly window: CellWindow | null
  /** Features that were brushed to be edited together, first inclusive, last exclusive; null for none. */
  readonly brushed: readonly [start: number, stop: number] | null
  /** The rows that the figure shows, where a map has more of them than lines; null for all. */
  readonly rowWindow: CellWindow | null
  /** The part of a tensor's slice that is shown where one is looked at. */
  readonly sliceView: MapView

  point: (layer: number | null, feature?: number | null) => void
  /** Pins, or lets go when it is pinned already. */
  pin: (layer: number | null) => void
  toggleSolo: (layer: number) => void
  /** Lets go of one thing at a time: enlarged panel, solo, brush, pin, pointer. */
  release: () => void
  setOrder: (order: Order) => void
  setMap: (map: MapKind) => void
  selectSample: (sample: number | null) => void
  showSampleMap: (show: boolean) => void
  enlarge: (panel: PanelLetter | null) => void
  zoom: (view: MapView) => void
  brush: (features: Lens['brushed']) => void
  zoomSlice: (view: MapView) => void
  /** For a new explanation: nothing pointed at, pinned, selected or zoomed. Order and map stay. */
  reset: () => void
}

export type LensStore = StoreApi<Lens>

const untouched = {
  layer: null,
  feature: null,
  pinned: null,
  pinnedFeature: null,
  solo: null,
  sample: null,
  sampleMap: false,
  enlarged: null,
  window: null,
  brushed: null,
  rowWindow: null,
  sliceView: {cols: null, rows: null}
} as const

export const createLens = (): LensStore =>
  createStore<Lens>()((set, get) => ({
    ...untouched,
    order: 'model',
    map: 'density',
    point: (layer, feature = null) => {
      const was = get()
      if (was.layer !== layer || was.feature !== feature) set({layer, feature})
    },
    pin: (layer) => {
      const {pinned, feature} = get()
      const letGo = layer === null || pinned === layer
      set(letGo ? {pinned: null, pinnedFeature: null} : {pinned: layer, pinnedFeature: feature})
    },
    toggleSolo: (layer) => set({solo: get().solo === layer ? null : layer}),
    release: () => {
      const {enlarged, solo, brushed, pinned} = get()
      if (enlarged !== null) set({enlarged: null})
      else if (solo !== null) set({solo: null})
      else if (brushed !== null) set({brushed: null})
      else if (pinned !== null) set({pinned: null, pinnedFeature: null})
      else set({layer: null, feature: null})
    },
    setOrder: (order) => set({order}),
    setMap: (map) => set({map}),
    selectSample: (sample) => set(sample === null ? {sample, sampleMap: false} : {sample}),
    showSampleMap: (sampleMap) => set({sampleMap}),
    enlarge: (enlarged) => set({enlarged}),
    zoomSlice: (sliceView) => set({sliceView}),
    zoom: ({cols: window, rows: rowWindow}) => set({window, rowWindow}),
    brush: (brushed) => set({brushed}),
    reset: () => set(untouched)
  }))
