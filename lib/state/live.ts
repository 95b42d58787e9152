import {createStore, type StoreApi} from 'zustand/vanilla'
import {CancelledError, ReaderError} from '@/lib/core/errors'
import type {EncoderFacts, Engine, LivePoints, LiveReading, LiveSample, Openable} from '@/lib/engine/protocol'
import type {Explanation} from '@/lib/explain/explanation'
import {oneInput} from '@/lib/explain/oneInput'
import {encoderOf} from './exampleCard'
import {sameSubject} from './followSession'
import type {SessionStore} from './session'

/** One input that was read, in the order of reading. */
export interface LiveRead {
  /** Rises by one with each reading of this page. */
  readonly index: number
  /** Milliseconds, as `performance.now` tells them, when the reading came. */
  readonly at: number
  /** What was read, for the reader: `this drawing`, `yes.wav`. */
  readonly from: string
  readonly reading: LiveReading
}

/** A place on the input, by its column of the map, and the rows whose sampling points of it are shown. */
export interface PointsWish {
  readonly rows: readonly number[]
  readonly column: number
}

/** Inputs that a person draws, speaks or types, read one after the other with the checkpoint that is open. */
export interface Live {
  /** Null until it is open. */
  readonly encoder: EncoderFacts | null
  readonly opening: boolean
  /** The place for it is open, and waits for an encoder to be chosen. */
  readonly wanting: boolean
  /** The last reading, which the figure shows; null while it shows the checkpoint's own inputs. */
  readonly current: LiveRead | null
  /** What `current` sounds like, where it is a sound: its samples, as the encoder was given them. */
  readonly heard: Float32Array<ArrayBuffer> | null
  /** Where what is wished for looks in `current`; null until that is known. */
  readonly points: {readonly wish: PointsWish; readonly found: LivePoints} | null
  /** Inputs that were read, and those that newer ones overtook before their turn came. */
  readonly read: number
  readonly skipped: number
  readonly paused: boolean
  /** Why the last input could not be read, or the encoder not be opened. */
  readonly trouble: string | null

  /** An explanation as the last reading alone gives it; null without one. */
  standIn: (explanation: Explanation) => Explanation | null
  /**
   * Opens an encoder beside the checkpoint: by default the one that a person chose for it, else the open example's own;
   * where there is neither, the place opens and waits for one.
   */
  open: (encoder?: Openable) => Promise<void>
  /** Lets go of the encoder and all readings. */
  close: () => void
  /** The same, and of which encoder was chosen: it belonged to what was open before. */
  forget: () => void
  /** Reads an input as soon as the one before it is done; the newest overtakes those that wait. Numbers are moved away. */
  give: (sample: LiveSample, from: string) => void
  /** Tells from now on where a place looks: at once in what was read last, then together with each reading. */
  wishPoints: (wish: PointsWish | null) => void
  /** Back to the checkpoint's own inputs; what has not been read yet is dropped. */
  leave: () => void
  /** While paused nothing is read; the newest input waits. */
  pause: () => void
  resume: () => void
}

export type LiveStore = StoreApi<Live>

export interface LiveParts {
  readonly engine: Pick<Engine, 'openEncoder' | 'readLive' | 'livePoints'>
  readonly session: SessionStore
  readonly now?: () => number
}

interface Waiting {
  readonly sample: LiveSample
  readonly from: string
}

const nothing = {
  encoder: null,
  opening: false,
  wanting: false,
  current: null,
  heard: null,
  points: null,
  trouble: null,
  paused: false,
  read: 0,
  skipped: 0
}

