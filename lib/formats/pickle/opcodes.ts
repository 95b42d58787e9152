import type {FileValue} from '../archive'
import {decimalInteger, float, integer, longInteger, pythonString, rawUnicode} from './literals'
import {cost, type Machine} from './machine'

type Opcode = (machine: Machine) => void

// Every opcode of protocols 0 to 5, in the order and by the names of CPython's pickletools. STOP is the loop's own.
const table: readonly (readonly [name: string, code: string | number, run: Opcode])[] = [
  // Numbers
  ['INT', 'I', (m) => m.push(integer(m.cursor.line(), m), cost.number)],
  ['BININT', 'J', (m) => m.push(m.cursor.i32(), cost.number)],
  ['BININT1', 'K', (m) => m.push(m.cursor.u8())],
  ['BININT2', 'M', (m) => m.push(m.cursor.u16())],
  ['LONG', 'L', (m) => m.push(decimalInteger(m.cursor.line().replace(/L$/, ''), m), cost.number)],
  ['LONG1', 0x8a, (m) => m.push(longInteger(m.cursor.take(m.cursor.u8()), m), cost.number)],
  ['LONG4', 0x8b, (m) => m.push(longInteger(m.cursor.take(m.cursor.i32()), m), cost.number)],
  ['FLOAT', 'F', (m) => m.push(float(m.cursor.line(), m), cost.number)],
  ['BINFLOAT', 'G', (m) => m.push(m.cursor.f64(), cost.number)],
  // Text and bytes
  ['STRING', 'S', (m) => text(m, pythonString(m.cursor.line(), m))],
  ['BINSTRING', 'T', (m) => text(m, m.cursor.latin1(m.cursor.i32()))],
  ['SHORT_BINSTRING', 'U', (m) => text(m, m.cursor.latin1(m.cursor.u8()))],
  ['UNICODE', 'V', (m) => text(m, rawUnicode(m.cursor.line()))],
  ['SHORT_BINUNICODE', 0x8c, (m) => text(m, m.cursor.text(m.cursor.u8()))],
  ['BINUNICODE', 'X', (m) => text(m, m.cursor.text(m.cursor.u32()))],
  ['BINUNICODE8', 0x8d, (m) => text(m, m.cursor.text(m.cursor.u64()))],
  ['BINBYTES', 'B', (m) => m.push(m.cursor.take(m.cursor.u32()), cost.bytes)],
  ['SHORT_BINBYTES', 'C', (m) => m.push(m.cursor.take(m.cursor.u8()), cost.bytes)],
  ['BINBYTES8', 0x8e, (m) => m.push(m.cursor.take(m.cursor.u64()), cost.bytes)],
  ['BYTEARRAY8', 0x96, (m) => m.push(m.cursor.take(m.cursor.u64()), cost.bytes)],
  ['NEXT_BUFFER', 0x97, (m) => refuseBuffer(m)],
  ['READONLY_BUFFER', 0x98, (m) => refuseBuffer(m)],
  // None, True, False
  ['NONE', 'N', (m) => m.push(null)],
  ['NEWTRUE', 0x88, (m) => m.push(true)],
  ['NEWFALSE', 0x89, (m) => m.push(false)],
  // Lists
  ['EMPTY_LIST', ']', (m) => m.push([], cost.list)],
  ['APPEND', 'a', (m) => appendTo(m, [m.pop()])],
  ['APPENDS', 'e', (m) => appendTo(m, m.popToMark())],
  ['LIST', 'l', (m) => sequence(m, m.popToMark())],
  // Tuples, which are lists here
  ['EMPTY_TUPLE', ')', (m) => m.push([], cost.list)],
  ['TUPLE', 't', (m) => sequence(m, m.popToMark())],
  ['TUPLE1', 0x85, (m) => sequence(m, [m.pop()])],
  ['TUPLE2', 0x86, (m) => sequence(m, popInOrder(m, 2))],
  ['TUPLE3', 0x87, (m) => sequence(m, popInOrder(m, 3))],
  // Dictionaries
  ['EMPTY_DICT', '}', (m) => m.push(new Map(), cost.dictionary)],
  ['DICT', 'd', (m) => dictionary(m, m.popToMark())],
  ['SETITEM', 's', (m) => setItemsOf(m, popInOrder(m, 2))],
  ['SETITEMS', 'u', (m) => setItemsOf(m, m.popToMark())],
  // Sets, which are lists here
  ['EMPTY_SET', 0x8f, (m) => m.push([], cost.list)],
  ['ADDITEMS', 0x90, (m) => appendTo(m, m.popToMark())],
  ['FROZENSET', 0x91, (m) => sequence(m, m.popToMark())],
  // The stack
  ['POP', '0', (m) => m.drop()],
  ['DUP', '2', (m) => m.push(m.top())],
  ['MARK', '(', (m) => m.mark()],
  ['POP_MARK', '1', (m) => void m.popToMark()],
  // The memo
  ['GET', 'g', (m) => m.recall(memoIndex(m))],
  ['BINGET', 'h', (m) => m.recall(m.cursor.u8())],
  ['LONG_BINGET', 'j', (m) => m.recall(m.cursor.u32())],
  ['PUT', 'p', (m) => m.remember(memoIndex(m))],
  ['BINPUT', 'q', (m) => m.remember(m.cursor.u8())],
  ['LONG_BINPUT', 'r', (m) => m.remember(m.cursor.u32())],
  ['MEMOIZE', 0x94, (m) => m.remember()],
  // Names and calls
  ['EXT1', 0x82, (m) => refuseExtension(m)],
  ['EXT2', 0x83, (m) => refuseExtension(m)],
  ['EXT4', 0x84, (m) => refuseExtension(m)],
  ['GLOBAL', 'c', (m) => m.push(m.global(m.cursor.line(), m.cursor.line()))],
  ['STACK_GLOBAL', 0x93, (m) => m.push(m.global(...(popInOrder(m, 2) as [FileValue, FileValue])))],
  ['REDUCE', 'R', (m) => m.push(m.call(...(popInOrder(m, 2) as [FileValue, FileValue])))],
  ['BUILD', 'b', (m) => m.build(m.pop())],
  ['INST', 'i', (m) => m.push(m.call(m.global(m.cursor.line(), m.cursor.line()), m.popToMark()))],
  ['OBJ', 'o', (m) => object(m, m.popToMark())],
  ['NEWOBJ', 0x81, (m) => m.push(m.call(...(popInOrder(m, 2) as [FileValue, FileValue])))],
  ['NEWOBJ_EX', 0x92, (m) => objectWithKeywords(m, popInOrder(m, 3))],
  // Framing: frames are a reading aid, and we have the bytes.
  ['PROTO', 0x80, (m) => checkProtocol(m, m.cursor.u8())],
  ['FRAME', 0x95, (m) => void m.cursor.u64()],
  // Values kept outside the pickle
  ['PERSID', 'P', (m) => m.push(m.persistent(m.cursor.line()))],
  ['BINPERSID', 'Q', (m) => m.push(m.persistent(m.pop()))]
]

