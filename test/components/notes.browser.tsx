import {act} from 'react'
import {createRoot} from 'react-dom/client'
import {expect, it, onTestFinished, vi} from 'vitest'
import {NoteText} from '@/components/notes/NoteText'
import {decodeExplanation} from '@/lib/explain/json'
import {button, key, press, renderShell, the} from './renderShell'

const payloads = [
  '<script>window.hacked = 1</script>',
  '<img src=x onerror="window.hacked = 1">',
  '<svg onload="window.hacked = 1"><animate onbegin="window.hacked = 1"/></svg>',
  '<iframe srcdoc="<script>parent.hacked = 1</script>"></iframe>',
  '<style>* {display: none}</style><link rel=stylesheet href=//evil.example>',
  '</p></div><form action=//evil.example><input name=a></form>',
  '[press](javascript:window.hacked=1)',
  '[press](JAVASCRIPT:window.hacked=1) and [press](data:text/html,<script>1</script>)',
  '[press](https://a.example/" onmouseover="window.hacked=1)',
  '[<img src=x onerror=window.hacked=1>](https://a.example)',
  '![picture](https://evil.example/track.png)',
  '```html\n<script>window.hacked = 1</script>\n```',
  '`<b onclick=window.hacked=1>`',
  '- <script>window.hacked = 1</script>\n- **<u>**',
  'safe\u202egnp.exe \u2066hidden\u2069 pass\u200bword\ufeff \u{e0041}',
  '&lt;script&gt; &#106;avascript:alert(1)',
  '*'.repeat(500),
  '[[[[['.repeat(100)
]

async function written(text: string): Promise<HTMLElement> {
  const host = document.body.appendChild(document.createElement('div'))
  const root = createRoot(host)
  await act(async () => root.render(<NoteText text={text} />))
  onTestFinished(() => {
    act(() => root.unmount())
    host.remove()
  })
  return host
}

const plain = new Set(['DIV', 'P', 'UL', 'OL', 'LI', 'PRE', 'CODE', 'STRONG', 'EM', 'A', 'SPAN'])
const attributes = new Set(['class', 'dir', 'href', 'rel', 'target'])

it.each(payloads)('a note of %j brings nothing but words', async (text) => {
  const host = await written(text)
  for (const element of host.querySelectorAll('*')) {
    expect(plain).toContain(element.tagName)
    for (const {name} of element.attributes) expect(attributes).toContain(name)
  }
  for (const link of host.querySelectorAll('a')) {
    expect(link.protocol).toMatch(/^https?:$/)
    expect(link.rel.split(' ')).toEqual(expect.arrayContaining(['noopener', 'nofollow']))
    expect(link.target).toBe('_blank')
  }
  expect(host.textContent).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]|[\u{e0000}-\u{e007f}]/u)
  host.querySelectorAll('a').forEach((link) => {
    link.addEventListener('click', (event) => event.preventDefault())
    link.click()
  })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect((window as {hacked?: number}).hacked).toBeUndefined()
})

it('Markdown of a note reads as it means', async () => {
  const host = await written('**bold** and *em* and `code`\n\n1. one\n2. [two](https://a.example/x)')
  expect(host.querySelector('.note-text')!.innerHTML).toBe(
    '<p><strong>bold</strong> and <em>em</em> and <code>code</code></p><ol><li>one</li><li><a href="https://a.example/x" rel="noopener noreferrer nofollow" target="_blank">two</a><span class="note-host"> (a.example)</span></li></ol>'
  )
})

async function opened() {
  const explanation = decodeExplanation(await (await fetch('/examples/digits/explanation.json')).text())
  const shell = await renderShell({explanation})
  const figure = the('#figure')
  await vi.waitFor(() => expect(figure.querySelector('.panel[data-letter="c"]')).not.toBeNull())
  return {...shell, figure}
}

const type = (text: string) =>
  act(async () => {
    const field = the<HTMLTextAreaElement>('.note-editor textarea')
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')!.set!.call(field, text)
    field.dispatchEvent(new Event('input', {bubbles: true}))
  })

const marks = () => document.querySelectorAll('.figure .note-mark').length

it('N begins a note on the pinned cell; it is kept with a mark, changed, deleted, and brought back', async () => {
  const {lens, notes, figure} = await opened()
  await act(async () => lens.setState({pinned: 4, pinnedFeature: 16}))
  figure.focus()
  await key('n')
  expect(document.activeElement).toBe(the('.note-editor textarea'))
  expect(the<HTMLSelectElement>('.note-editor select').selectedOptions[0]!.text).toBe('Layer 5, feature 17')
  await type('It **peaks** here')
  await key('Enter', {ctrlKey: true})
  expect(notes.getState().notes).toEqual([{at: {on: 'cell', layer: 4, feature: 16}, text: 'It **peaks** here'}])
  expect(the('.notes-panel .note-text').innerHTML).toBe('<p>It <strong>peaks</strong> here</p>')
  expect(marks()).toBe(1)
  expect(the('.notes-button').textContent).toBe('1 note')
  await press(button('Edit'))
  await type('It does not')
  await press(button('Keep'))
  expect(notes.getState().notes[0]!.text).toBe('It does not')
  await press(button('Delete'))
  expect({marks: marks(), notes: notes.getState().notes}).toEqual({marks: 0, notes: []})
  await press(button('Undo'))
  expect(marks()).toBe(1)
})

it('Escape lets a note go that was begun, and then the list', async () => {
  const {notes, figure} = await opened()
  figure.focus()
  await key('n')
  expect(notes.getState().draft?.at).toEqual({on: 'figure'})
  await key('Escape')
  expect(notes.getState()).toMatchObject({draft: null, open: true})
  the('.notes-panel .close').focus()
  await key('Escape')
  expect(document.querySelector('.notes-panel')).toBeNull()
  expect(document.activeElement).toBe(the('.notes-button'))
})

it('every place that a note can have bears its mark: rows, heads, columns, cells and inputs', async () => {
  const {notes} = await opened()
  const added = async (...places: Parameters<ReturnType<typeof notes.getState>['write']>[0][]) => {
    await act(async () => notes.getState().take(places.map((at) => ({at, text: 'a'}))))
    return marks()
  }
  // Narrow windows have three sections, each with its spine.
  const sections = document.querySelectorAll('.figure g.section').length
  expect(await added({on: 'figure'})).toBe(0)
  expect(await added({on: 'layer', layer: 2})).toBe(sections)
  expect(await added({on: 'head', head: 3})).toBe(sections)
  expect(await added({on: 'feature', feature: 63})).toBe(1)
  expect(await added({on: 'cell', layer: 0, feature: 0}, {on: 'cell', layer: 0, feature: 0})).toBe(1)
  expect(await added({on: 'layer', layer: 900}, {on: 'head', head: 9})).toBe(0)
  expect(await added({on: 'sample', sample: 3})).toBe(0)
  expect(document.querySelectorAll('.tile.noted')).toHaveLength(1)
})
