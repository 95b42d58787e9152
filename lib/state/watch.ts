import {createStore, type StoreApi} from 'zustand/vanilla'
import {ReaderError} from '@/lib/core/errors'
import {waited} from '@/lib/core/waited'
import {type FollowedVersion, followVersions, type WatchLook} from '@/lib/engine/followVersions'
import {looksLikeInputs} from '@/lib/engine/inputArrays'
import type {Engine, Openable} from '@/lib/engine/protocol'
import type {WatchedFile} from '@/lib/engine/versionWatch'
import type {Opened} from './opened'
import type {Followed, SessionStore} from './session'
import type {CopiedFile} from './watchedHandle'
import {bytesOf, failedVersion, rowsAlone, versionOf, type WatchedVersion} from './watchedVersion'

/** A file that others write, or a folder that they write into. */
export interface WatchTarget {
  readonly name: string
  readonly kind: 'file' | 'folder'
  readonly files: () => Promise<readonly WatchedFile<CopiedFile>[]>
  /** Calls back when something changed, where the browser tells. Returns how to stop. */
  readonly onChange?: (wake: () => void) => () => void
}

/** The versions of what is watched. */
export interface Watch {
  readonly state: 'off' | 'watching' | 'paused' | 'stopped'
  readonly name: string
  readonly kind: WatchTarget['kind']
  /** What is being written, or gone; null while all stands still. */
  readonly writing: WatchLook['writing']
  /** Whether a version is being explained. */
  readonly reading: boolean
  /** The last written last. */
  readonly versions: readonly WatchedVersion[]
  /** Written over before they could be read. */
  readonly missed: number
  /** Read, and let go of, since there were too many. */
  readonly forgotten: number
  /** The version that the figure stands at; null while it follows the newest. */
  readonly shown: number | null
  /** Why it was stopped, where that was not the person's wish. */
  readonly because: string | null

  /** Watches this from now on, and nothing else. Resolves when it is stopped. */
  begin: (target: WatchTarget) => Promise<void>
  /** Nothing is looked at until `resume`: what is written meanwhile is not counted. */
  pause: () => void
  resume: () => void
  /** Ends watching; the history stays. */
  stop: () => void
  /** Ends it and lets go of the history. */
  close: () => void
  /** Turns the figure to a version; null: to the newest, from now on. */
  show: (version: number | null) => void
  /** So many versions on, or back. */
  step: (by: number) => void
}

export type WatchStore = StoreApi<Watch>

export interface WatchParts {
  readonly engine: Pick<Engine, 'inspect'>
  readonly session: SessionStore
  /** Resolves after so many milliseconds, or sooner when `signal` is aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
  /** Bytes that versions may take which are kept whole. */
  readonly keptBytes?: number
}

const mostVersions = 500
const settleMs = 150

const off = {
  state: 'off',
  name: '',
  kind: 'file',
  writing: null,
  reading: false,
  versions: [],
  missed: 0,
  forgotten: 0,
  shown: null,
  because: null
} as const

