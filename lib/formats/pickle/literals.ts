import type {Machine} from './machine'

// How protocols 0 and 1 spell numbers and text, and the one integer of later protocols that has no fixed size.

// Beyond this, arithmetic on an integer costs time that no checkpoint is worth.
const longestInteger = 4096

/** `12`, or the two booleans of old, `00` and `01`. */
export function integer(line: string, machine: Machine): number | bigint | boolean {
  if (line === '00' || line === '01') return line === '01'
  return decimalInteger(line, machine)
}

/** An integer in decimal: a number where a number holds it exactly, a bigint beyond. */
export function decimalInteger(line: string, machine: Machine): number | bigint {
  if (line.length > longestInteger)
    throw machine.broken(`an integer has ${line.length} digits; at most ${longestInteger} are read`)
  if (!/^\s*[+-]?\d+\s*$/.test(line))
    throw machine.broken(`${JSON.stringify(line.slice(0, 20))} stands where an integer is needed`)
  return narrowed(BigInt(line.trim().replace(/^\+/, '')))
}

/** A little-endian two's-complement integer of any length. */
export function longInteger(bytes: Uint8Array, machine: Machine): number | bigint {
  if (bytes.length > longestInteger)
    throw machine.broken(`an integer has ${bytes.length} bytes; at most ${longestInteger} are read`)
  if (bytes.length === 0) return 0
  let digits = '0x'
  for (let i = bytes.length - 1; i >= 0; i--) digits += bytes[i]!.toString(16).padStart(2, '0')
  return narrowed(BigInt.asIntN(8 * bytes.length, BigInt(digits)))
}

/** A float as Python's repr spells it. */
export function float(line: string, machine: Machine): number {
  const named = {nan: Number.NaN, '-nan': Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY}
  const value = named[line as keyof typeof named] ?? (line.trim() === '' ? Number.NaN : Number(line))
  if (Number.isNaN(value) && !line.endsWith('nan')) {
    throw machine.broken(`${JSON.stringify(line.slice(0, 20))} stands where a float is needed`)
  }
  return value
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0'
}

/** A quoted Python 2 string, its escapes undone. */
export function pythonString(line: string, machine: Machine): string {
  const quote = line[0]
  if (line.length < 2 || (quote !== "'" && quote !== '"') || line.at(-1) !== quote) {
    throw machine.broken('a string is not closed by the quote that opens it')
  }
  return line.slice(1, -1).replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_, hex?: string, letter = '') => {
    return hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (escapes[letter] ?? letter)
  })
}

/** Python's raw-unicode-escape: only \uXXXX and \UXXXXXXXX mean something else. */
export function rawUnicode(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U00([01][0-9a-fA-F]{5})/g, (all, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long!, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : all
  })
}

function narrowed(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
