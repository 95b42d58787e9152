import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {
  divergingRamp,
  equalSteps,
  headHue,
  headHues,
  hexOf,
  labDistance,
  labOfLinear,
  linearOf,
  type Oklab,
  type Rgb,
  rampColour,
  rampSize,
  rampStep,
  sequentialPoints,
  sequentialRamp,
  type Theme
} from '@/lib/core/colour'

const themes = ['light', 'dark'] as const
const paper: Record<Theme, string> = {light: '#ffffff', dark: '#111519'}

// Machado, Oliveira and Fernandes (2009), severity 1, on linear-light sRGB; rows give red, green, blue.
const visions: Record<string, readonly Rgb[] | null> = {
  normal: null,
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881]
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998]
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039]
  ]
}

function seen(hex: string, vision: readonly Rgb[] | null): Oklab {
  const linear = linearOf(hex)
  if (!vision) return labOfLinear(linear)
  const [r, g, b] = vision.map((row) =>
    Math.min(1, Math.max(0, row[0] * linear[0] + row[1] * linear[1] + row[2] * linear[2]))
  )
  return labOfLinear([r!, g!, b!])
}

const distance = (a: string, b: string, vision: readonly Rgb[] | null) =>
  100 * labDistance(seen(a, vision), seen(b, vision))

const tenth = (x: number): number => Math.round(x * 10) / 10

function contrast(a: string, b: string): number {
  const [high, low] = [a, b]
    .map(linearOf)
    .map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    .sort((x, y) => y - x)
  return high! / low!
}

const listed = {
  sequential: {
    light: '#f5f7eb #bfe7cd #87d1c1 #55b7b8 #319ab0 #207ba4 #245c94 #253f77 #212457',
    dark: '#1b1f31 #26325d #2a4d83 #266c9e #278dae #3fadb8 #67cbbd #a7e3c0 #e8f3c2'
  },
  diverging: {
    light: '#9c4700 #c67f45 #e5c09b #f4f3f0 #cdbfe9 #9e80d1 #6a41ad',
    dark: '#f7ab64 #c0793f #744a28 #25282c #5c4883 #9173c9 #c3a1f7'
  }
}

describe.each(themes)('the %s sequential ramp', (theme) => {
  const ramp = sequentialRamp(theme)
  const samples = Array.from({length: 65}, (_, i) => rampColour(ramp, i / 64))

  it('has 256 steps between its two end points', () => {
    const colours = listed.sequential[theme].split(' ')
    expect(ramp.rgb).toHaveLength(rampSize * 3)
    expect([rampColour(ramp, 0), rampColour(ramp, 1)]).toEqual([colours[0], colours.at(-1)])
  })

  it('passes through the listed colours at equal distances', () => {
    const nine = equalSteps(sequentialPoints[theme], 9).map(([r, g, b]) =>
      hexOf(Math.round(255 * r), Math.round(255 * g), Math.round(255 * b))
    )
    expect(nine.join(' ')).toBe(listed.sequential[theme])
  })

  it.each(Object.keys(visions))('changes lightness in one direction only under %s vision', (name) => {
    const light = samples.map((colour) => seen(colour, visions[name]!)[0])
    const rising = theme === 'dark'
    for (let i = 1; i < light.length; i++) expect(light[i]! > light[i - 1]!).toBe(rising)
  })

  it.each(Object.keys(visions))('takes steps of 0.6 to 1.55 (ΔE OK × 100) at 65 samples under %s vision', (name) => {
    const steps = samples.slice(1).map((colour, i) => distance(samples[i]!, colour, visions[name]!))
    expect(Math.min(...steps)).toBeGreaterThan(0.6)
    expect(Math.max(...steps)).toBeLessThan(1.55)
  })
})

describe.each(themes)('the %s diverging ramp', (theme) => {
  const ramp = divergingRamp(theme)
  const colours = listed.diverging[theme].split(' ')

  it('runs from one listed end to the other', () => {
    expect([rampColour(ramp, 0), rampColour(ramp, 1)]).toEqual([colours[0], colours.at(-1)])
  })

  it('is neutral in both of its middle steps, so that zero has no colour', () => {
    expect([rampColour(ramp, 127 / 255), rampColour(ramp, 128 / 255)]).toEqual([colours[3], colours[3]])
    expect(Math.hypot(...seen(colours[3]!, null).slice(1))).toBeLessThan(0.01)
  })

  it('passes through the listed colours', () => {
    for (const colour of colours) {
      const nearest = Array.from({length: rampSize}, (_, i) => distance(rampColour(ramp, i / 255), colour, null))
      expect(Math.min(...nearest)).toBeLessThan(0.5)
    }
  })

  it('keeps its arms equally light step for step, to 0.06', () => {
    for (let i = 0; i < 128; i++) {
      const [below, above] = [i / 255, 1 - i / 255].map((t) => seen(rampColour(ramp, t), null)[0])
      expect(Math.abs(below! - above!)).toBeLessThan(0.06)
    }
  })
})

it('rampStep takes the nearest end outside 0..1', () => {
  expect([-1, 0, 0.5, 1, 7].map(rampStep)).toEqual([0, 0, 128, 255, 255])
})

describe.each(themes)('the %s hues of heads', (theme) => {
  const hues = headHues[theme]

  it('read on paper: contrast 4.5 or more', () => {
    for (const hue of hues) expect(contrast(hue, paper[theme])).toBeGreaterThanOrEqual(4.5)
  })

  it.each(Object.keys(visions))('keep neighbours 10.6 apart under %s vision', (name) => {
    for (let i = 1; i < hues.length; i++) {
      expect(tenth(distance(hues[i - 1]!, hues[i]!, visions[name]!))).toBeGreaterThanOrEqual(10.6)
    }
  })

  it.each(Object.keys(visions))('keep the first four 8.8 apart pairwise under %s vision', (name) => {
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < i; j++)
        expect(tenth(distance(hues[i]!, hues[j]!, visions[name]!))).toBeGreaterThanOrEqual(8.8)
  })
})

it('headHue names a custom property and repeats after eight', () => {
  expect([0, 7, 8].map(headHue)).toEqual(['var(--head-1)', 'var(--head-8)', 'var(--head-1)'])
})

it('the style sheet gives the page the same hues', () => {
  const css = readFileSync(new URL('../../app/styles/tokens.css', import.meta.url), 'utf8')
  const hues = [...css.matchAll(/--head-(\d): (#[0-9a-f]{6});/g)].map((m) => m[2])
  expect(hues).toEqual([...headHues.light, ...headHues.dark])
})
