import {createStore, type StoreApi} from 'zustand/vanilla'
import {CancelledError, ReaderError} from '@/lib/core/errors'
import type {EditedTensors, Engine, Supposed} from '@/lib/engine/protocol'
import {type Edit, editedHeads, editsOf, type GaussianEdit, type MaskEdit} from '@/lib/explain/edit'
import type {Explanation} from '@/lib/explain/explanation'
import {isEditable} from '@/lib/explain/isEditable'
import {sameSubject} from './followSession'
import type {SessionStore} from './session'

export type {Edit, GaussianEdit, MaskEdit}

/** What a handle moves: Gaussians of one head. */
export type Moved = Pick<GaussianEdit, 'head' | 'only'>

/** What a person changed in the checkpoint that is open, and what would follow. */
export interface WhatIf {
  /** Net changes, one entry for each set of Gaussians and each mask, in the order they were first made. */
  readonly edits: readonly Edit[]
  readonly canUndo: boolean
  readonly canRedo: boolean
  /** The engine's last answer; null without edits. It may lag behind `edits` while `waiting`. */
  readonly supposed: Supposed | null
  readonly waiting: boolean
  /** The original is shown while this is held. */
  readonly comparing: boolean
  /** Which of a block's components the handles move; null for the head as a whole. */
  readonly component: number | null
  readonly trouble: string | null

  /** An explanation as it would be with the edits; null where the original is to be shown. */
  standIn: (explanation: Explanation) => Explanation | null
  /** The shift and scale in force for these Gaussians. */
  changeOf: (moved: Moved) => Pick<GaussianEdit, 'shift' | 'scale'>
  /** Sets shift and scale for these Gaussians; within a drag all calls make one step. */
  change: (moved: Moved, to: Partial<Pick<GaussianEdit, 'shift' | 'scale'>>) => void
  /** From here to `endDrag` all changes make one step of undo. */
  beginDrag: () => void
  endDrag: () => void
  /** Lets go of a drag: everything is as before it. */
  abandonDrag: () => void
  toggleMask: (of: MaskEdit['of'], index: number) => void
  undo: () => void
  redo: () => void
  /** Back to the checkpoint as it is; can be undone. */
  reset: () => void
  /** Takes over the edits of an explanation that was shared; undoing them leads to the checkpoint as it is. */
  adopt: (edits: readonly Edit[]) => void
  compare: (held: boolean) => void
  pickComponent: (component: number | null) => void
  /** Lets go of edits and history: they belong to what was open before. */
  forget: () => void
  /** The bytes of a .safetensors file with the edited numbers. Rejects with ReaderError. */
  save: (which: EditedTensors) => Promise<Uint8Array<ArrayBuffer>>
}

export type EditsStore = StoreApi<WhatIf>

export interface EditsParts {
  readonly engine: Pick<Engine, 'whatIf' | 'saveEdited'>
  readonly session: SessionStore
}

const untouched = {
  edits: [],
  canUndo: false,
  canRedo: false,
  supposed: null,
  waiting: false,
  comparing: false,
  component: null,
  trouble: null
} as const

/** Steps that can be undone. */
const steps = 100

