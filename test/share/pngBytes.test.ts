import fc from 'fast-check'
import {expect, it} from 'vitest'
import {pngBytes} from '@/lib/share/pngBytes'
import {pngPixels} from './pngPixels'

it('a picture comes back from its PNG, pixel by pixel', async () => {
  const size = fc.integer({min: 1, max: 9})
  await fc.assert(
    fc.asyncProperty(size, size, fc.infiniteStream(fc.nat(255)), async (width, height, bytes) => {
      const rgba = Uint8ClampedArray.from({length: width * height * 4}, () => bytes.next().value!)
      expect(pngPixels(await pngBytes({width, height, rgba}))).toEqual({width, height, rgba: new Uint8Array(rgba)})
    }),
    {numRuns: 20}
  )
})
