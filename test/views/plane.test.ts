import {describe, expect, it} from 'vitest'
import {rampColour, sequentialRamp} from '@/lib/core/colour'
import {at, grid, rowOf} from '@/lib/core/grid'
import type {MapPlane, SamplingPoints} from '@/lib/models/family'
import {
  densityLegend,
  densityTile,
  mostAttended,
  pictureTile,
  planeAxes,
  planeLegend,
  planeScene,
  planeTile
} from '@/lib/views/plane'
import {cellBox, columnAtShare, columnBeside, placeName, planeFrame} from '@/lib/views/planeCells'
import {halfOf, isSpread, outlineOf} from '@/lib/views/planeHalf'
import {planePixels} from '@/lib/views/planePixels'
import {planePoints, sampledDensity, stageOf} from '@/lib/views/planePoints'
import {planeReading} from '@/lib/views/planeReading'
import {tileRows} from '@/lib/views/planeRows'
import {shareInSpan, spanBetween, spanBox, spanSeconds, spanText} from '@/lib/views/planeSpan'
import {planeWords} from '@/lib/views/planeWords'
import {boards, spectrograms, strokes} from '../fixtures/planes'

const board: MapPlane = {height: 3, width: 3, downName: 'row', acrossName: 'column', after: ['word 1', 'word 2']}
const sound: MapPlane = {height: 2, width: 4, downName: 'frequency', acrossName: 'time'}
const text = (pieces: readonly {readonly text: string}[]) => pieces.map(({text}) => text).join('')

describe('places', () => {
  it('are found where they are drawn, and named as a person counts', () => {
    const frame = planeFrame(board, null)
    expect(cellBox(frame, 5)).toEqual({x: 200 / 3, y: 100 / 3, width: 100 / 3, height: 100 / 3})
    expect(columnAtShare(board, 0.9, 0.5)).toBe(5)
    expect(placeName(board, 5)).toBe('row 2, column 3')
  })

  it('of a spectrogram rise with frequency, as its picture does', () => {
    const frame = planeFrame(sound, {width: 8, height: 4})
    expect(frame.width).toBe(200)
    expect(cellBox(frame, 0)).toMatchObject({x: 0, y: 50})
    expect(columnAtShare(sound, 0.1, 0.1)).toBe(4)
    expect(columnBeside(sound, 0, 'ArrowUp')).toBe(4)
  })

  it('hold at the edge, and there are none beyond it', () => {
    expect(columnBeside(board, 0, 'ArrowLeft')).toBe(0)
    expect(columnBeside(board, 0, 'ArrowDown')).toBe(3)
    expect(columnBeside(board, 0, 'a')).toBeNull()
    expect(columnAtShare(board, 1, 0.5)).toBeNull()
    expect(cellBox(planeFrame(board, null), 9)).toBeNull()
    expect(placeName(board, 10)).toBe('word 2')
  })
})

describe('the half', () => {
  it('is the fewest places that hold half of the attention, words left out', () => {
    const row = Float32Array.of(1, 1, 1, 1, 4, 3, 1, 1, 1, 99, 99)
    expect([...halfOf(board, row)!]).toEqual([4, 5])
  })

  it('is none of attention that is the same everywhere, not finite, or negative', () => {
    expect(halfOf(board, new Float32Array(9).fill(1))).toBeNull()
    expect(halfOf(board, Float32Array.of(1, Number.NaN, 1, 1, 1, 1, 1, 1, 1))).toBeNull()
    expect(halfOf(board, Float32Array.of(2, -1, 1, 1, 1, 1, 1, 1, 1))).toBeNull()
  })

  it('is outlined where it is a region, and not where it is spread out or in crumbs', () => {
    const wide: MapPlane = {height: 8, width: 8, downName: 'row', acrossName: 'column'}
    expect(isSpread(wide, new Set([0, 1, 2, 8, 9, 10]))).toBe(false)
    expect(isSpread(wide, new Set([0, 9, 18, 27, 36, 45]))).toBe(true)
    expect(isSpread(wide, new Set(Array.from({length: 32}, (_, i) => i)))).toBe(true)
    expect(isSpread(board, new Set([0, 4, 8]))).toBe(false)
  })

  it('is outlined without lines between neighbours, whichever way rows run', () => {
    const square: MapPlane = {...sound, width: 2}
    const lines = (plane: MapPlane, columns: number[]) =>
      outlineOf(planeFrame(plane, {width: 2, height: 2}), new Set(columns))
        .split('M')
        .slice(1)
        .sort()
    expect(lines(square, [0, 2])).toEqual(['0 0H50', '0 0V50', '0 100H50', '0 50V100', '50 0V50', '50 50V100'])
    expect(lines({...square, downName: 'row'}, [0, 2])).toEqual(lines(square, [0, 2]))
    expect(lines(square, [0])).toEqual(['0 100H50', '0 50H50', '0 50V100', '50 50V100'])
  })
})

