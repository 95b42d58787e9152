import '@/app/styles/standalone.css'
import {afterEach, expect, it} from 'vitest'
import {standalonePlane} from '@/components/export/standalonePlane'
import {exportLabel} from '@/lib/share/exportLabel'
import {exportPage} from '@/lib/share/exportPage'
import {type PageInput, pageInputBytes, readPageInputs} from '@/lib/share/pageInputs'
import {createLens} from '@/lib/state/lens'
import {points, spectrograms} from '../fixtures/planes'
import {the} from './renderShell'

const sound = await spectrograms()
const others = {...points, query: 20, attention: Float32Array.of(0.9, 0.1)}
const pointed: PageInput = {
  index: 3,
  question: null,
  map: sound.density,
  points: [
    {row: 1, column: 17, found: points},
    {row: 3, column: 90, found: others}
  ]
}
const bare: PageInput = {index: 6, question: null, map: sound.density, points: []}

afterEach(() => document.body.replaceChildren())

/** The panel of an exported page over what came along in it, drawn by the page's own program. */
async function opened(inputs: readonly PageInput[]) {
  const label = exportLabel(sound, {date: new Date(0)})
  const {html} = await exportPage({explanation: sound, view: null}, label, {script: '', style: ''}, inputs)
  document.body.append(new DOMParser().parseFromString(html, 'text/html').querySelector('.plane-panel')!)
  const lens = createLens()
  const draw = standalonePlane(sound, lens, {inputs: readPageInputs(pageInputBytes(inputs)), pictures: null})
  draw('light')
  return lens
}

const choice = () => the('.plane-looks')
const choose = (value: string) => the<HTMLInputElement>(`.plane-looks input[value="${value}"]`).click()
const said = () => the('.plane-looked').textContent
const dots = () => document.querySelectorAll('.plane-focus circle.plane-to')

it('shows attention first, and on request the points of the row that is read, each where it moved to', async () => {
  const lens = await opened([pointed])
  expect([choice().hidden, dots().length, the('.plane-looked').hidden]).toEqual([false, 0, true])
  choose('points')
  lens.getState().point(1, 17)
  expect(dots()).toHaveLength(2)
  expect(document.querySelectorAll('.plane-focus [data-outside]')).toHaveLength(1)
  expect(said()).toBe(
    'The dashed cell, at frequency 2, time 6, is the one of this block whose points this page holds. ' +
      'It looks at 2 points: lines lead from the grid to where they moved, and dots grow with attention.'
  )
  lens.getState().point(3, 17)
  expect(dots()).toHaveLength(2)
  expect(said()).toContain('at frequency 8, time 7, is the one of this block')
  choose('attention')
  expect([dots().length, said()]).toEqual([0, ''])
})

it('holds the same points wherever one points in the row, and says that no others are there', async () => {
  const lens = await opened([pointed])
  choose('points')
  lens.getState().point(1, 17)
  const at = () => [...dots()].map((dot) => ['cx', 'cy', 'r'].map((name) => dot.getAttribute(name)))
  const before = at()
  lens.getState().point(1, 60)
  expect(at()).toEqual(before)
  expect(said()).toContain('The dashed cell, at frequency 2, time 6, is the one')
  expect(getComputedStyle(the('.plane-focus .plane-query')).strokeDasharray).not.toBe('none')
})

it('says of a row without points that it samples none', async () => {
  const lens = await opened([pointed])
  choose('points')
  lens.getState().point(0, 4)
  expect([dots().length, said()]).toEqual([0, 'It samples no points: only deformable blocks do.'])
})

it('counts the points of a stage with a scale of their own', async () => {
  const lens = await opened([pointed])
  lens.getState().point(3, 4)
  choose('stage')
  expect(the('.plane-focus figcaption b').textContent).toBe('Stage 2, all points')
  expect(said()).toBe('The large picture counts 2 points, 1 of them beyond the edge; the small ones show attention.')
  expect(the('.plane-own').hidden).toBe(false)
  expect(the('.plane-own').textContent).toContain('× an even spread')
  lens.getState().point(1, 4)
  expect(the('.plane-focus figcaption b').textContent).toBe('Stage 1, all points')
  choose('attention')
  expect([the('.plane-focus figcaption b').textContent, the('.plane-own').hidden]).toEqual(['Block 2', true])
})

it('offers them for inputs that came with theirs alone, not for the mean', async () => {
  const lens = await opened([pointed, bare])
  choose('points')
  lens.getState().point(1, 17)
  const shown = the<HTMLSelectElement>('.plane-input select')
  for (const [value, offered] of [
    ['1', false],
    ['0', true],
    ['', false]
  ] as const) {
    shown.value = value
    shown.dispatchEvent(new Event('change'))
    expect([value, choice().hidden, dots().length, said() !== '']).toEqual([value, !offered, offered ? 2 : 0, offered])
  }
})

it('offers nothing where no input came with points', async () => {
  await opened([bare])
  expect(document.querySelector('.plane-looks, .plane-looked, .plane-own')).toBeNull()
  expect(document.querySelectorAll('.plane-tiles > figure')).toHaveLength(4)
})
