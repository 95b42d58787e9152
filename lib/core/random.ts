/** A stream of numbers that depends on its seed alone. */
export interface Random {
  /** Uniform in [0, 1), 32 bits fine. */
  next(): number
  /** Uniform whole number in 0..below − 1. */
  integer(below: number): number
  /** Standard normal (Box and Muller, 1958; the second of each pair is not kept). */
  normal(): number
}

/** A seeded generator: Doty-Humphrey's sfc32 (PractRand), its state filled from `seed` by splitmix32. */
export function random(seed: number): Random {
  const fill = splitmix32(seed)
  let [a, b, c, counter] = [fill(), fill(), fill(), 1]

  const bits = () => {
    const out = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + out
    c |= 0
    return out >>> 0
  }
  // The first dozen outputs still remember the seed's own pattern.
  for (let i = 0; i < 12; i++) bits()

  const next = () => bits() / 2 ** 32
  return {
    next,
    integer: (below) => Math.floor(next() * below),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  }
}

function splitmix32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) | 0
  }
}