describe('the picture printed on attention', () => {
  const ramp = sequentialRamp('light')
  const row = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8)
  const options = {plane: board, row, domain: [0, 8] as const, ramp, theme: 'light' as const}
  const pixel = ({width, rgba}: ReturnType<typeof planePixels>, x: number, y: number) => [
    ...rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)
  ]
  const hex = ([r, g, b]: number[]) => `#${[r!, g!, b!].map((v) => v.toString(16).padStart(2, '0')).join('')}`

  it('has exactly the colours of the heatmap where the picture is blank', () => {
    const bitmap = planePixels({...options, picture: {width: 6, height: 6, values: new Uint8Array(36)}})
    expect([bitmap.width, bitmap.height]).toEqual([6, 6])
    for (let column = 0; column < 9; column++)
      expect(hex(pixel(bitmap, 2 * (column % 3), 2 * Math.floor(column / 3)))).toBe(rampColour(ramp, column / 8))
  })

  it('has strokes darker than light places and lighter than dark ones', () => {
    const bitmap = planePixels({...options, picture: {width: 3, height: 3, values: new Uint8Array(9).fill(255)}})
    const blank = planePixels({...options, picture: null})
    expect(pixel(bitmap, 0, 0)[0]!).toBeLessThan(pixel(blank, 0, 0)[0]! - 100)
    expect(pixel(bitmap, 2, 2)[0]!).toBeGreaterThan(pixel(blank, 2, 2)[0]! + 100)
  })

  it('leaves a place clear whose density is not finite', () => {
    const bitmap = planePixels({...options, row: Float32Array.from(row).fill(Number.NaN, 4, 5), picture: null})
    expect(pixel(bitmap, 1, 1)[3]).toBe(0)
    expect(pixel(bitmap, 0, 1)[3]).toBe(255)
  })
})

describe('what is read of a place', async () => {
  const found = await boards()
  const axes = planeAxes(found)!
  const map = grid(3, 15, Float32Array.from(found.density!.values))
  map.values.set([4.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 3, 1, 0.5, 0.5, 0.5, 0.5], 15)
  const asked = {axes, map, row: 1}

  it('is its density and share, against an even share', () => {
    expect(text(planeReading({...asked, column: 0}))).toBe(
      'Hop 2, row 1, column 1: density 4.50, so 50.0\u00a0% of its attention, where an even share is 11.1\u00a0%; most of 9.'
    )
    expect(text(planeReading({...asked, column: 6}))).toContain('; 2nd of 9.')
  })

  it('is a word among words, with what it says', () => {
    expect(text(planeReading({...asked, column: 9, words: ['which', 'digit']}))).toBe(
      'Hop 2, word 1 “which”: density 3.00, so 50.0\u00a0% of its attention, where an even share is 16.7\u00a0%; most of 6 words.'
    )
  })

  it('without a place is where most lies', () => {
    expect(text(planeReading({...asked, column: null}))).toBe(
      'Hop 2 attends most to row 1, column 1: density 4.50, where 1 is an even share. Half of its attention lies in 1 of 9 places, outlined.'
    )
  })

  it('says of attention that is even or not finite that it is', () => {
    const even = grid(1, 15, new Float32Array(15).fill(1))
    expect(text(planeReading({axes, map: even, row: 0, column: null}))).toBe('Hop 1 attends to all places alike.')
    const hole = grid(1, 15, new Float32Array(15).fill(Number.NaN))
    expect(text(planeReading({axes, map: hole, row: 0, column: 2}))).toContain('not finite')
    expect(planeScene(axes, hole, {theme: 'light', picture: null})).toBeNull()
  })

  it('names rows by their labels', async () => {
    const blocks = await spectrograms()
    const read = planeReading({axes: planeAxes(blocks)!, map: blocks.density!, row: 1, column: 0})
    expect(text(read)).toMatch(/^Block 2 \(stage 1, block 2, deformable\), frequency 1, time 1: density /)
  })
})

describe('tiles', async () => {
  const found = await spectrograms()
  const axes = planeAxes(found)!
  const pictures = strokes(1, 24, 20)
  const scene = planeScene(axes, found.density!, {theme: 'dark', picture: pictures})!

  it('have the title, kind and proportions of what they show', () => {
    const held = grid(4, 120, Float32Array.from(found.density!.values))
    held.values.fill(50, 3 * 120 + 40, 3 * 120 + 43)
    const tile = planeTile({...scene, map: held}, 3)
    expect(tile).toMatchObject({title: 'Block 4', gloss: 'deformable', frame: {width: 120, height: 100}})
    expect(tile.outline).toMatch(/^M/)
    expect(tile.label).toContain('Block 4 (stage 2, block 2, deformable) attends most to')
    expect(pictureTile(scene, 'Input 3')).toMatchObject({title: 'Input 3', outline: '', row: null})
    expect(pictureTile({...scene, picture: null}, 'Input 3')).toBeNull()
  })

  it('begin the arrow keys at the place with most attention', () => {
    const row = rowOf(found.density!, 2)
    const most = mostAttended(scene, 2)
    expect(at(found.density!, 2, most)).toBe(Math.max(...row))
    const hole = grid(found.density!.rows, found.density!.cols, Float32Array.from(found.density!.values))
    hole.values[2 * hole.cols] = Number.NaN
    expect(mostAttended({...scene, map: hole}, 2)).toBe(most)
  })

  it('are all rows up to twelve, else those around the pinned one', () => {
    expect(tileRows(3, 2)).toEqual([0, 1, 2])
    expect(tileRows(40, null)[0]).toBe(0)
    expect(tileRows(40, 20)).toEqual(Array.from({length: 12}, (_, i) => 14 + i))
    expect(tileRows(40, 39).at(-1)).toBe(39)
  })

  it('of another map have a scale of their own', () => {
    const counts = grid(
      1,
      120,
      Float32Array.from({length: 120}, (_, i) => i)
    )
    expect(densityTile(scene, counts, 'Stage 1').label).toContain('from 0.00 to 119.00 times')
    const {stops: _, ...own} = densityLegend(scene, counts)
    expect(own).toEqual({low: '0.00', high: '119.00', unit: '× an even spread'})
    // The legend over the panel stays that of the small tiles.
    expect(planeLegend(scene)).toMatchObject({high: scene.domain[1].toFixed(2), unit: '× an even share'})
  })
})

