import {readdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {expect, it} from 'vitest'
import {recordVersion} from '@/lib/share/container'
import {hashBytes} from '@/lib/share/link'
import {decodeRecord} from '@/lib/share/record'
import {example} from './explanations'

/*
 * Published records, which open for ever. The files are never made anew: when this fails, the reader is wrong and not
 * the fixture. A new version of the format adds its own.
 */
const folder = fileURLToPath(new URL('../fixtures/share/', import.meta.url))
const bytesOf = (name: string) => new Uint8Array(readFileSync(folder + name))
const text = (name: string) => readFileSync(folder + name, 'utf8').trim()

it('there is a file and a link of every version', () => {
  const files = readdirSync(folder)
  for (let version = 1; version <= recordVersion; version++) {
    expect(files).toEqual(expect.arrayContaining([`v${version}-digits.densitylens`, `v${version}-digits.link.txt`]))
  }
})

it('a file of version 1 opens with every digit it was written with', async () => {
  const {explanation, unread, left, view} = await decodeRecord(bytesOf('v1-digits.densitylens'))
  const published = JSON.parse(text('v1-digits.expected.json'))
  expect({unread, left, view}).toEqual({unread: [], left: [], view: null})
  expect(explanation.finding).toEqual(published.finding)
  expect(explanation.layers.map(({rank}) => rank)).toEqual(published.ranks)
  expect(explanation.layers.map(({importance}) => importance)).toEqual(published.importance)
  expect(Array.from(explanation.density!.values.subarray(0, 8))).toEqual(published.density)
  expect(Array.from(explanation.heads[3]!.offset.subarray(0, 8))).toEqual(published.offset)
  expect(explanation.samples.length).toBe(published.samples)
  expect(explanation.axes).toEqual(example('digits').axes)
})

it('a link of version 1 opens with the view it was made from', async () => {
  const {explanation, unread, left, view} = await decodeRecord(hashBytes(text('v1-digits.link.txt')))
  const published = JSON.parse(text('v1-digits.expected.json'))
  expect(unread).toEqual([])
  expect(left).toEqual(published.left)
  expect(view).toEqual(published.view)
  expect(explanation.layers.map(({importance}) => importance)).toEqual(published.importance)
  published.density.forEach((value: number, i: number) => {
    expect(Math.abs(value - explanation.density!.values[i]!)).toBeLessThan(0.001)
  })
})

it.each([
  ['file', async () => decodeRecord(bytesOf('v1-edited.densitylens'))],
  ['link', async () => decodeRecord(hashBytes(text('v1-edited.link.txt')))]
])('a %s of version 1 with notes and edits opens with all of them, and says that it was edited', async (_, read) => {
  const record = await read()
  const published = JSON.parse(text('v1-edited.expected.json'))
  const {explanation, view, notes, shownAs, unread} = record
  expect({view, notes, shownAs, unread}).toEqual({
    view: published.view,
    notes: published.notes,
    shownAs: published.shownAs,
    unread: []
  })
  expect(explanation.finding).toEqual(published.finding)
  expect(explanation.finding.caveat).toMatch(/^Edited by hand, not the checkpoint’s own: Head 2, feature 17: /)
  expect(explanation.layers.map(({rank}) => rank)).toEqual(published.ranks)
  expect(explanation.layers.map(({importance}) => importance)).toEqual(published.importance)
  published.density.forEach((value: number, i: number) => {
    expect(Math.abs(value - explanation.density!.values[4 * 64 + i]!)).toBeLessThan(0.002)
  })
  published.offset.forEach((value: number, i: number) => {
    expect(Math.abs(value - explanation.heads[1]!.offset[14 + i]!)).toBeLessThan(0.02)
  })
})
