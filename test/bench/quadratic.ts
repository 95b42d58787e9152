import type {Gaussians} from './cases'

/**
 * A head's product of Gaussians as exp(logPeak − (square · d² − linear · d + constant) / variance) of the distance d
 * from the mean: one exp per element, however many Gaussians.
 */
export interface Quadratic {
  readonly square: number
  readonly linear: number
  readonly constant: number
  readonly logPeak: number
}

/** The quadratic of every head. */
export function quadraticOf({heads, components, offset, spread}: Gaussians): Quadratic[] {
  return Array.from({length: heads}, (_, head) => {
    const own = {square: 0, linear: 0, constant: 0, logPeak: 0}
    for (let k = head * components; k < (head + 1) * components; k++) {
      const [mu, c] = [offset[k]!, spread[k]!]
      const tightness = 1 / (2 * c * c)
      own.square += tightness
      own.linear += 2 * tightness * mu
      own.constant += tightness * mu * mu
      own.logPeak -= 0.5 * Math.log(2 * Math.PI * c * c)
    }
    return own
  })
}