/** The store of live inputs. Never more than one is under way in the engine. */
export function createLive({engine, session, now = () => performance.now()}: LiveParts): LiveStore {
  return createStore<Live>()((set, get) => {
    let waiting: Waiting | null = null
    let underWay = false
    let index = 0
    /** Rises when what was asked for is wanted no more: its late replies are dropped. */
    let visit = 0
    /** The encoder that a person chose for this checkpoint. */
    let chosen: Openable | null = null
    let wish: PointsWish | null = null
    /** What was wished for is not known yet of what was read last. */
    let wishIsNew = false

    async function readAll() {
      if (underWay) return
      underWay = true
      try {
        for (;;)
          if (waiting && !get().paused) await readNewest()
          else if (wishIsNew) await findPoints()
          else break
      } catch (error) {
        // The checkpoint could not be opened again.
        waiting = null
        fail(error)
      } finally {
        underWay = false
      }
    }

    async function readNewest() {
      const ready = await session.getState().engineHolds()
      const next = waiting
      if (!next || get().paused) return
      waiting = null
      if (!ready) return
      const here = visit
      // The numbers are moved away.
      const heard = next.sample.kind === 'sound' ? next.sample.values.slice() : null
      try {
        const reading = await engine.readLive(next.sample)
        const points = here === visit ? await pointsNow() : null
        const current = {index, at: now(), from: next.from, reading}
        if (here !== visit) return
        index++
        set({current, heard, points, read: get().read + 1, trouble: null})
      } catch (error) {
        if (here === visit) fail(error)
      }
    }

    /** Of what was read last, which is `current`: nothing else is under way. */
    async function findPoints() {
      const here = visit
      wishIsNew = false
      const points = get().current && (await pointsNow())
      if (here === visit) set({points})
    }

    async function pointsNow(): Promise<Live['points']> {
      wishIsNew = false
      const asked = wish
      if (!asked) return null
      // A reading is shown without its points, too.
      const found = await engine.livePoints(asked.rows, asked.column).catch(() => null)
      return found && {wish: asked, found}
    }

    function fail(error: unknown) {
      if (error instanceof CancelledError) return
      if (error instanceof ReaderError) return set({trouble: error.message})
      const message = error instanceof Error ? error.message : String(error)
      set({trouble: `Something went wrong here, not in your input: ${message}`})
    }

    return {
      ...nothing,

      standIn: (explanation) => {
        const {current} = get()
        return current && oneInput(explanation, current.reading)
      },

      open: async (encoder) => {
        const {example} = session.getState()
        const openable = encoder ?? chosen ?? (example && encoderOf(example))
        get().close()
        if (!openable) return set({wanting: true})
        const here = visit
        set({opening: true})
        try {
          const facts = await engine.openEncoder(openable)
          if (here !== visit) return
          if (encoder) chosen = encoder
          set({encoder: facts, opening: false})
        } catch (error) {
          if (here !== visit) return
          // One that was chosen can be chosen again.
          set({opening: false, wanting: openable === encoder})
          fail(error)
        }
      },

      close: () => {
        visit++
        waiting = null
        set(nothing)
      },

      forget: () => {
        chosen = null
        get().close()
      },

      give: (sample, from) => {
        if (waiting) set({skipped: get().skipped + 1})
        waiting = {sample, from}
        void readAll()
      },

      wishPoints: (wanted) => {
        if (wanted === wish) return
        wish = wanted
        wishIsNew = true
        void readAll()
      },

      leave: () => {
        visit++
        waiting = null
        set({current: null, heard: null, points: null, trouble: null})
      },

      pause: () => set({paused: true}),

      resume: () => {
        set({paused: false})
        void readAll()
      }
    }
  })
}

/** Hears of every reading, once each and in order. Returns how to stop. */
export function onReading(live: LiveStore, listener: (read: LiveRead) => void): () => void {
  return live.subscribe(({current}, was) => {
    if (current && current !== was.current) listener(current)
  })
}

/**
 * Lets go of live inputs when another subject is opened, for their encoder belongs to the one before, and opens an
 * encoder that came as files do. Returns how to stop.
 */
export function followLive(session: SessionStore, live: LiveStore): () => void {
  return session.subscribe((now, was) => {
    if (now.explanation !== was.explanation && !sameSubject(now.explanation, was.explanation)) live.getState().forget()
    if (now.encoder && now.encoder !== was.encoder) void live.getState().open(now.encoder)
  })
}
