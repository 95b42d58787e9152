import fc from 'fast-check'

// What happens to a file on its way here, by accident or by design: bytes change, lengths lie, ends are missing, parts
// of other files stand in the middle. Mutations are data, so that a failing case can be shrunk and told.

/** A place in a file of any length: counted from its start, from its end, or round and round. */
interface Place {
  readonly from: 'start' | 'end' | 'anywhere'
  readonly at: number
}

export type Mutation =
  | {readonly kind: 'bytes'; readonly place: Place; readonly bytes: readonly number[]}
  | {readonly kind: 'bit'; readonly place: Place; readonly bit: number}
  | {
      readonly kind: 'integer'
      readonly place: Place
      readonly width: Width
      readonly big: boolean
      readonly value: Said
    }
  /** The nth number of the file that could be a length, told wrong. */
  | {readonly kind: 'length'; readonly nth: number; readonly width: 4 | 8; readonly value: Said}
  /** The nth number that is spelled in digits, as JSON and NumPy headers do. */
  | {readonly kind: 'digits'; readonly nth: number; readonly text: string}
  | {readonly kind: 'cut'; readonly place: Place}
  | {readonly kind: 'remove' | 'repeat'; readonly place: Place; readonly length: number}
  | {readonly kind: 'insert'; readonly place: Place; readonly byte: number; readonly length: number}
  /** A stretch of another file of the corpus, over what was there or pushed in between. */
  | {
      readonly kind: 'splice'
      readonly place: Place
      readonly donor: number
      readonly source: Place
      readonly length: number
      readonly over: boolean
    }

type Width = 1 | 2 | 4 | 8
/** An outright value, or a step from what stands there or from the size of the file. */
interface Said {
  readonly base: 'zero' | 'itself' | 'size'
  readonly step: bigint
}

const place: fc.Arbitrary<Place> = fc.oneof(
  fc.record({from: fc.constant('start' as const), at: fc.nat(300)}),
  fc.record({from: fc.constant('end' as const), at: fc.nat(300)}),
  fc.record({from: fc.constant('anywhere' as const), at: fc.nat()})
)

const extremes = [0n, 1n, 2n, 7n, 8n, 127n, 128n, 255n, 256n, 32767n, 32768n, 65535n, 65536n, 2n ** 24n]
const huge = [
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 40n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n
]
const said: fc.Arbitrary<Said> = fc.oneof(
  fc.record({base: fc.constant('zero' as const), step: fc.constantFrom(...extremes, ...huge)}),
  fc.record({
    base: fc.constantFrom('itself' as const, 'size' as const),
    step: fc.constantFrom(-8n, -4n, -1n, 0n, 1n, 4n, 8n, 64n)
  })
)
const digits = fc.constantFrom(
  '0',
  '1',
  '-1',
  '9',
  '2147483648',
  '4294967296',
  '9007199254740993',
  '99999999999999999999',
  '1e9',
  '1.5',
  '4611686018427387904',
  '65536, 65536, 65536, 65536'
)
const length = fc.oneof(fc.integer({min: 1, max: 16}), fc.integer({min: 1, max: 5000}))

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('bytes' as const),
      place,
      bytes: fc.array(fc.nat(255), {minLength: 1, maxLength: 4})
    })
  },
  {weight: 3, arbitrary: fc.record({kind: fc.constant('bit' as const), place, bit: fc.nat(7)})},
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('integer' as const),
      place,
      width: fc.constantFrom<Width>(1, 2, 4, 8),
      big: fc.boolean(),
      value: said
    })
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('length' as const),
      nth: fc.nat(),
      width: fc.constantFrom(4 as const, 8 as const),
      value: said
    })
  },
  {weight: 3, arbitrary: fc.record({kind: fc.constant('digits' as const), nth: fc.nat(), text: digits})},
  {weight: 2, arbitrary: fc.record({kind: fc.constant('cut' as const), place})},
  {weight: 2, arbitrary: fc.record({kind: fc.constantFrom('remove' as const, 'repeat' as const), place, length})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('insert' as const), place, byte: fc.nat(255), length})},
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('splice' as const),
      place,
      donor: fc.nat(),
      source: place,
      length,
      over: fc.boolean()
    })
  }
)

