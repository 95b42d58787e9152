import {createStore, type StoreApi} from 'zustand/vanilla'
import {type SpanHistory, spanHistory} from '@/lib/core/spanHistory'
import type {LayerImportance} from '@/lib/explain/explanation'
import {fits, measures, type StreamLine, sampleOf, streamLines} from '@/lib/views/streamLines'
import {
  movedView,
  type SourceKind,
  type StreamMark,
  type StreamRecord,
  type StreamSource,
  scaledView,
  type TimeSpan
} from '@/lib/views/streamRecord'

/** The importance of every row, at one moment. */
export interface StreamSample {
  /** Milliseconds, as `performance.now` tells them; by default now. */
  readonly at?: number
  /** Where it comes from, for the reader: `running mean over inputs`, `drawing pad`. */
  readonly source: string
  readonly kind: SourceKind
  /** One per row of the map, in its order; a sample without rows is nothing to show and is not counted. */
  readonly layers: readonly LayerImportance[]
}

export type StreamMeasure = 'importance' | 'learned' | 'rank'

/** How importance moves. The numbers themselves stand in `record()`, outside of what the store compares. */
export interface LiveStream {
  /** What is followed, and what one of its rows is called. */
  readonly name: string
  readonly rowName: string
  /** Samples that came. Each is in the history. */
  readonly received: number
  /** Pictures that were drawn with something new in them. */
  readonly drawn: number
  /** Frames without a picture of their own: they came between two pictures, or while the view stood. */
  readonly dropped: number
  /** Frames that came since the view stands, as of the last drawing. */
  readonly waiting: number
  /** Inputs that newer ones overtook before they were read: these are in no history. */
  readonly missed: number
  /** What is looked at while the view stands; null while it follows the newest. */
  readonly view: TimeSpan | null
  readonly measure: StreamMeasure
  /** Whether the plot is shown. */
  readonly shown: boolean
  readonly marks: readonly StreamMark[]

  /**
   * What is followed from now on. Another checkpoint goes on where the one before ended, and its name marks the moment;
   * one whose rows are other rows begins anew. Without a name for its rows, they are called as they were.
   */
  begin: (name: string, rowName?: string) => void
  /** Forgets all that came, and its marks; what comes next is the first. */
  restart: () => void
  append: (sample: StreamSample) => void
  /** Inputs were overtaken before they were read. */
  miss: (inputs: number) => void
  /** The lines that stand for the rows of the map. */
  lines: () => readonly StreamLine[]
  /** What is to be drawn now. Until the next `append`. */
  record: () => StreamRecord
  /** Something was drawn: a picture of all that has come, or while the view stands only how much waits. */
  drew: () => void
  /** The view stands; samples are still received. */
  pause: () => void
  /** Back to the newest. */
  resume: () => void
  /** Looks at a time, kept within the history; the view stands. */
  look: (view: TimeSpan) => void
  /** Looks at the first of it, as much as is seen now. */
  rewind: () => void
  /** Moves by a share of what is seen; past the newest it follows again. */
  scrub: (share: number) => void
  /** Shows `factor` times as much time. */
  scale: (factor: number) => void
  /** Marks a time, by default the last that is seen. */
  mark: (text?: string, at?: number) => void
  rename: (mark: number, text: string) => void
  unmark: (mark: number) => void
  choose: (measure: StreamMeasure) => void
  show: (shown: boolean) => void
}

export type LiveStreamStore = StoreApi<LiveStream>

export interface LiveStreamParts {
  readonly now?: () => number
  /** Milliseconds since 1970, for exports. */
  readonly wall?: () => number
  /** Spans of one length that are held; see `spanHistory`. */
  readonly perLevel?: number
}

/** The view follows the last minute, until it is told otherwise. */
const FOLLOWED_MS = 60_000
/** As many stand in the plot without being read; more would grow without bound. */
const MOST_MARKS = 200
const MOST_NAMES = 200

const fresh = {received: 0, drawn: 0, dropped: 0, waiting: 0, missed: 0, view: null, marks: []} as const

