import {describe, expect, it} from 'vitest'
import {columns, markdown, ratioCells, ratioRow, ratioText} from '@/scripts/bench/table.mjs'

const times = {ours: {ms: 20, runs: 9}, copy: {ms: 16, runs: 9}, stock: {ms: 2500, runs: 3}}
const share = {what: 'fused', of: 'ours', against: ['copy'], unit: 'share', atLeast: 0.75}
const often = {what: 'fused', of: 'ours', against: ['stock'], unit: 'times', atLeast: 100}

describe('ratioRow', () => {
  it('is how many times as fast ours is', () => {
    expect(ratioRow(share, times, {})).toMatchObject({ratio: 0.8, met: true, runs: [9, 9], why: null})
    expect(ratioRow(often, times, {})).toMatchObject({ratio: 125, met: true, runs: [9, 3]})
  })

  it('meets a target that it just reaches and misses one that it does not', () => {
    expect(ratioRow({...share, atLeast: 0.8}, times, {}).met).toBe(true)
    expect(ratioRow({...share, atLeast: 0.81}, times, {}).met).toBe(false)
  })

  it('judges nothing without a target', () => {
    expect(ratioRow({...share, atLeast: undefined}, times, {})).toMatchObject({ratio: 0.8, met: null})
  })

  it('compares with the fastest of several, under the name readers know', () => {
    const row = ratioRow({...share, against: ['stock', 'gone', 'copy']}, times, {}, {copy: 'a copy'})
    expect(row).toMatchObject({against: 'a copy', theirs: 16})
  })

  it('has no ratio when one of the two was struck out, and says why', () => {
    const row = ratioRow(share, {ours: times.ours}, {copy: 'its copy is wrong'})
    expect(row).toMatchObject({ratio: null, met: null, why: 'its copy is wrong'})
  })

  it('has no ratio when one of the two did not run', () => {
    expect(ratioRow(share, {copy: times.copy}, {})).toMatchObject({ratio: null, met: null, why: 'not run'})
  })
})

describe('ratioText', () => {
  it.each([
    [0.8, 'share', '80 %'],
    [125.4, 'times', '125×'],
    [1.504, 'times', '1.50×'],
    [null, 'times', '–']
  ])('writes %s as a %s', (ratio, unit, text) => {
    expect(ratioText(ratio, unit)).toBe(text)
  })

  it('never rounds a missed target up to it', () => {
    expect(ratioText(0.7499, 'share')).toBe('74 %')
    expect(ratioText(1.3999, 'times')).toBe('1.39×')
    expect(ratioText(99.9, 'times')).toBe('99×')
  })
})

it('says of every line whether its target is met', () => {
  const rows = [ratioRow(share, times, {}), ratioRow({...often, atLeast: 200}, times, {})]
  expect(ratioCells(rows).map((cells) => cells.slice(4, 8))).toEqual([
    ['ratio', 'at least', 'met', 'runs'],
    ['80 %', '75 %', 'yes', '9 : 9'],
    ['125×', '200×', 'no', '9 : 3']
  ])
})

it('sets columns two spaces apart', () => {
  expect(
    columns([
      ['a', 'long'],
      ['wide', 'b']
    ])
  ).toBe('a     long\nwide  b')
})

it('writes a table in Markdown', () => {
  expect(
    markdown([
      ['a', 'b'],
      ['1', '2']
    ])
  ).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |')
})
