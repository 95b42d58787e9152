import {act} from 'react'
import {expect, it} from 'vitest'
import {button, key, press, renderShell, the} from './renderShell'

const type = (text: string) =>
  act(async () => {
    const field = the<HTMLTextAreaElement>('.address textarea')
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')!.set!.call(field, text)
    field.dispatchEvent(new Event('input', {bubbles: true}))
  })
const hint = () => the('.address [role=status]').textContent

async function opened() {
  const shell = await renderShell()
  await press(button('Open an address…'))
  return shell
}

it('the field has the focus, and nothing is asked before Open', async () => {
  const {asked} = await opened()
  expect(document.activeElement).toBe(the('.address textarea'))
  expect(hint()).toBe('Nobody is asked before you press Open.')
  expect(the<HTMLButtonElement>('.address [type=submit]').disabled).toBe(true)
  await type('https://example.org/a/model.pth')
  expect(asked).toEqual([])
})

it('says which host will be asked, and that nobody else will', async () => {
  await opened()
  await type('https://example.org/a/model.pth')
  expect(hint()).toBe('example.org will be asked, and where it sends the request on to; nobody else.')
  await type('owner/name\nhttps://example.org/inputs.npz')
  expect(hint()).toContain('huggingface.co and example.org will be asked')
})

it('opens what was typed with Enter, one address on each line, and closes', async () => {
  const {asked} = await opened()
  await type(' owner/name \n\nhttps://example.org/inputs.npz\n')
  await key('Enter')
  expect(asked).toEqual([['openAddresses', ['owner/name', 'https://example.org/inputs.npz']]])
  expect(document.querySelector('dialog')).toBeNull()
})

it('says what is wrong with an address, and does not open it', async () => {
  const {asked} = await opened()
  await type('http://example.org/model.pth')
  expect(hint()).toContain('an https:// address is needed')
  expect(the('.address textarea').getAttribute('aria-invalid')).toBe('true')
  await key('Enter')
  expect(asked).toEqual([])
  expect(document.querySelector('dialog')).not.toBeNull()
})

it('Shift and Enter begin a new line instead of opening', async () => {
  const {asked} = await opened()
  await type('owner/name')
  await key('Enter', {shiftKey: true})
  expect(asked).toEqual([])
})

it('says where the open checkpoint came from, and how little of it', async () => {
  const {strangeReport} = await import('./scriptedSession')
  const from = {host: 'example.org', fetched: 1_200_000, whole: false}
  await renderShell({report: {...strangeReport, size: 9_800_000_000, from}})
  expect(the('.bar .menu').textContent).toContain(
    '1.2\u00a0MB of 9.8\u00a0GB came from example.org; the rest was not needed.'
  )
})
