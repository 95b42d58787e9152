import axe from 'axe-core'
import {act} from 'react'
import {beforeAll, expect, it, onTestFinished} from 'vitest'
import {page} from 'vitest/browser'
import {syntheticExplanation} from '../../fixtures/explanations'
import {button, key, press, renderShell, the} from '../renderShell'
import {strangeReport as report} from '../scriptedSession'

const file = {kind: 'file', file: new File([], 'probe.pth')} as const
const trouble = {title: 'No density attention in probe.pth', message: 'Found nothing.', after: '', report, file}

beforeAll(() => page.viewport(1280, 800))

// A dialog that is still fading in has other colours.
async function sound() {
  await Promise.all(document.getAnimations().map(({finished}) => finished))
  const {violations} = await axe.run('dialog')
  expect(violations.map(({id, nodes}) => [id, nodes[0]?.html])).toEqual([])
}
const type = (input: HTMLInputElement, value: string) =>
  act(async () => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(input, value)
    input.dispatchEvent(new Event('input', {bubbles: true}))
  })

it('a tensor chosen in the tree goes to the first role that lacks one, and the next role is up', async () => {
  const {asked} = await renderShell({trouble})
  await press(button('Bind by hand'))
  const tree = the('.bind-tensors [role=tree]')
  await act(async () => tree.focus())
  await key('ArrowDown')
  await key('Enter')
  await key('ArrowDown')
  await key('Enter')
  expect(the('.bind [role=status].quiet').textContent).toBe('Every role fits.')
  await press(button('Apply'))
  const bindings = {'head 0 mean offset': 'pool.mu', 'head 0 scaled variance': 'pool.var'}
  expect(asked).toEqual([['bind', file, {family: 'layer-density', heads: 1, bindings}, null]])
})

it('Enter in the search takes the only tensor left, and does not apply what is not done', async () => {
  const {asked} = await renderShell({trouble})
  await press(button('Bind by hand'))
  const search = the<HTMLInputElement>('.bind-tensors input[type=search]')
  await act(async () => search.focus())
  await type(search, 'var')
  await key('Enter')
  expect(the<HTMLInputElement>('.bind-name input').value).toBe('pool.var')
  expect(asked).toEqual([])
})

it('a tensor dragged onto a role fills it; of thousands only those in sight are in the page', async () => {
  const entries = Array.from({length: 5000}, (_, i) => ({...report.entries[0]!, name: `w${i}`}))
  await renderShell({trouble: {...trouble, report: {...report, entries}}})
  await press(button('Bind by hand'))
  expect(document.querySelectorAll('.bind-tensors [role=treeitem]').length).toBeLessThan(60)
  await type(the<HTMLInputElement>('.bind-tensors input[type=search]'), 'w4711')
  const dataTransfer = new DataTransfer()
  const row = the('.bind-tensors [role=treeitem]')
  const role = [...document.querySelectorAll<HTMLElement>('.bind-roles li')][1]!
  await act(async () => {
    row.dispatchEvent(new DragEvent('dragstart', {dataTransfer, bubbles: true}))
    role.dispatchEvent(new DragEvent('drop', {dataTransfer, bubbles: true, cancelable: true}))
  })
  expect(role.querySelector('input')!.value).toBe('w4711')
  await sound()
})

it('in a narrow window each role has a list of its own to search and choose from', async () => {
  await page.viewport(375, 760)
  onTestFinished(() => page.viewport(1280, 800))
  await renderShell({trouble})
  await press(button('Bind by hand'))
  expect(getComputedStyle(the('.bind-tensors')).display).toBe('none')
  const second = [...document.querySelectorAll<HTMLElement>('.bind-roles li')][1]!
  await press(second.querySelector<HTMLElement>('.bind-choose')!)
  await type(second.querySelector<HTMLInputElement>('input[type=search]')!, 'var')
  await sound()
  await act(async () => second.querySelector<HTMLElement>('[role=tree]')!.focus())
  await key('ArrowDown')
  await key('Enter')
  const input = second.querySelector<HTMLInputElement>('.bind-name input')!
  expect([input.value, document.activeElement]).toEqual(['pool.var', input])
  expect(second.querySelector('[role=tree]')).toBeNull()
})

it('what was bound by hand before stands in the roles again', async () => {
  const made = await syntheticExplanation({resamples: 20})
  const bindings = {'head 0 mean offset': 'pool.mu', 'head 0 scaled variance': 'pool.var'}
  const settings = {family: 'layer-density', heads: 1, bindings, map: [32, 32]} as const
  const explanation = {...made, model: {...made.model, classes: ['anger', 'joy']}}
  await renderShell({explanation, report, settings, files: {checkpoint: file, inputs: []}})
  await press(button('Tensors'))
  await press([...document.querySelectorAll<HTMLElement>('dialog .choice label')][2]!)
  const values = [...document.querySelectorAll<HTMLInputElement>('.bind-top input, .bind-name input')].map(
    (i) => i.value
  )
  expect(values.slice(0, 5)).toEqual(['1', '32 × 32', 'anger, joy', 'pool.mu', 'pool.var'])
})

it('a stack is bound hop by hop; a pyramid says why it is not, and what to do', async () => {
  const {asked} = await renderShell({trouble})
  await press(button('Bind by hand'))
  const choose = (family: string) =>
    act(async () => {
      const select = the<HTMLSelectElement>('.bind-top select')
      select.value = family
      select.dispatchEvent(new Event('change', {bubbles: true}))
    })
  await choose('stacked-latent')
  expect([...document.querySelectorAll('.bind-top label')].map((label) => label.firstChild!.textContent)).toEqual([
    'Family',
    'Hops',
    'Map size',
    'Class names'
  ])
  expect(the('.bind-roles label').textContent).toBe('hop 0 regions look weight')
  expect(the('.bind [role=status].quiet').textContent).toContain('3 of 10 roles still need a tensor.')
  await type(the<HTMLInputElement>('.bind-top input[type=number]'), '2')
  expect(the('.bind [role=status].quiet').textContent).toContain('6 of 17 roles still need a tensor.')
  await sound()
  await choose('deformable-audio')
  expect(the('.bind [role=status]').textContent).toMatch(/^A pyramid has .* open the file again\.$/)
  expect(document.querySelector('.bind button')).toBeNull()
  await sound()
  await choose('layer-density')
  expect(the('.bind-roles label').textContent).toBe('head 0 mean offset')
  expect(asked).toEqual([])
})
