import {FormatError} from '@/lib/core/errors'
import {ByteCursor} from './byteCursor'

/** Which entries of a pickle's memo it will ask for. */
export interface Recalled {
  has(index: number): boolean
}

type Pass = (cursor: ByteCursor) => void

// What follows an opcode, by the opcodes that it follows; nothing follows the others (CPython's pickletools).
const followedBy: readonly (readonly [codes: string, pass: Pass])[] = [
  ['Kq\x80\x82', (cursor) => cursor.skip(1)],
  ['M\x83', (cursor) => cursor.skip(2)],
  ['Jr\x84', (cursor) => cursor.skip(4)],
  ['G\x95', (cursor) => cursor.skip(8)],
  ['CU\x8a\x8c', (cursor) => cursor.skip(cursor.u8())],
  ['T\x8b', (cursor) => cursor.skip(cursor.i32())],
  ['BX', (cursor) => cursor.skip(cursor.u32())],
  ['\x8d\x8e\x96', (cursor) => cursor.skip(cursor.u64())],
  ['FILPSVp', (cursor) => cursor.skipLine()],
  ['ci', twoLines]
]

const passes: readonly (Pass | undefined)[] = followedBy.reduce<(Pass | undefined)[]>((all, [codes, pass]) => {
  for (const code of codes) all[code.charCodeAt(0)] = pass
  return all
}, new Array(256).fill(undefined))

const [stop, get, binget, longBinget] = [...'.ghj'].map((code) => code.charCodeAt(0))

function twoLines(cursor: ByteCursor): void {
  cursor.skipLine()
  cursor.skipLine()
}

/**
 * Reads a pickle for what it asks its memo for. A pickle remembers nearly everything it makes and asks again for little
 * of it: all else may be let go as soon as it is used, instead of when the pickle ends.
 */
export function recalledIn(bytes: Uint8Array, start: number): Recalled {
  // Each memo takes a byte of the pickle to fill.
  const most = bytes.length - start
  const bits = new Uint8Array(Math.ceil(most / 8))
  const ask = (index: number) => {
    if (index < most) bits[index >> 3]! |= 1 << (index & 7)
  }
  // A number out of order is no reason to forget it.
  const recalled = {has: (index: number) => !(index < most) || (bits[index >> 3]! >> (index & 7)) % 2 === 1}
  const cursor = new ByteCursor(bytes, start)
  try {
    for (let code = cursor.u8(); code !== stop; code = cursor.u8()) {
      if (code === binget) ask(cursor.u8())
      else if (code === longBinget) ask(cursor.u32())
      else if (code === get) ask(Number(cursor.line()))
      else passes[code]?.(cursor)
    }
  } catch (error) {
    // Whoever reads the values will come to the same end, and say so.
    if (!(error instanceof FormatError)) throw error
  }
  return recalled
}
