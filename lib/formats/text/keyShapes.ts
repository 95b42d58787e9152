/** What an object's keys so far make of it, by number: an object without any is 0, one that nothing is known of −1. */
export type Shape = number

export const noKeys: Shape = 0
export const unknownShape: Shape = -1

// Engines know at least so many (1,536 in V8), the first they meet; every object of another shape is described by itself.
const mostShapes = 1024
const slotCount = 4096
const longestKey = 64
const nowhere = -1

/**
 * The shapes of a text's objects: which keys follow each other, as engines remember it. Keys are told by their bytes,
 * whose places in the text are kept instead of them.
 */
export class KeyShapes {
  private readonly bytes: Uint8Array
  private readonly slots = new Int32Array(slotCount)
  private readonly shapes: {readonly before: Shape; readonly start: number; readonly end: number}[] = []

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** The shape that `before` has with one more key, which stands from `start` to `end`; unknown where it is new. */
  known(before: Shape, start: number, end: number): Shape {
    return this.slots[this.slotOf(before, start, end)] || unknownShape
  }

  /** Keeps it for the objects to come, as long as there is room. */
  add(before: Shape, start: number, end: number): Shape {
    const slot = this.slotOf(before, start, end)
    if (slot === nowhere || this.shapes.length === mostShapes) return unknownShape
    this.slots[slot] = this.shapes.push({before, start, end})
    return this.slots[slot]!
  }

  /** Where this shape stands in the table, or would. */
  private slotOf(before: Shape, start: number, end: number): number {
    if (before === unknownShape || end - start > longestKey || isDigit(this.bytes[start])) return nowhere
    let hash = before
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + this.bytes[i]!) | 0
    // Keys may be chosen so that they all belong in one slot: only those near it are looked at.
    for (let step = 0; step < 8; step++) {
      const slot = (hash + step) & (slotCount - 1)
      const shape = this.slots[slot]!
      if (shape === 0 || this.stands(shape, before, start, end)) return slot
    }
    return nowhere
  }

  private stands(shape: Shape, before: Shape, start: number, end: number): boolean {
    const {bytes} = this
    const kept = this.shapes[shape - 1]!
    if (kept.before !== before || kept.end - kept.start !== end - start) return false
    for (let i = 0; i < end - start; i++) if (bytes[kept.start + i] !== bytes[start + i]) return false
    return true
  }
}

// A number as a key is a place in a list, with room for those before it.
const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39
