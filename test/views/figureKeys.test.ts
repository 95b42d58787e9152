import {expect, it} from 'vitest'
import {type KeyState, keyWish} from '@/lib/views/figureKeys'
import {figureLayout} from '@/lib/views/layout'

const heads = [0, 0, 0, 1, 1, 1, 2, 2, 2]
const layout = figureLayout({order: null, heads}, {width: 1232, height: 496})
const sorted = figureLayout({order: [8, 0, 1, 4, 3, 7, 2, 5, 6], heads}, {width: 1232, height: 496})
const rest: KeyState = {layout, columns: 64, layer: null, feature: null, pinned: null, holding: false}
const goes = (key: string, state: Partial<KeyState>) => {
  const wish = keyWish(key, false, {...rest, ...state})
  return wish?.kind === 'point' ? wish.layer : wish
}

it('arrows walk the rows as they stand, and stop at the ends', () => {
  expect(goes('ArrowDown', {})).toBe(0)
  expect(goes('ArrowUp', {})).toBe(8)
  expect(goes('ArrowDown', {layer: 2})).toBe(3)
  expect(goes('ArrowDown', {layer: 8})).toBe(8)
  expect(goes('ArrowUp', {layer: 0})).toBe(0)
  expect(goes('ArrowDown', {layout: sorted, layer: 1})).toBe(4)
})

it('arrows begin at the pinned row', () => {
  expect(goes('ArrowDown', {pinned: 4})).toBe(5)
})

it('Home and End go to the first and last row as they stand', () => {
  expect(goes('Home', {layer: 5})).toBe(0)
  expect(goes('End', {layer: 5})).toBe(8)
  expect([goes('Home', {layout: sorted}), goes('End', {layout: sorted})]).toEqual([8, 6])
})

it('Page Down and Page Up go to the next and the previous head’s first row', () => {
  expect(goes('PageDown', {layer: 1})).toBe(3)
  expect(goes('PageUp', {layer: 7})).toBe(3)
  expect(goes('PageDown', {layer: 7})).toBe(7)
  expect(goes('PageUp', {layer: 1})).toBe(0)
  expect(goes('PageDown', {})).toBe(0)
})

it('Page Down in a sorted order goes to the nearest row of another head', () => {
  expect(goes('PageDown', {layout: sorted, layer: 0})).toBe(4)
  expect(goes('PageUp', {layout: sorted, layer: 3})).toBe(1)
})

it('left and right move the column and keep the row', () => {
  const right = (feature: number | null) => keyWish('ArrowRight', false, {...rest, layer: 2, feature})
  expect(right(null)).toEqual({kind: 'point', layer: 2, feature: 0})
  expect(right(5)).toEqual({kind: 'point', layer: 2, feature: 6})
  expect(right(63)).toEqual({kind: 'point', layer: 2, feature: 63})
  expect(keyWish('ArrowLeft', false, {...rest, feature: null})).toEqual({kind: 'point', layer: 0, feature: 63})
  expect(keyWish('ArrowRight', false, {...rest, columns: 0})).toBeNull()
})

it('up and down keep the column', () => {
  expect(keyWish('ArrowDown', false, {...rest, layer: 2, feature: 9})).toEqual({kind: 'point', layer: 3, feature: 9})
})

it('Enter pins and Shift with Enter singles out the row that is pointed at, or else the pinned one', () => {
  expect(keyWish('Enter', false, {...rest, layer: 3})).toEqual({kind: 'pin', layer: 3})
  expect(keyWish('Enter', true, {...rest, layer: 3})).toEqual({kind: 'solo', layer: 3})
  expect(keyWish('Enter', true, {...rest, pinned: 6})).toEqual({kind: 'solo', layer: 6})
  expect(keyWish('Enter', false, rest)).toBeNull()
})

it('1 to 3 choose the map', () => {
  expect(['1', '2', '3'].map((key) => keyWish(key, false, rest))).toEqual([
    {kind: 'map', map: 'density'},
    {kind: 'map', map: 'importance'},
    {kind: 'map', map: 'learned'}
  ])
})

it('Escape lets go only of something', () => {
  expect(keyWish('Escape', false, rest)).toBeNull()
  expect(keyWish('Escape', false, {...rest, holding: true})).toEqual({kind: 'release'})
  expect(keyWish('Escape', false, {...rest, layer: 1})).toEqual({kind: 'release'})
})

it('other keys are left to the page', () => {
  expect(['o', 't', '?', 'a', 'Tab', ' '].map((key) => keyWish(key, false, rest))).toEqual(Array(6).fill(null))
})

it('no key points into an empty figure', () => {
  const empty = figureLayout({order: null, heads, known: false}, {width: 1232, height: 496})
  expect(keyWish('ArrowDown', false, {...rest, layout: empty})).toBeNull()
})
