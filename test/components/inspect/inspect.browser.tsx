import axe from 'axe-core'
import {act} from 'react'
import {expect, it, vi} from 'vitest'
import {grid} from '@/lib/core/grid'
import type {FileReport} from '@/lib/engine/protocol'
import {syntheticExplanation} from '../../fixtures/explanations'
import {sliceOf} from '../../views/slices'
import {button, key, press, renderShell, the} from '../renderShell'
import {strangeReport} from '../scriptedSession'

const file = {kind: 'file', file: new File([], 'probe.pth')} as const
const report: FileReport = {
  ...strangeReport,
  candidates: [
    {family: 'layer-density', needs: 'density attention over layers needs c and mean_offset', modules: []},
    {
      family: 'density-block',
      needs: 'a density block needs mean_offsets',
      modules: [
        {
          title: 'density block',
          at: 'block',
          bindings: [{role: 'head 0 mean offsets', name: 'pool.mu', shape: [1, 1024]}],
          missing: ['fc.weight: absent, so no prediction'],
          disagreements: ['mean_offset has 1,024 features, fc expects 40 × 5,120'],
          headCount: 1,
          layers: null,
          features: null
        }
      ]
    }
  ],
  training: {epoch: 3, accuracy: 0.9, optimiser: {tensors: 2, numbers: 4096}, savedMaps: {held: 10, used: 5}},
  named: [
    {name: 'posix.system', standing: 'inert', calls: ['posix.system("touch PWNED")'], callCount: 1},
    {name: 'collections.OrderedDict', standing: 'read', calls: [], callCount: 0}
  ]
}
const trouble = {title: 'No density attention in probe.pth', message: 'Found nothing.', after: '', report, file}
const looks = () => ({
  statistics: vi.fn(async () => ({
    count: 1024,
    zeros: 1,
    nan: 0,
    infinite: 0,
    finite: {
      min: -1,
      max: 2,
      mean: 0.5,
      deviation: 1,
      histogram: {edges: [-1, 0, 1, 2, 3], counts: [100, 500, 400, 24]}
    },
    sha256: 'ab'.repeat(32),
    python: {line: 'import torch', prints: '1024 -1 2'}
  })),
  slice: vi.fn(async () => sliceOf(grid(1, 4, Float32Array.of(-1, 0, 1, 2)))),
  exportTensor: vi.fn(async () => new Uint8Array(4))
})

// A dialog that is still fading in has other colours.
async function sound() {
  await Promise.all(document.getAnimations().map(({finished}) => finished))
  const {violations} = await axe.run('dialog', {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})
  expect(violations.map(({id, nodes}) => [id, nodes[0]?.html])).toEqual([])
}
const part = (text: string) =>
  press([...document.querySelectorAll<HTMLElement>('dialog .choice label')].find((l) => l.textContent === text)!)
const type = (input: HTMLInputElement, value: string) =>
  act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(input, value)
    input.dispatchEvent(new Event('input', {bubbles: true}))
  })

it('each candidate says its roles, what disagrees and what is missing, and the file what it carries from training', async () => {
  await renderShell({trouble})
  await press(button('Show all tensors'))
  const text = the('dialog').textContent
  expect(text).toContain('mean_offset has 1,024 features, fc expects 40 × 5,120')
  expect(text).toContain('fc.weight: absent, so no prediction')
  expect(text).toContain('10 per head, the last 5 used')
  expect(text).toContain('state of 4,096 numbers')
  await sound()
})

const twoModules: FileReport = {
  ...report,
  parameters: report.entries.map(({name}) => name),
  detection: {
    ...report.candidates![1]!.modules[0]!,
    family: 'density-block',
    unused: [],
    classCount: null,
    parameters: 1024,
    questions: [],
    settings: {},
    parts: [],
    others: []
  },
  candidates: [
    {
      ...report.candidates![1]!,
      modules: [
        report.candidates![1]!.modules[0]!,
        {...report.candidates![1]!.modules[0]!, at: 'text.block', disagreements: [], missing: []}
      ]
    }
  ]
}

