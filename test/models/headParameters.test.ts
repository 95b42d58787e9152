import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {blockForms} from '@/lib/models/blockForm'
import {componentHead, featureHead, product, untrainedFeatures} from '@/lib/models/headParameters'

const stored = {head: 1, blockLayer: 0, offset: Float32Array.of(0.5, -1), spread: Float32Array.of(2, -0.5)}

describe('the Gaussians of a head', () => {
  it('per feature have variance c', () => {
    expect(featureHead(stored)).toMatchObject({kind: 'feature', variance: stored.spread, effective: null})
  })

  it('per component have variance c², whatever the sign of c, and equal one Gaussian', () => {
    const {variance, effective} = componentHead(stored)
    expect([...variance]).toEqual([4, 0.25])
    // 1 / (1/4 + 1/0.25), and (0.5/4 − 1/0.25) times that.
    expect(effective?.variance).toBeCloseTo(1 / 4.25, 12)
    expect(effective?.offset).toBeCloseTo((0.125 - 4) / 4.25, 12)
  })

  it('equal no Gaussian when a component has no width', () => {
    expect(componentHead({...stored, spread: Float32Array.of(0, 1)}).effective).toBeNull()
  })

  it('start at δ = 0 and c = 2 per feature, c = 1 per component', () => {
    expect(untrainedFeatures(featureHead(stored))).toMatchObject({
      head: 1,
      kind: 'feature',
      offset: Float32Array.of(0, 0),
      spread: Float32Array.of(2, 2)
    })
    expect(blockForms.product.initialised(componentHead(stored))).toMatchObject({
      kind: 'component',
      spread: Float32Array.of(1, 1),
      effective: {offset: 0, variance: 0.5}
    })
  })
})

describe('a product of Gaussians', () => {
  const component = fc.tuple(fc.float({min: -5, max: 5, noNaN: true}), fc.float({min: 0.125, max: 8, noNaN: true}))

  it('is the one quadratic that it is taken for, anywhere', () => {
    fc.assert(
      fc.property(
        fc.array(component, {minLength: 1, maxLength: 6}),
        fc.double({min: -10, max: 10, noNaN: true}),
        (parts, z) => {
          const offsets = Float32Array.from(parts, ([offset]) => offset)
          const spreads = Float32Array.from(parts, ([, spread]) => spread)
          const {tightness, offset, discord, logPeak} = product(offsets, spreads)
          const terms = parts.map((_, k) => {
            const c = spreads[k]!
            return -((z - offsets[k]!) ** 2) / (2 * c * c) - Math.log(Math.sqrt(2 * Math.PI * c * c))
          })
          const direct = terms.reduce((a, b) => a + b, 0)
          const once = logPeak - ((z - offset) ** 2 * tightness) / 2 - discord
          expect(Math.abs(once - direct)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(direct)))
        }
      )
    )
  })
})
