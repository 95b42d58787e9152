import type {MapKind} from '@/lib/views/frame'
import type {FigureLayout} from '@/lib/views/layout'

/** Where the reader stands when a key goes down. */
export interface KeyState {
  readonly layout: FigureLayout
  /** Columns of the map; 0 without one. */
  readonly columns: number
  readonly layer: number | null
  readonly feature: number | null
  readonly pinned: number | null
  /** Something is pinned, alone or enlarged. */
  readonly holding: boolean
}

/** What a key asks for. */
export type KeyWish =
  | {readonly kind: 'point'; readonly layer: number; readonly feature: number | null}
  | {readonly kind: 'pin'; readonly layer: number}
  | {readonly kind: 'solo'; readonly layer: number}
  | {readonly kind: 'map'; readonly map: MapKind}
  | {readonly kind: 'release'}

const maps: Readonly<Record<string, MapKind>> = {1: 'density', 2: 'importance', 3: 'learned'}

/** The wish behind a key, or null when the figure has no use for it. `key` is KeyboardEvent.key. */
export function keyWish(key: string, shift: boolean, state: KeyState): KeyWish | null {
  const {layer, pinned} = state
  const map = maps[key]
  if (map) return {kind: 'map', map}
  switch (key) {
    case 'Escape':
      return state.holding || layer !== null ? {kind: 'release'} : null
    case 'Enter': {
      const held = layer ?? pinned
      return held === null ? null : {kind: shift ? 'solo' : 'pin', layer: held}
    }
    case 'ArrowLeft':
      return pointColumn(state, -1)
    case 'ArrowRight':
      return pointColumn(state, 1)
    default:
      return pointRow(key, state)
  }
}

function pointRow(key: string, {layout, layer, pinned, feature}: KeyState): KeyWish | null {
  const {rows, known} = layout
  if (!known || rows.length === 0) return null
  const held = layer ?? pinned
  const i = held === null ? -1 : rows.findIndex((row) => row.layer === held)
  const last = rows.length - 1
  const to = (index: number): KeyWish => ({
    kind: 'point',
    layer: rows[Math.max(0, Math.min(last, index))]!.layer,
    feature
  })
  switch (key) {
    case 'ArrowDown':
      return to(i + 1)
    case 'ArrowUp':
      return to(i < 0 ? last : i - 1)
    case 'Home':
      return to(0)
    case 'End':
      return to(last)
    case 'PageDown':
      return to(nextHead(layout, i, 1))
    case 'PageUp':
      return to(nextHead(layout, i, -1))
    default:
      return null
  }
}

// The first row of the head below, or of the head above; in a sorted order the nearest row of another head.
function nextHead({rows, modelOrder}: FigureLayout, from: number, step: 1 | -1): number {
  if (from < 0) return 0
  const head = rows[from]!.head
  let i = from
  while (rows[i]?.head === head) i += step
  if (i < 0) return 0
  if (i >= rows.length) return from
  if (step < 0 && modelOrder) while (i > 0 && rows[i - 1]!.head === rows[i]!.head) i--
  return i
}

function pointColumn({layout, columns, layer, pinned, feature}: KeyState, step: 1 | -1): KeyWish | null {
  const row = layer ?? pinned ?? layout.rows[0]?.layer
  if (!layout.known || columns === 0 || row === undefined) return null
  const column = feature === null ? (step > 0 ? 0 : columns - 1) : feature + step
  return {kind: 'point', layer: row, feature: Math.max(0, Math.min(columns - 1, column))}
}