/** What each byte does, by its number. */
export const opcodes: readonly (Opcode | undefined)[] = table.reduce<(Opcode | undefined)[]>((all, [, code, run]) => {
  all[typeof code === 'string' ? code.charCodeAt(0) : code] = run
  return all
}, new Array(256).fill(undefined))

function text(machine: Machine, value: string): void {
  machine.push(value, cost.text + value.length)
}

function sequence(machine: Machine, values: FileValue[]): void {
  machine.push(values, cost.list + cost.slot * values.length)
}

function dictionary(machine: Machine, pairs: readonly FileValue[]): void {
  const map = new Map<FileValue, FileValue>()
  machine.push(map, cost.dictionary)
  machine.setItems(map, pairs)
}

function setItemsOf(machine: Machine, pairs: readonly FileValue[]): void {
  machine.setItems(machine.top(), pairs)
}

function appendTo(machine: Machine, values: readonly FileValue[]): void {
  machine.append(machine.top(), values)
}

function object(machine: Machine, [callee = null, ...args]: readonly FileValue[]): void {
  machine.push(machine.call(callee, args))
}

function objectWithKeywords(
  machine: Machine,
  [callee = null, args = null, keywords = null]: readonly FileValue[]
): void {
  if (!Array.isArray(args)) throw machine.broken('something is called without a list of arguments')
  machine.push(machine.call(callee, [...args, keywords]), cost.slot * args.length)
}

function popInOrder(machine: Machine, count: number): FileValue[] {
  const values = new Array<FileValue>(count)
  for (let i = count - 1; i >= 0; i--) values[i] = machine.pop()
  return values
}

function memoIndex(machine: Machine): number {
  const index = Number(machine.cursor.line())
  if (!Number.isSafeInteger(index) || index < 0)
    throw machine.broken('a memo is numbered by something that is no number')
  return index
}

function checkProtocol(machine: Machine, protocol: number): void {
  if (protocol > 5) throw machine.broken(`protocol ${protocol} is announced; 0 to 5 are read`)
}

function refuseBuffer(machine: Machine): never {
  throw machine.broken('a buffer kept outside the file is asked for; a file that holds everything is needed')
}

function refuseExtension(machine: Machine): never {
  throw machine.broken('an extension code of one Python installation is used; names are needed')
}
