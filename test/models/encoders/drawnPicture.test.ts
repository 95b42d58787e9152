import {readFileSync} from 'node:fs'
import {expect, it} from 'vitest'
import {mean} from '@/lib/core/statistics'
import {blockShares, drawnPicture, inkBitmap, type Stroke} from '@/lib/models/encoders/drawnPicture'

const input = {kind: 'patches', height: 8, width: 8, channels: 1, patch: 2, range: [0, 1]} as const
const line = (...numbers: number[]): Stroke =>
  Array.from({length: numbers.length / 2}, (_, i) => ({x: numbers[2 * i]!, y: numbers[2 * i + 1]!}))
const ring: Stroke = Array.from({length: 60}, (_, i) => ({
  x: 50 + 20 * Math.sin((i / 59) * 2 * Math.PI),
  y: 50 - 35 * Math.cos((i / 59) * 2 * Math.PI)
}))

/** Columns and rows that hold ink: first and one past the last. */
function boxOf(bitmap: Uint8Array, width: number) {
  const on = [...bitmap.keys()].filter((i) => bitmap[i])
  const columns = on.map((i) => i % width)
  const rows = on.map((i) => Math.floor(i / width))
  return {
    columns: [Math.min(...columns), Math.max(...columns) + 1],
    rows: [Math.min(...rows), Math.max(...rows) + 1]
  }
}

it('gives a shipped digit back that is drawn as a bitmap, four pixels by four for each of its own', () => {
  const {pictures} = JSON.parse(readFileSync('public/examples/digits/card.json', 'utf8'))
  const shipped = Buffer.from(pictures.values, 'base64')
  for (const index of [0, 17, 99]) {
    const counts = Array.from(shipped.subarray(index * 64, (index + 1) * 64), (value) => Math.round((value / 255) * 16))
    const bitmap = new Uint8Array(32 * 32)
    for (const [i, count] of counts.entries()) {
      const corner = Math.floor(i / 8) * 4 * 32 + (i % 8) * 4
      for (let k = 0; k < count; k++) bitmap[corner + Math.floor(k / 4) * 32 + (k % 4)] = 1
    }
    expect([...blockShares(bitmap, 32)].map((share) => share * 16)).toEqual(counts)
  }
})

it('brings a drawing of any size and place to the box of the published digits, with their ink', () => {
  const bitmap = inkBitmap([ring], 32, 32)
  const {columns, rows} = boxOf(bitmap, 32)
  expect(rows).toEqual([0, 32])
  expect(columns).toEqual([6, 26])
  expect(mean(bitmap)).toBeGreaterThan(0.27)
  expect(mean(bitmap)).toBeLessThan(0.34)
  const small = ring.map(({x, y}) => ({x: 3 + x / 10, y: 20 + y / 10}))
  expect(inkBitmap([small], 32, 32)).toEqual(bitmap)
})

it('leaves a stick a stick, and a dash a dash', () => {
  const stick = boxOf(inkBitmap([line(50, 10, 50, 90)], 32, 32), 32)
  expect(stick.columns[1]! - stick.columns[0]!).toBeLessThan(12)
  const dash = boxOf(inkBitmap([line(10, 50, 90, 50)], 32, 32), 32)
  expect(dash.rows[1]! - dash.rows[0]!).toBeLessThan(12)
})

it('draws a dot where nothing can be scaled, and nothing for no stroke', () => {
  const {columns, rows} = boxOf(inkBitmap([line(3, 3)], 32, 32), 32)
  expect((columns[0]! + columns[1]!) / 2).toBe(16)
  expect((rows[0]! + rows[1]!) / 2).toBe(16)
  expect(inkBitmap([], 32, 32).some(Boolean)).toBe(false)
  expect(inkBitmap([[]], 32, 32).some(Boolean)).toBe(false)
})

it('gives values in the range, and for all channels, that the encoder takes', () => {
  const plain = drawnPicture([ring], input)
  const wide = drawnPicture([ring], {...input, channels: 3, range: [-1, 3]})
  expect(wide).toHaveLength(3 * 64)
  expect(wide.slice(64, 128)).toEqual(plain.map((value) => 4 * value - 1))
})