/** The store of how importance moves, over a history of bounded size. */
export function createLiveStream({
  now = () => performance.now(),
  wall = () => Date.now(),
  perLevel = 256
}: LiveStreamParts = {}): LiveStreamStore {
  return createStore<LiveStream>()((set, get) => {
    let lines: readonly StreamLine[] = []
    let history: SpanHistory = spanHistory({series: 0, perLevel})
    let sources: StreamSource[] = []
    let stood: TimeSpan[] = []
    let extent: TimeSpan | null = null
    let began = 0
    let followed = FOLLOWED_MS
    /** Samples that are in a picture. */
    let pictured = 0
    let nextMark = 1
    /** Whether another checkpoint was begun and nothing of it has come. */
    let changed = false

    function forget() {
      changed = false
      lines = []
      history = spanHistory({series: 0, perLevel})
      sources = []
      stood = []
      extent = null
      pictured = 0
      nextMark = 1
      followed = FOLLOWED_MS
      set(fresh)
    }

    function sourceIndex(name: string, kind: SourceKind): number {
      const at = (name: string) => sources.findIndex((one) => one.name === name && one.kind === kind)
      if (at(name) >= 0) return at(name)
      // From then on the others of a kind share a name.
      const own = sources.length < MOST_NAMES ? name : 'others'
      return at(own) >= 0 ? at(own) : sources.push({name: own, kind}) - 1
    }

    /** What is seen: where the view stands, else the newest. */
    function seen(): TimeSpan | null {
      const {view} = get()
      return view ?? (extent && [Math.max(extent[0], extent[1] - followed), extent[1]])
    }

    return {
      ...fresh,
      name: '',
      rowName: 'layer',
      measure: 'importance',
      shown: false,

      begin: (name, rowName = get().rowName) => {
        if (get().name === name && get().rowName === rowName) return
        if (lines.length === 0 || get().rowName !== rowName) forget()
        else changed = true
        set({name, rowName})
      },

      restart: forget,

      append: ({at = now(), source, kind, layers}) => {
        if (layers.length === 0 || !Number.isFinite(at)) return
        if (lines.length === 0 || !fits(lines, layers)) {
          // Other rows are another subject, whatever it is called.
          forget()
          lines = streamLines(layers)
          history = spanHistory({series: lines.length * measures.length, perLevel})
          began = wall() - (now() - at)
        }
        if (changed) get().mark(get().name, at)
        changed = false
        history.append(at, sampleOf(lines, layers), sourceIndex(source, kind))
        extent = extent ? [extent[0], Math.max(extent[1], at)] : [at, at]
        set({received: get().received + 1})
      },

      miss: (inputs) => {
        if (inputs > 0) set({missed: get().missed + inputs})
      },

      lines: () => lines,

      record: () => ({
        lines,
        spans: history.spans(),
        sources,
        marks: get().marks,
        stood,
        extent,
        seen: seen(),
        standing: get().view !== null,
        began
      }),

      drew: () => {
        const {received, drawn, dropped, view} = get()
        const newly = received - pictured
        if (view) {
          if (get().waiting !== newly) set({waiting: newly})
        } else if (newly > 0) {
          pictured = received
          set({drawn: drawn + 1, dropped: dropped + newly - 1, waiting: 0})
        } else if (get().waiting > 0) set({waiting: 0})
      },

      pause: () => {
        const now = seen()
        if (now && get().view === null) get().look(now)
      },

      resume: () => {
        if (get().view === null) return
        const last = stood.at(-1)
        if (last && extent) stood = [...stood.slice(0, -1), [last[0], extent[1]]]
        set({view: null})
      },

      look: (view) => {
        if (!extent) return
        if (get().view === null) stood = [...stood.slice(-MOST_MARKS), [extent[1], extent[1]]]
        set({view: movedView(view, 0, extent)})
      },

      rewind: () => {
        const now = seen()
        if (now && extent) get().look([extent[0], extent[0] + now[1] - now[0]])
      },

      scrub: (share) => {
        const now = seen()
        if (!now || !extent) return
        const moved = movedView(now, share * (now[1] - now[0]), extent)
        if (share > 0 && moved[1] >= extent[1]) get().resume()
        else get().look(moved)
      },

      scale: (factor) => {
        const now = seen()
        if (!now || !extent) return
        const scaled = scaledView(now, factor, extent)
        if (get().view) return set({view: scaled})
        followed = scaled[1] - scaled[0]
        // Nothing else changed, and what is seen did.
        set({view: null})
      },

      mark: (text, at) => {
        const time = at ?? seen()?.[1]
        if (time === undefined) return
        const mark = {id: nextMark, at: time, text: text ?? `Mark ${nextMark}`}
        nextMark++
        set({marks: [...get().marks.slice(-MOST_MARKS + 1), mark]})
      },

      rename: (mark, text) => set({marks: get().marks.map((one) => (one.id === mark ? {...one, text} : one))}),
      unmark: (mark) => set({marks: get().marks.filter(({id}) => id !== mark)}),
      choose: (measure) => set({measure}),
      show: (shown) => set({shown})
    }
  })
}
