/** The Gaussians of every head: (heads, components), row by row. */
export interface Gaussians {
  readonly heads: number
  readonly components: number
  readonly offset: Float32Array
  readonly spread: Float32Array
}

/** Mixture attention over an input of shape (batch, layers, time, features). */
export interface MixtureCase {
  readonly kind: 'mixture'
  readonly shape: readonly [number, number, number, number]
  readonly gaussians: Gaussians
}

/** The layer form over an input of shape (batch, layers, features); a Gaussian per head and feature. */
export interface LayerCase {
  readonly kind: 'layer'
  readonly shape: readonly [number, number, number]
  readonly gaussians: Gaussians
}

export type Case = MixtureCase | LayerCase

/** An utterance of five seconds and a long one through WavLM-Large, a text through a Llama of 13 billion. */
export const cases: Readonly<Record<string, Case>> = {
  '1x24x249x1024': mixture([1, 24, 249, 1024]),
  '1x40x128x5120': mixture([1, 40, 128, 5120]),
  '1x24x1500x1024': mixture([1, 24, 1500, 1024]),
  '32x24x1024': layer([32, 24, 1024])
}

/** The case of this name. Throws RangeError for a name that is none. */
export function caseNamed(name: string): Case {
  const found = cases[name]
  if (!found) throw new RangeError(`bench: there is no case ${name}; there are ${Object.keys(cases).join(', ')}`)
  return found
}

function mixture(shape: MixtureCase['shape']): MixtureCase {
  return {kind: 'mixture', shape, gaussians: gaussiansOf(8, 4)}
}

function layer(shape: LayerCase['shape']): LayerCase {
  return {kind: 'layer', shape, gaussians: gaussiansOf(8, shape[2])}
}

// Where training leaves them, and wider: offsets in ±0.4, spreads in 0.9…2.4. No two alike.
function gaussiansOf(heads: number, components: number): Gaussians {
  const spreadOut = (i: number) => (i * 0.618034) % 1
  return {
    heads,
    components,
    offset: Float32Array.from({length: heads * components}, (_, i) => spreadOut(i + 1) * 0.8 - 0.4),
    spread: Float32Array.from({length: heads * components}, (_, i) => 0.9 + 1.5 * spreadOut(3 * i + 2))
  }
}
