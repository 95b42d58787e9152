import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {
  anyFloat,
  decode,
  double,
  float,
  floats,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  pair,
  record,
  shortestFloat32,
  text
} from '@/lib/core/codec'
import {FormatError} from '@/lib/core/errors'

describe('shortestFloat32', () => {
  it.each([
    [0.1, '0.1'],
    [Math.fround(0.1), '0.1'],
    [1 / 3, '0.33333334'],
    [-0.017, '-0.017'],
    [16777216, '16777216'],
    [1.4e-45, '1e-45'],
    [0, '0'],
    [-0, '-0']
  ])('%d is %s', (value, written) => expect(shortestFloat32(value)).toBe(written))

  it('gives back every float32, bit for bit', () => {
    fc.assert(
      fc.property(fc.float({noNaN: true, noDefaultInfinity: true}), (x) => {
        expect(Math.fround(Number(shortestFloat32(x)))).toBe(x)
      }),
      {numRuns: 2000}
    )
  })
})

const point = record<{name: string; at: readonly [number, number]; note?: string; kind: 'a' | 'b' | null}>({
  name: text(5),
  at: pair(float),
  note: optional(text()),
  kind: nullable(oneOf('a', 'b'))
})

describe('record', () => {
  it('writes keys in the order of the description, whatever the order of the value', () => {
    expect(point.write({kind: null, at: [1, 0.5], name: 'x'})).toBe('{"name":"x","at":[1,0.5],"kind":null}')
  })

  it('passes over keys it does not know', () => {
    const json = '{"name":"x","at":[1,2],"kind":"a","__proto__":{"admin":true},"more":1}'
    expect(decode(point, json)).toEqual({name: 'x', at: [1, 2], kind: 'a'})
  })

  it('reads an optional key when it is there', () => {
    expect(decode(point, '{"name":"x","at":[1,2],"note":"n","kind":null}')).toHaveProperty('note', 'n')
  })

  it('does not take a key from the prototype', () => {
    const inherited = record<{toString: string}>({toString: text()})
    expect(() => decode(inherited, '{}')).toThrow('At toString: expected text, got nothing')
  })
})

describe('what does not fit is refused, with its place', () => {
  it.each([
    ['[]', 'At the top: expected an object, got a list of 0'],
    ['{"at":[1,2],"kind":null}', 'At name: expected text, got nothing'],
    ['{"name":"longer","at":[1,2],"kind":null}', 'At name: expected at most 5 characters, got "longer"'],
    ['{"name":"x","at":[1],"kind":null}', 'At at: expected a list of 2, got a list of 1'],
    ['{"name":"x","at":[1,"2"],"kind":null}', 'At at.1: expected a number, got "2"'],
    ['{"name":"x","at":[1,1e39],"kind":null}', 'At at.1: expected a number, got 1e+39'],
    ['{"name":"x","at":[1,2],"kind":"c"}', 'At kind: expected "a" or "b", got "c"'],
    ['{"name":"x","at":{},"kind":"c"}', 'At at: expected a list of 2, got an object']
  ])('%s: %s', (json, message) => {
    expect(() => decode(point, json)).toThrow(FormatError)
    expect(() => decode(point, json)).toThrow(message)
  })

  it('what is not JSON is said to be none', () => {
    expect(() => decode(point, '<html><body>not found')).toThrow(
      'This is not JSON: it begins with "<html><body>not foun"; a JSON object was needed'
    )
  })

  it('the error carries the path', () => {
    expect(() => decode(list(integer(1, 3)), '[1,2,4]')).toThrow(expect.objectContaining({path: '2'}))
  })
})

describe('numbers', () => {
  it('a whole number is no fraction, and stays in its range', () => {
    expect(() => integer(1, 3).read(1.5, 'n')).toThrow('At n: expected a whole number in 1–3, got 1.5')
    expect(() => integer().read(-1, 'n')).toThrow('At n: expected a whole number from 0 up, got -1')
    expect(integer().read(10_737_418_241, 'n')).toBe(10_737_418_241)
  })

  it('a number that is not finite is never written by mistake', () => {
    expect(() => float.write(NaN)).toThrow(RangeError)
  })

  it('where a checkpoint may hold NaN and infinity, they survive as words', () => {
    const values = Float32Array.of(1, NaN, Infinity, -Infinity)
    const json = floats(anyFloat).write(values)
    expect(json).toBe('[1,"NaN","Infinity","-Infinity"]')
    expect(decode(floats(anyFloat), json)).toEqual(values)
    expect(() => decode(floats(), json)).toThrow('At 1: expected a number, got "NaN"')
  })

  it('a double keeps all its digits', () => {
    expect(decode(double, double.write(0.1 + 0.2))).toBe(0.1 + 0.2)
  })
})
