import {throwIfCancelled} from '@/lib/core/errors'
import type {ByteSource} from './source'

export interface HashOptions {
  readonly signal?: AbortSignal
  /** Called after each piece, with bytes hashed so far and in all. */
  readonly onProgress?: (done: number, total: number) => void
  /** A source larger than this, in bytes, is not hashed. */
  readonly limit?: number
}

const pieceBytes = 4 << 20

/**
 * SHA-256 of a source, in hexadecimal, reading and holding a piece at a time; null above the limit. FIPS 180-4, section
 * 6.2.
 * The platform's own digest wants everything at once, and is missing on plain http.
 */
export async function sha256(
  source: ByteSource,
  {signal, onProgress, limit = Number.POSITIVE_INFINITY}: HashOptions = {}
): Promise<string | null> {
  if (source.size > limit) return null
  const state = Int32Array.from(initialState)
  let at = 0
  for (; source.size - at >= pieceBytes; at += pieceBytes) {
    throwIfCancelled(signal)
    absorb(state, await source.read(at, pieceBytes))
    onProgress?.(at + pieceBytes, source.size)
  }
  throwIfCancelled(signal)
  absorb(state, padded(await source.read(at, source.size - at), source.size))
  onProgress?.(source.size, source.size)
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

// A 1 bit, zeros, and the length in bits, to a whole number of blocks.
function padded(rest: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(Math.ceil((rest.length + 9) / 64) * 64)
  out.set(rest)
  out[rest.length] = 0x80
  new DataView(out.buffer).setBigUint64(out.length - 8, 8n * BigInt(size))
  return out
}

const schedule = new Int32Array(64)

// Works in signed 32-bit integers, which engines keep in registers.
function absorb(state: Int32Array, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const w = schedule
  for (let block = 0; block < bytes.length; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(block + 4 * i)
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!
      const y = w[i - 2]!
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0
    }
    compress(state, w)
  }
}

function compress(state: Int32Array, w: Int32Array): void {
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  let f = state[5]!
  let g = state[6]!
  let h = state[7]!
  for (let i = 0; i < 64; i++) {
    const sigma1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + sigma1 + ((e & f) ^ (~e & g)) + roundConstants[i]! + w[i]!) | 0
    const sigma0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (sigma0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = (state[0]! + a) | 0
  state[1] = (state[1]! + b) | 0
  state[2] = (state[2]! + c) | 0
  state[3] = (state[3]! + d) | 0
  state[4] = (state[4]! + e) | 0
  state[5] = (state[5]! + f) | 0
  state[6] = (state[6]! + g) | 0
  state[7] = (state[7]! + h) | 0
}

// The first 32 bits of the fractional parts of the square roots of the first 8 primes, and of the cube roots of the
// first 64 (FIPS 180-4, 5.3.3 and 4.2.2). Integer roots, since a double's cube root may be off in its last bits.
const primes = firstPrimes(64)
const initialState = primes.slice(0, 8).map((prime) => fraction(rootOf(BigInt(prime) << 64n, 2n)))
const roundConstants = Int32Array.from(primes, (prime) => fraction(rootOf(BigInt(prime) << 96n, 3n)))

function firstPrimes(count: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}

// The largest integer whose `degree`th power is not above `value`, by bisection.
function rootOf(value: bigint, degree: bigint): bigint {
  let low = 0n
  let high = 1n << 40n
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** degree <= value) low = middle
    else high = middle
  }
  return low
}

function fraction(fixedPoint: bigint): number {
  return Number(BigInt.asIntN(32, fixedPoint))
}