describe('words', () => {
  const look = {domain: [0, 4] as const, ramp: sequentialRamp('light')}
  const row = Float32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 0.5, 2)

  it('stand over lines as thick as the attention they get', () => {
    const words = planeWords(board, row, ['which', 'digit', 'spilt'], look)
    expect(words.map(({text, column}) => [text, column])).toEqual([
      ['which', 9],
      ['digit', 10]
    ])
    expect(words.map(({line}) => line!.thickness)).toEqual([1.5, 6])
    expect(words[1]!.line!.colour).toBe(rampColour(look.ramp, 0.5))
  })

  it('have the names of their columns while nobody knows them, and are left out where the map has no columns for them', () => {
    expect(planeWords(board, row, null, look).map(({text}) => text)).toEqual(['word 1', 'word 2'])
    const {after: _, ...alone} = board
    expect(planeWords(alone, row, ['is', 'it'], look)).toEqual([])
  })
})

describe('sampling points', () => {
  const frame = planeFrame(sound, null)
  const points: SamplingPoints = {
    grid: [1, 2],
    query: 1,
    groups: 2,
    reference: Float32Array.of(0.5, 0.25, 0.5, 0.75),
    sampled: Float32Array.of(0.75, 0.25, 0.5, 0.75, 0.5, 0.25, 1.2, 0.75),
    attention: Float32Array.of(0.25, 0.75, 0.5, 0.5)
  }

  it('lead from their grid to where they moved, and grow with the attention of their group’s heads', () => {
    const {points: drawn, query} = planePoints(frame, points)
    expect(drawn).toHaveLength(4)
    expect(drawn[0]).toMatchObject({x0: 50, y0: 50, x: 50, y: 25, share: 0.125, outside: false})
    expect(drawn.map(({share}) => share).reduce((a, b) => a + b)).toBeCloseTo(1)
    expect(drawn[1]!.radius / drawn[0]!.radius).toBeCloseTo(Math.sqrt(3))
    expect(query).toEqual({x: 100, y: 0, width: 100, height: 100})
  })

  it('beyond the edge are told apart and counted', () => {
    const {points: drawn, says} = planePoints(frame, points)
    expect(drawn.map(({outside}) => outside)).toEqual([false, false, false, true])
    expect(says).toContain('1 beyond the edge')
  })

  it('are counted per place, 1 where they are spread evenly', () => {
    const {map, points: all, outside} = sampledDensity(sound, [points, points])!
    expect([all, outside]).toEqual([8, 2])
    expect(Array.from(map.values)).toEqual([0, 0, 0, 0, 0, 4, 0, 2])
    expect(sampledDensity(sound, [])).toBeNull()
  })

  it('belong to the stage that the row’s label begins with', () => {
    expect(stageOf('stage 3, block 2, deformable')).toBe('stage 3')
    expect(stageOf(undefined)).toBeNull()
  })
})

describe('a span of time', () => {
  it('covers all frequencies, has a share of attention and a stretch of sound', () => {
    const span = spanBetween(2, 1)
    expect(span).toEqual([1, 3])
    expect(spanBox(planeFrame(sound, null), span)).toEqual({x: 50, y: 0, width: 100, height: 100})
    expect(shareInSpan(sound, Float32Array.of(1, 2, 0, 1, 0, 1, 3, 0), span)).toBe(6 / 8)
    const whole = {duration: 1, stretch: [0, 1]} as const
    expect(spanSeconds(sound, span, whole)).toEqual([0.25, 0.75])
    expect(spanText(sound, span, whole)).toBe('0.25–0.75 s of 1.00 s')
    expect(spanText(sound, span, null)).toBe('time 2 to 3 of 4')
  })

  it('is heard from where its frames stand for the sound, and no further than the sound goes', () => {
    const time = {duration: 2, stretch: [-0.1, 2.3]} as const
    expect(spanSeconds(sound, [1, 2], time).map((second) => second.toFixed(3))).toEqual(['0.500', '1.100'])
    expect(spanSeconds(sound, [0, 4], time)).toEqual([0, 2])
  })
})