/** The store of a file or folder that is watched, and of the versions it had. */
export function createWatch({engine, session, wait = waited, keptBytes = 256e6}: WatchParts): WatchStore {
  return createStore<Watch>()((set, get) => {
    let end = new AbortController()
    let wake = () => {}
    let changed = new AbortController()
    /** What the figure is made from, of the versions that are kept whole. */
    let whole = new Map<number, Opened>()
    /** Feature files that came, by name. */
    let joined = new Map<string, Openable>()
    /** What was open as inputs when watching began. */
    let before: readonly Openable[] = []
    /** Checkpoints of ours: when another is open, someone opened something else. */
    let ours = new WeakSet<Openable>()
    let current: {readonly openable: Openable; readonly at: number; readonly size: number} | null = null
    let read = 0

    function halt(because: string | null) {
      end.abort()
      wake()
      if (get().state !== 'off') set({state: 'stopped', reading: false, writing: null, because})
    }

    /** Until nothing is worked on, and nothing asked. */
    async function whenIdle(signal: AbortSignal): Promise<void> {
      const busy = () => session.getState().work.kind !== 'ready' || session.getState().question !== null
      if (!busy() || signal.aborted) return
      await new Promise<void>((go) => {
        const done = () => {
          leave()
          go()
        }
        const leave = session.subscribe(() => busy() || done())
        signal.addEventListener('abort', done, {once: true})
      })
    }

    function remember(one: WatchedVersion, opened: Opened | null) {
      const versions = [...get().versions, one]
      const over = Math.max(0, versions.length - mostVersions)
      for (const {version} of versions.splice(0, over)) whole.delete(version)
      if (opened) whole.set(one.version, opened)
      let weight = [...whole.values()].reduce((sum, each) => sum + bytesOf(each), 0)
      for (const [version, each] of whole) {
        // The newest stays, whatever it weighs, and what is looked at.
        if (weight <= keptBytes || version === one.version) break
        if (version === get().shown) continue
        weight -= bytesOf(each)
        whole.delete(version)
      }
      set({
        versions: versions.map((each) => (each.whole && !whole.has(each.version) ? {...each, whole: false} : each)),
        forgotten: get().forgotten + over
      })
    }

    async function explain(missed: number, signal: AbortSignal): Promise<void> {
      const {openable, at, size} = current!
      const inputs = joined.size > 0 ? withJoined(before, joined) : undefined
      const version = ++read + missed
      const alike = read > 1
      let followed: Followed = {kind: 'superseded'}
      while (followed.kind === 'superseded') {
        await whenIdle(signal)
        if (signal.aborted) return
        set({reading: true})
        ours.add(openable)
        const show = () => get().shown === null && !signal.aborted
        const next = {checkpoint: openable, version, alike, show, ...(inputs ? {inputs} : {})}
        followed = await session.getState().follow(next)
        set({reading: false})
        if (signal.aborted) return
      }
      const named = {version, at, name: nameOf(openable), size}
      remember(
        followed.kind === 'opened' ? versionOf(named, followed.opened) : failedVersion(named, followed.trouble.message),
        followed.kind === 'opened' ? followed.opened : null
      )
    }

    /** A folder holds all kinds of files; a single one was meant to be a checkpoint. */
    async function kindOf(openable: Openable): Promise<'checkpoint' | 'inputs' | 'neither'> {
      if (get().kind === 'file') return 'checkpoint'
      const report = await engine.inspect(openable).catch((error: unknown) => {
        if (error instanceof ReaderError) return null
        throw error
      })
      if (report === null || report.encoder) return 'neither'
      if (report.detection.family !== null) return 'checkpoint'
      return looksLikeInputs(report) ? 'inputs' : 'neither'
    }

    async function take(versions: readonly FollowedVersion<CopiedFile>[], signal: AbortSignal): Promise<void> {
      const checkpoints: FollowedVersion<CopiedFile>[] = []
      let missed = 0
      let more = false
      for (const one of versions) {
        const openable: Openable = {kind: 'file', file: one.copy.file}
        const is = await kindOf(openable)
        if (signal.aborted) return
        missed = Math.max(missed, one.missed)
        if (is === 'checkpoint') checkpoints.push(one)
        if (is !== 'inputs') continue
        joined.set(one.name, openable)
        more = true
      }
      for (const {copy, stamp, missed} of checkpoints) {
        current = {openable: {kind: 'file', file: copy.file}, at: stamp.modified, size: stamp.size}
        await explain(missed, signal)
      }
      // Inputs wait for a checkpoint.
      if (more && checkpoints.length === 0 && current) {
        current = {...current, at: Math.max(...versions.map(({stamp}) => stamp.modified))}
        await explain(missed, signal)
      }
    }

    /** Waits as long as a look may be away, sooner when something changed, and while it is paused. */
    async function pass(ms: number, signal: AbortSignal): Promise<void> {
      await wait(ms, changed.signal)
      // Told of a change, wait a little: whoever writes is seldom done with one.
      if (changed.signal.aborted) await wait(settleMs, signal)
      changed = new AbortController()
      while (get().state === 'paused' && !signal.aborted) await new Promise<void>((go) => (wake = go))
    }

    function anew(target: WatchTarget) {
      end = new AbortController()
      whole = new Map()
      joined = new Map()
      ours = new WeakSet()
      read = 0
      const {files} = session.getState()
      before = files?.inputs ?? []
      current = null
      if (files) ours.add(files.checkpoint)
      // What is open is what the features of a folder belong to.
      if (files && target.kind === 'folder') {
        current = {openable: files.checkpoint, at: 0, size: session.getState().report?.size ?? 0}
      }
      set({...off, state: 'watching', name: target.name, kind: target.kind})
    }

    return {
      ...off,

      begin: async (target) => {
        halt(null)
        anew(target)
        const {signal} = end
        const unobserve = target.onChange?.(() => changed.abort())
        signal.addEventListener('abort', () => changed.abort())
        const leave = session.subscribe(({files}, was) => {
          if (files !== was.files && files !== null && !ours.has(files.checkpoint)) halt('Another file was opened.')
        })
        try {
          await followVersions<CopiedFile>({
            files: target.files,
            signal,
            wait: (ms) => pass(ms, signal),
            onLook: ({writing, missed}) => signal.aborted || set({writing, missed}),
            onVersions: (versions) => take(versions, signal)
          })
        } catch (error) {
          if (!signal.aborted) halt(error instanceof ReaderError ? error.message : `${target.name}: ${String(error)}`)
        } finally {
          leave()
          unobserve?.()
        }
      },

      pause: () => {
        if (get().state === 'watching') set({state: 'paused'})
      },

      resume: () => {
        if (get().state !== 'paused') return
        set({state: 'watching'})
        wake()
      },

      stop: () => halt(null),

      close: () => {
        halt(null)
        get().show(null)
        whole = new Map()
        set(off)
      },

      show: (version) => {
        const {versions} = get()
        const newest = versions.findLast(({trouble}) => trouble === null)
        const wanted = version === null ? newest : versions.find((one) => one.version === version)
        const shown = version === null || wanted === newest ? null : version
        set({shown})
        if (!wanted || wanted.trouble !== null || session.getState().version === wanted.version) return
        const opened = whole.get(wanted.version)
        session.getState().turnTo(opened ?? rowsAlone(wanted, (newest && whole.get(newest.version)) ?? null))
      },

      step: (by) => {
        const {versions, shown} = get()
        const read = versions.filter(({trouble}) => trouble === null)
        const at = shown === null ? read.length - 1 : read.findIndex(({version}) => version === shown)
        const next = read[Math.min(read.length - 1, Math.max(0, at + by))]
        if (next) get().show(next === read.at(-1) ? null : next.version)
      }
    }
  })
}

/** The open inputs, each in the newest version that came, and those that joined them. */
function withJoined(before: readonly Openable[], joined: ReadonlyMap<string, Openable>): Openable[] {
  const names = new Set(before.map(nameOf))
  const more = [...joined].filter(([name]) => !names.has(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  return [...before.map((one) => joined.get(nameOf(one)) ?? one), ...more.map(([, openable]) => openable)]
}

const nameOf = (openable: Openable) => (openable.kind === 'file' ? openable.file.name : openable.name)