it('of several modules one is chosen by keyboard, and the figure is asked to follow', async () => {
  const {asked} = await renderShell({trouble: {...trouble, report: twoModules}})
  await press(button('Show all tensors'))
  const radios = [...document.querySelectorAll<HTMLInputElement>('.modules input')]
  expect(radios.map(({checked}) => checked)).toEqual([true, false])
  expect(the('.modules').textContent).toContain('text.block')
  await sound()
  await press(radios[1]!)
  expect(asked).toEqual([['showModule', file, 'text.block']])
})

it('what a module does not use can be unfolded, searched, and is shown with its shape', async () => {
  await renderShell({trouble: {...trouble, report: twoModules}})
  await press(button('Show all tensors'))
  await press(the('.unused summary'))
  await type(the<HTMLInputElement>('.unused input'), 'encoder')
  expect(the('.unused [role=treeitem]').textContent).toContain('f32 (64, 64)')
  expect(the('.unused .search [role=status]').textContent).toBe('1 of 2')
  await sound()
})

it('what would have run elsewhere is shown as text and never as a link', async () => {
  await renderShell({trouble})
  await press(button('Show all tensors'))
  await part('Names in the pickle')
  expect(the('.calls code').textContent).toBe('posix.system("touch PWNED")')
  expect(document.querySelector('dialog a')).toBeNull()
  await sound()
})

it('the tree goes by keys, and a tensor shows its statistics, its map and its line of Python when asked', async () => {
  const asked = looks()
  await renderShell({trouble, looks: asked})
  await press(button('Show all tensors'))
  await part('Tensors')
  const tree = the('[role=tree]')
  await act(async () => tree.focus())
  const active = () => document.getElementById(tree.getAttribute('aria-activedescendant')!)!
  expect(active().getAttribute('aria-expanded')).toBe('true')
  await key('ArrowDown')
  await key('Enter')
  expect(the('.look h3').textContent).toBe('pool.mu')
  await press(button('Statistics'))
  expect(asked.statistics).toHaveBeenCalledWith(file, 'pool.mu', expect.anything())
  expect(the('.python').textContent).toBe('import torch\n→ 1024 -1 2')
  expect(the<HTMLCanvasElement>('.slice-map canvas').width).toBeGreaterThan(50)
  // What the pointer takes hold of lies over the cells and must not hide them.
  expect(getComputedStyle(the('.slice-map .surface')).fill).toBe('none')
  await sound()
  await key('ArrowLeft')
  await key('ArrowLeft')
  expect(active().getAttribute('aria-expanded')).toBe('false')
})

it('of thousands of tensors only the lines in sight are in the page', async () => {
  const entries = Array.from({length: 5000}, (_, i) => ({...strangeReport.entries[0]!, name: `w${i}`}))
  await renderShell({trouble: {...trouble, report: {...report, entries}}})
  await press(button('Show all tensors'))
  await part('Tensors')
  expect(document.querySelectorAll('[role=treeitem]').length).toBeLessThan(60)
  await act(async () => the('[role=tree]').focus())
  await key('End')
  await expect.poll(() => document.querySelectorAll('[role=treeitem]').item(20)?.textContent ?? '').toContain('w49')
})

it('roles bound by name are checked as they are given, and applied with heads and classes', async () => {
  const {asked} = await renderShell({trouble})
  await press(button('Bind by hand'))
  const inputs = [...document.querySelectorAll<HTMLInputElement>('.bind-roles input')]
  expect(button('Apply').disabled).toBe(true)
  await type(inputs[0]!, 'pool.mu')
  await type(inputs[1]!, 'encoder.weight')
  expect(the('.bind-roles [data-state=disagrees] p').textContent).toContain('they must be equal')
  await type(inputs[1]!, 'pool.var')
  await type(the<HTMLInputElement>('.bind-top .grow input'), 'a, b')
  await sound()
  await press(button('Apply'))
  const bindings = {'head 0 mean offset': 'pool.mu', 'head 0 scaled variance': 'pool.var'}
  expect(asked).toEqual([['bind', file, {family: 'layer-density', heads: 1, bindings}, ['a', 'b']]])
})

it('a thing to check leads to its head', async () => {
  const made = await syntheticExplanation({resamples: 20})
  const lint = [{head: 1, kind: 'idle-head', text: 'Head 2 is idle.'}] as const
  const {lens} = await renderShell({explanation: {...made, lint}})
  await press(button('1 thing'))
  await sound()
  await press(button('Show head 2'))
  expect(lens.getState().pinned).toBe(made.heads[1]!.rows![0])
})
