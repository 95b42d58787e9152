import {FormatError} from '@/lib/core/errors'
import type {FileValue, Inert} from '../archive'
import {sizeText} from '../sizeText'
import type {ByteCursor} from './byteCursor'
import {PickleAccount} from './pickleAccount'
import type {Recalled} from './recalled'

/** Makes the value that a known function or class gives. It computes; it never runs what a file names. */
export type Rebuild = (args: readonly FileValue[], machine: Machine) => FileValue

/** What a pickle may name, and what stands for its persistent ids. */
export interface PickleWorld {
  readonly known: ReadonlyMap<string, Rebuild>
  /** Names that are harmless as mere names, such as element types; they are not reported. */
  readonly isPassive?: (global: string) => boolean
  readonly persistent?: (id: FileValue) => FileValue
  /** Bytes that were read of the same file beside the pickle, such as a directory of its storages. */
  readonly readBeside?: number
}

type Mutable<T> = {-readonly [K in keyof T]: T[K]}

// Objects cost more memory than the bytes that ask for them: a single byte makes an empty dictionary. Each thing made
// is charged what it was measured to cost (test/formats/bombs.test.ts), and the sum is bounded by what was read: with
// the bytes themselves, by four times of it.
const freeBytes = 48e6
const bytesPerByte = 3
export const cost = {
  slot: 8,
  /** Room on the stack, which doubles by moving all that is on it. */
  room: 28,
  number: 16,
  text: 32,
  bytes: 120,
  list: 48,
  firstRoom: 152,
  memo: 112,
  pair: 56,
  dictionary: 200,
  record: 100,
  /** A tensor with what is kept about it. */
  tensor: 400
} as const

const longestName = 500
const longList = 100_000

/** The stack, the memo and the limits of one pickle. The opcodes move values; the machine knows what values may do. */
export class Machine {
  readonly cursor: ByteCursor
  /** Every class and function that the pickle names, and what it would have them do. */
  readonly account = new PickleAccount()
  private stack: FileValue[] = []
  private readonly marks: number[] = []
  /** Of all that the pickle remembers, what it will ask for. */
  private readonly memo = new Map<number, FileValue>()
  private readonly recalled: Recalled
  private remembered = 0
  private readonly globals = new Map<string, Inert>()
  private readonly unfinished = new Map<FileValue, (state: FileValue) => FileValue>()
  private readonly finished = new Map<FileValue, FileValue>()
  private readonly world: PickleWorld
  private readonly budget: number
  private spent = 0
  private room = 0
  private markRoom = 0

  constructor(cursor: ByteCursor, world: PickleWorld, recalled: Recalled) {
    this.cursor = cursor
    this.world = world
    this.recalled = recalled
    this.budget = freeBytes + bytesPerByte * (cursor.bytes.length + (world.readBeside ?? 0))
  }

  /** Accounts for memory about to be used. */
  charge(bytes: number): void {
    this.spent += bytes
    if (this.spent <= this.budget) return
    throw new FormatError(
      `pickle: its values need more than ${sizeText(this.budget)}, the file has ${sizeText(this.cursor.bytes.length)}; it is not an honest checkpoint`
    )
  }

  /** `bytes` is what the value costs by itself; the stack's own room is charged once, however often it is filled. */
  push(value: FileValue, bytes = 0): void {
    if (this.stack.length === this.room) {
      this.room++
      this.charge(cost.room)
    }
    this.charge(bytes)
    this.stack.push(value)
  }

  pop(): FileValue {
    this.needValue()
    return this.stack.pop()!
  }

  top(): FileValue {
    this.needValue()
    return this.stack.at(-1)!
  }

  mark(): void {
    if (this.marks.length === this.markRoom) {
      this.markRoom++
      this.charge(cost.room)
    }
    this.marks.push(this.stack.length)
  }

  /** The values above the last mark, and the mark itself, come off the stack. */
  popToMark(): FileValue[] {
    const start = this.marks.pop()
    if (start === undefined) throw this.broken('a mark is needed and none was set')
    return this.stack.splice(start)
  }

  /** Python's POP also takes back a mark that nothing stands on. */
  drop(): void {
    if (this.marks.at(-1) === this.stack.length) this.marks.pop()
    else this.pop()
  }

  remember(index: number = this.remembered): void {
    const value = this.top()
    if (index >= this.remembered) this.remembered++
    if (!this.recalled.has(index)) return
    this.charge(cost.memo)
    this.memo.set(index, value)
  }

  recall(index: number): void {
    const value = this.memo.get(index)
    if (value === undefined) throw this.broken(`memo ${index} is asked for and was never filled`)
    this.push(this.finished.get(value) ?? value)
  }