/** The file with one thing wrong in it. `donors` are what a splice takes from. An empty file stays empty. */
export function mutated(file: Uint8Array, change: Mutation, donors: readonly Uint8Array[]): Uint8Array {
  if (file.length === 0) return file
  switch (change.kind) {
    case 'bytes':
      return overwritten(file, placeIn(file, change.place), Uint8Array.from(change.bytes))
    case 'bit': {
      const at = placeIn(file, change.place)
      return overwritten(file, at, Uint8Array.of(file[at]! ^ (1 << change.bit)))
    }
    case 'integer':
      return withInteger(file, placeIn(file, change.place), change.width, change.big, change.value)
    case 'length': {
      const places = lengthsIn(file, change.width)
      const at = places[change.nth % Math.max(1, places.length)]
      return at === undefined ? file : withInteger(file, at, change.width, false, change.value)
    }
    case 'digits':
      return withDigits(file, change.nth, change.text)
    case 'cut':
      return file.subarray(0, placeIn(file, change.place))
    case 'remove': {
      const at = placeIn(file, change.place)
      return joined(file.subarray(0, at), file.subarray(at + change.length))
    }
    case 'repeat': {
      const at = placeIn(file, change.place)
      return joined(file.subarray(0, at + change.length), file.subarray(at))
    }
    case 'insert': {
      const at = placeIn(file, change.place)
      return joined(file.subarray(0, at), new Uint8Array(change.length).fill(change.byte), file.subarray(at))
    }
    case 'splice': {
      const donor = donors[change.donor % donors.length]!
      const from = placeIn(donor, change.source)
      const part = donor.subarray(from, from + change.length)
      const at = placeIn(file, change.place)
      return change.over ? overwritten(file, at, part) : joined(file.subarray(0, at), part, file.subarray(at))
    }
  }
}

function placeIn({length}: Uint8Array, {from, at}: Place): number {
  if (length === 0) return 0
  return from === 'end' ? length - 1 - (at % length) : at % length
}

function overwritten(file: Uint8Array, at: number, part: Uint8Array): Uint8Array {
  const out = file.slice()
  out.set(part.subarray(0, file.length - at), at)
  return out
}

function withInteger(file: Uint8Array, at: number, width: Width, big: boolean, {base, step}: Said): Uint8Array {
  const field = new Uint8Array(8)
  const standing = file.subarray(at, at + width)
  field.set(big ? standing.slice().reverse() : standing)
  const view = new DataView(field.buffer)
  const start = base === 'zero' ? 0n : base === 'size' ? BigInt(file.length) : view.getBigUint64(0, true)
  view.setBigUint64(0, BigInt.asUintN(64, start + step), true)
  const spelled = field.slice(0, width)
  return overwritten(file, at, big ? spelled.reverse() : spelled)
}

/** Where a little-endian number stands that is no longer than the file. */
function lengthsIn(file: Uint8Array, width: 4 | 8): number[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const places: number[] = []
  for (let at = 0; at + width <= file.length; at++) {
    const value = view.getUint32(at, true)
    if (value > 0 && value <= file.length && (width === 4 || view.getUint32(at + 4, true) === 0)) places.push(at)
  }
  return places
}

function withDigits(file: Uint8Array, nth: number, text: string): Uint8Array {
  const runs = [
    ...Buffer.from(file.buffer, file.byteOffset, Math.min(file.length, 65_536)).toString('latin1').matchAll(/\d+/g)
  ]
  const run = runs[nth % Math.max(1, runs.length)]
  if (!run) return file
  return joined(file.subarray(0, run.index), Buffer.from(text), file.subarray(run.index + run[0].length))
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
