import type {FileValue} from '../archive'
import {ByteCursor} from './byteCursor'
import {Machine, type PickleWorld} from './machine'
import {opcodes} from './opcodes'
import type {PickleAccount} from './pickleAccount'
import {recalledIn} from './recalled'

export interface Unpickled {
  readonly value: FileValue
  /** Where the next pickle may start. */
  readonly end: number
  /** What the pickle names, and what it would have run. */
  readonly account: PickleAccount
}

const stop = 0x2e

/**
 * Reads the pickle that starts at `start`, protocols 0 to 5, as data: nothing it names is looked up or run.
 * Throws FormatError for what is no pickle, and PickleTruncated when the bytes end too soon.
 */
export function unpickle(bytes: Uint8Array, world: PickleWorld, start = 0): Unpickled {
  const cursor = new ByteCursor(bytes, start)
  const machine = new Machine(cursor, world, recalledIn(bytes, start))
  for (;;) {
    const code = cursor.u8()
    if (code === stop) return {value: machine.pop(), end: cursor.position, account: machine.account}
    const run = opcodes[code]
    if (!run) throw machine.broken(`0x${code.toString(16).padStart(2, '0')} stands where an opcode is needed`)
    run(machine)
  }
}