  /**
   * A reference to a class or function by name: the same record every time, so that it can be told from an instance.
   */
  global(module: FileValue, name: FileValue): Inert {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw this.broken('a global is named by something that is not text')
    if (module.length + name.length > longestName) {
      throw this.broken(
        `a global has a name of ${module.length + name.length} characters; at most ${longestName} are read`
      )
    }
    const global = `${module.replace(/^__builtin__$/, 'builtins')}.${name}`
    const seen = this.globals.get(global)
    if (seen) return seen
    this.charge(cost.record + cost.pair + global.length)
    const reference: Inert = {kind: 'inert', global, args: [], state: null}
    this.globals.set(global, reference)
    this.account.meet(global, this.world.known.has(global) ? 'read' : this.world.isPassive?.(global) ? 'name' : 'inert')
    return reference
  }

  /** What calling `callee` gives if we know it, and a record of the call if we do not. */
  call(callee: FileValue, args: FileValue): FileValue {
    if (!isInert(callee) || !Array.isArray(args))
      throw this.broken('something is called that is not a class or function')
    const rebuild = this.globals.get(callee.global) === callee ? this.world.known.get(callee.global) : undefined
    if (rebuild) return rebuild(args, this)
    this.account.call(callee.global, args)
    return this.record(callee.global, args)
  }

  /** A record of something that is not run. */
  record(global: string, args: readonly FileValue[]): Inert {
    this.charge(cost.record)
    return {kind: 'inert', global, args, state: null}
  }

  persistent(id: FileValue): FileValue {
    if (!this.world.persistent)
      throw this.broken('a value outside the pickle is asked for; a whole torch file is needed')
    return this.world.persistent(id)
  }

  /** From now on `object` waits for its state, which `finish` turns into the value that takes its place. */
  onState(object: FileValue, finish: (state: FileValue) => FileValue): void {
    this.charge(cost.pair)
    this.unfinished.set(object, finish)
  }

  /** Gives the top of the stack its state: Python's `__setstate__`, or attributes for what has none. */
  build(state: FileValue): void {
    const object = this.pop()
    const finish = this.unfinished.get(object)
    if (finish) {
      this.unfinished.delete(object)
      const value = finish(state)
      this.charge(cost.pair)
      this.finished.set(object, value)
      this.push(value)
      return
    }
    if (this.isInstance(object)) for (const part of stateParts(state)) this.addState(object, part)
    else if (isScalar(object)) throw this.broken('attributes are given to something that has none')
    // Attributes of a plain dictionary, list or tensor (a state dict's _metadata) say nothing about its values.
    this.push(object)
  }

  /** Python's `target[key] = value`, on a dictionary or on a record of something like one. */
  setItems(target: FileValue, pairs: readonly FileValue[]): void {
    this.charge((cost.pair * pairs.length) / 2)
    const map = target instanceof Map ? target : this.itemsOf(target)
    for (let i = 0; i + 1 < pairs.length; i += 2) map.set(asKey(pairs[i]!), pairs[i + 1]!)
  }

  /** Python's `target.extend(values)`, on a list or on a record of something like one. */
  append(target: FileValue, values: readonly FileValue[]): void {
    if (Array.isArray(target)) {
      // A list grows by more than is asked for, and most at first; a long one is moved as it grows.
      const room = target.length > longList ? 2.5 : 1.5
      this.charge(room * cost.slot * values.length + (target.length === 0 && values.length > 0 ? cost.firstRoom : 0))
      for (const value of values) target.push(value)
      return
    }
    const map = this.itemsOf(target)
    for (const value of values) this.setItems(map, [map.size, value])
  }

  /** An error that says where. */
  broken(what: string): FormatError {
    return new FormatError(`pickle: ${what} (byte ${this.cursor.position}); the file is damaged or is not a pickle`)
  }

  private needValue(): void {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw this.broken('a value is needed and the stack is empty')
  }

  private isInstance(value: FileValue): value is Inert {
    return isInert(value) && this.globals.get(value.global) !== value
  }

  private itemsOf(target: FileValue): Map<FileValue, FileValue> {
    if (!this.isInstance(target)) throw this.broken('items are added to something that holds none')
    if (target.state instanceof Map) return target.state
    this.charge(cost.dictionary)
    const items = new Map<FileValue, FileValue>()
    if (target.state !== null) items.set('__state__', target.state)
    const open = target as Mutable<Inert>
    open.state = items
    return items
  }

  private addState(object: Inert, state: FileValue): void {
    const open = object as Mutable<Inert>
    if (open.state === null) open.state = state
    else if (state instanceof Map) this.setItems(object, [...state].flat())
    else this.setItems(object, ['__state__', state])
  }
}

// Classes with slots hand over a pair: their dictionary (or None) and their slots.
function stateParts(state: FileValue): FileValue[] {
  const isPair = Array.isArray(state) && state.length === 2 && state[1] instanceof Map
  if (isPair && state[0] === null) return [state[1]]
  return isPair && state[0] instanceof Map ? [...state] : [state]
}

export function isInert(value: FileValue): value is Inert {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'inert'
}

function isScalar(value: FileValue): boolean {
  return typeof value !== 'object' || value === null
}

// Engines compare huge integers digit by digit and hash them alike: as keys they are spelled out.
function asKey(key: FileValue): FileValue {
  return typeof key === 'bigint' ? String(key) : key
}