/** The store of edits. The engine has never more than one question; the newest edits are asked about next. */
export function createEdits({engine, session}: EditsParts): EditsStore {
  return createStore<WhatIf>()((set, get) => {
    let past: (readonly Edit[])[] = []
    let future: (readonly Edit[])[] = []
    /** The edits before the drag under way; null where there is none. */
    let held: readonly Edit[] | null = null
    let asking = false
    /** Rises with each file: answers about the one before are dropped. */
    let visit = 0

    function show(edits: readonly Edit[]) {
      const none = edits.length === 0
      set({edits, canUndo: past.length > 0, canRedo: future.length > 0, trouble: null, waiting: !none})
      if (none) set({supposed: null, comparing: false})
      else void askOn()
    }

    function step(edits: readonly Edit[]) {
      if (held === null) remember(get().edits)
      show(edits)
    }

    function remember(before: readonly Edit[]) {
      past = [...past, before].slice(-steps)
      future = []
    }

    async function askOn() {
      if (asking) return
      asking = true
      try {
        let answered: readonly Edit[] | null = null
        while (answered !== get().edits && get().edits.length > 0) answered = await askNewest()
      } finally {
        asking = false
      }
    }

    /** Returns what it asked about. */
    async function askNewest(): Promise<readonly Edit[]> {
      let asked = get().edits
      const here = visit
      try {
        const ready = await session.getState().engineHolds()
        asked = get().edits
        const {explanation} = session.getState()
        if (!ready || here !== visit || !explanation || asked.length === 0) return asked
        const supposed = await engine.whatIf(editsOf(explanation, asked))
        if (here === visit && get().edits.length > 0) set({supposed, waiting: get().edits !== asked})
      } catch (error) {
        if (here === visit && get().edits === asked && !(error instanceof CancelledError))
          set({waiting: false, trouble: sentenceOf(error)})
      }
      return asked
    }

    return {
      ...untouched,

      standIn: (explanation) => supposedOf(explanation, get()),

      changeOf: (moved) => {
        const {shift, scale} = changeIn(get().edits, moved)
        return {shift, scale}
      },

      change: (moved, to) => {
        const {edits} = get()
        const now = changeIn(edits, moved)
        const next = {...now, ...to}
        if (!Number.isFinite(next.shift) || !(next.scale > 0) || sameChange(now, next)) return
        step(placed(edits, next))
      },

      beginDrag: () => {
        held ??= get().edits
      },

      endDrag: () => {
        const before = held
        held = null
        if (before === null || before === get().edits) return
        remember(before)
        set({canUndo: true, canRedo: false})
      },

      abandonDrag: () => {
        const before = held
        held = null
        if (before !== null && before !== get().edits) show(before)
      },

      toggleMask: (of, index) => {
        const {edits} = get()
        const others = edits.filter((edit) => edit.kind !== 'mask' || edit.of !== of || edit.index !== index)
        step(others.length < edits.length ? others : [...edits, {kind: 'mask', of, index}])
      },

      undo: () => {
        get().abandonDrag()
        const before = past.pop()
        if (!before) return
        future = [...future, get().edits]
        show(before)
      },

      redo: () => {
        get().abandonDrag()
        const after = future.pop()
        if (!after) return
        past = [...past, get().edits]
        show(after)
      },

      reset: () => {
        get().abandonDrag()
        if (get().edits.length > 0) step([])
      },

      adopt: (edits) => {
        get().abandonDrag()
        past = [[]]
        future = []
        show(edits)
      },

      compare: (comparing) => set({comparing: comparing && get().edits.length > 0}),
      pickComponent: (component) => set({component}),

      forget: () => {
        visit++
        past = []
        future = []
        held = null
        set(untouched)
      },

      save: async (which) => {
        const {explanation} = session.getState()
        if (!(await session.getState().engineHolds()) || !explanation)
          throw new ReaderError('Nothing to save', 'Found nothing open; needed a checkpoint.')
        return engine.saveEdited(editsOf(explanation, get().edits).heads, which)
      }
    }
  })
}

/**
 * Lets go of edits when another subject is opened, and takes over those of a shared explanation once its files are here.
 * Returns how to stop.
 */
export function followEdits(session: SessionStore, edits: EditsStore): () => void {
  return session.subscribe((now, was) => {
    if (now.explanation !== was.explanation && !sameSubject(now.explanation, was.explanation)) edits.getState().forget()
    const judgedNow = now.shared?.verdict && now.shared !== was.shared ? now.shared : null
    const shared = judgedNow?.record.shownAs?.edits ?? []
    if (shared.length > 0 && now.files && judgedNow?.verdict?.kind !== 'other-file') edits.getState().adopt(shared)
  })
}

/**
 * The explanation to show for these edits: the engine's answer, and until it has come the last one with the Gaussians
 * as they stand now. Null where the original is to be shown.
 */
export function supposedOf(explanation: Explanation, whatIf: WhatIf): Explanation | null {
  const {edits, supposed, waiting, comparing} = whatIf
  if (edits.length === 0 || comparing || !isEditable(explanation)) return null
  const shown = supposed ? ofSameFiles(supposed.explanation, explanation) : explanation
  return supposed && !waiting && !whatIf.trouble ? shown : {...shown, heads: editedHeads(explanation, edits)}
}

// Files are not hashed again for an edit.
const ofSameFiles = (supposed: Explanation, {provenance: {checkpoint, inputs}}: Explanation): Explanation => ({
  ...supposed,
  provenance: {...supposed.provenance, checkpoint, inputs}
})

const sameMoved = (a: Moved, b: Moved) => a.head === b.head && String(a.only) === String(b.only)

const sameChange = (a: GaussianEdit, b: GaussianEdit) => a.shift === b.shift && a.scale === b.scale

const changeIn = (edits: readonly Edit[], {head, only}: Moved): GaussianEdit =>
  edits.find((edit): edit is GaussianEdit => edit.kind === 'gaussians' && sameMoved(edit, {head, only})) ?? {
    kind: 'gaussians',
    head,
    only,
    shift: 0,
    scale: 1
  }

// What changes nothing is no edit.
function placed(edits: readonly Edit[], edit: GaussianEdit): readonly Edit[] {
  const is = (other: Edit) => other.kind === 'gaussians' && sameMoved(other, edit)
  if (edit.shift === 0 && edit.scale === 1) return edits.filter((other) => !is(other))
  return edits.some(is) ? edits.map((other) => (is(other) ? edit : other)) : [...edits, edit]
}

function sentenceOf(error: unknown): string {
  if (error instanceof ReaderError) return error.message
  return `Something went wrong here, not in your file: ${error instanceof Error ? error.message : String(error)}`
}
