import '@/app/styles/share.css'
import {act} from 'react'
import {expect, it, onTestFinished, vi} from 'vitest'
import {decodeExplanation} from '@/lib/explain/json'
import {readHashLink} from '@/lib/share/link'
import {decodeRecord} from '@/lib/share/record'
import {button, press, renderShell, the} from './renderShell'

/** Waits for what comes by itself, drawing all the while: 10 s at most. */
async function until<T>(check: () => T): Promise<T> {
  for (const end = performance.now() + 10_000; ; ) {
    await act(() => new Promise<void>((resolve) => setTimeout(resolve, 20)))
    try {
      return check()
    } catch (error) {
      if (performance.now() > end) throw error
    }
  }
}

const field = () => the<HTMLInputElement>('.share-link input')

async function opened() {
  const explanation = decodeExplanation(await (await fetch('/examples/digits/explanation.json')).text())
  const pictures = {count: explanation.samples.length, width: 1, height: 1, values: new Uint8Array(100).fill(7)}
  const shell = await renderShell({explanation, pictures})
  await act(async () => {
    shell.lens.setState({order: 'importance', pinned: 4, pinnedFeature: 16, sample: 9})
    shell.notes.getState().take([{at: {on: 'sample', sample: 9}, text: 'odd'}])
  })
  await press(the('.bar-share'))
  await until(() => expect(field().value).toContain('#x='))
  return {...shell, explanation}
}

const box = (label: string) =>
  [...document.querySelectorAll('label')].find(({textContent}) => textContent?.startsWith(label))!.control!
const link = async () => readHashLink(field().value)

/** Until the link has been made anew. */
async function changed(act: () => Promise<unknown>) {
  await until(() => expect(field().value).toContain('#x='))
  const {value} = field()
  await act()
  await until(() => expect([field().value === value, field().value.includes('#x=')]).toEqual([false, true]))
}

it('a link holds the very view and the notes; no file name, input or picture unless it is asked for', async () => {
  const {explanation} = await opened()
  const {explanation: read, view, notes, pictures, left} = await link()
  expect(view).toMatchObject({order: 'importance', pinned: 4, pinnedFeature: 16})
  expect(notes).toEqual([{at: {on: 'sample', sample: 9}, text: 'odd'}])
  expect(read.provenance.checkpoint.name).toBe('checkpoint')
  expect(read.provenance.checkpoint.sha256).toBe(explanation.provenance.checkpoint.sha256)
  expect({samples: read.samples, pictures, left}).toMatchObject({samples: [], pictures: null})
  expect(left).toContain('samples')
})

it('one input can go along alone, with its picture and the note on it', async () => {
  const {explanation} = await opened()
  // All of them have no room in a link, so it stays as it is.
  await press(box('Single inputs'))
  const which = the<HTMLSelectElement>('select[aria-label="Which inputs"]')
  await changed(() =>
    act(async () => {
      which.value = 'selected'
      which.dispatchEvent(new Event('change', {bubbles: true}))
    })
  )
  await changed(() => press(box('Pictures of these')))
  const {explanation: read, view, notes, pictures} = await link()
  expect(read.samples).toHaveLength(1)
  expect(read.samples[0]).toMatchObject({name: 'input 10', label: explanation.samples[9]!.label})
  expect(pictures).toEqual({count: 1, width: 1, height: 1, values: Uint8Array.of(7)})
  expect(view?.sample).toBe(0)
  expect(notes).toEqual([{at: {on: 'sample', sample: 0}, text: 'odd'}])
})

it('what is unticked stays, and the preview is drawn from the bytes that are left', async () => {
  await opened()
  await until(() => expect(document.querySelector('.share-preview .panel[data-letter="c"] g')).not.toBeNull())
  await changed(() => press(box('Your 1 note')))
  await changed(() => press(box('The heatmap')))
  const {notes, explanation, left} = await link()
  expect({notes, density: explanation.density}).toEqual({notes: [], density: null})
  expect(left).toContain('density')
  expect(the('.share-preview-title').textContent).toBe(explanation.finding.title)
})

/** Stands in for the server: answers what it is told, and keeps what it is sent. */
function serverThat(answer: {status: number; body: string; retryAfter?: string} | 'silent' | 'waits') {
  const sent: Uint8Array[] = []
  class Request {
    status = 0
    responseText = ''
    upload: {onprogress?: (event: {loaded: number; total: number}) => void} = {}
    onload = () => {}
    onerror = () => {}
    onabort = () => {}
    open() {}
    setRequestHeader() {}
    getResponseHeader = (name: string) =>
      name === 'retry-after' && typeof answer === 'object' ? (answer.retryAfter ?? null) : null
    abort = () => this.onabort()
    send(bytes: Uint8Array) {
      sent.push(bytes)
      this.upload.onprogress?.({loaded: 1, total: 2})
      if (answer === 'waits') return
      setTimeout(() => {
        if (answer === 'silent') return this.onerror()
        this.status = answer.status
        this.responseText = answer.body
        this.onload()
      })
    }
  }
  vi.stubGlobal('XMLHttpRequest', Request)
  onTestFinished(() => void vi.unstubAllGlobals())
  return sent
}

const store = async () => {
  await press(document.querySelectorAll<HTMLElement>('.share-ways input')[1]!)
  await vi.waitFor(() => expect(button('Store a copy').disabled).toBe(false))
  await press(button('Store a copy'))
}

it('a stored copy gives its link, the day it goes, and a link that deletes it behind the hash', async () => {
  const stored = {
    id: 'abc',
    url: 'https://lens.example/e/abc',
    deleteToken: 'TOKEN',
    expires: '2030-04-01T00:00:00.000Z'
  }
  const sent = serverThat({status: 201, body: JSON.stringify(stored)})
  await opened()
  expect(sent).toEqual([])
  await store()
  await until(() => the('.share-stored'))
  const [link, deletion] = [...document.querySelectorAll<HTMLInputElement>('.share-link input')]
  expect(link!.value).toBe('https://lens.example/e/abc')
  const {hash, search} = new URL(deletion!.value)
  expect(hash).toBe('#delete=abc.TOKEN')
  expect(search).not.toContain('TOKEN')
  expect(the('.share-stored').textContent).toContain('1 April 2030')
  const {explanation, unread} = await decodeRecord(sent[0]!)
  expect({names: explanation.provenance.checkpoint.name, samples: explanation.samples, unread}).toEqual({
    names: 'checkpoint',
    samples: [],
    unread: []
  })
})

it('what somebody stored before has no second token', async () => {
  const stored = {id: 'abc', url: 'https://lens.example/e/abc', deleteToken: null, expires: '2030-04-01T00:00:00.000Z'}
  serverThat({status: 200, body: JSON.stringify(stored)})
  await opened()
  await store()
  await until(() => the('.share-stored'))
  expect(document.querySelectorAll('.share-link')).toHaveLength(1)
  expect(the('.share-stored').textContent).toContain('only they can delete it earlier')
})

it.each([
  [{status: 413, body: '<html>'}, /^The server takes no explanation of \d+\.\d\sKB\. Leave something out\.$/],
  [
    {status: 429, body: '{"error":"Too many requests from this address"}', retryAfter: '12'},
    /^Too many requests from this address\. Try again in 12 s\.$/
  ],
  [{status: 507, body: '{"error":"The store is full; try again when some have expired"}'}, /^The store is full/],
  [{status: 502, body: 'Bad gateway'}, /^The server answered with status 502\. Nothing was stored\.$/],
  [{status: 201, body: '{"id": 4}'}, /^The server answered with status 201\. Nothing was stored\.$/],
  ['silent', /^The server gave no answer; nothing was stored\.$/]
] as const)('%j is a sentence, and it can be tried again', async (answer, sentence) => {
  serverThat(answer)
  await opened()
  await store()
  await until(() => the('.share-sheet [role=alert]'))
  expect(the('.share-sheet [role=alert]').textContent).toMatch(sentence)
  expect(button('Try again').disabled).toBe(false)
})

it('storing tells how far it is and can be cancelled', async () => {
  serverThat('waits')
  await opened()
  await store()
  expect(the<HTMLProgressElement>('.share-sending progress').value).toBe(0.5)
  await press(button('Cancel'))
  expect(button('Store a copy').disabled).toBe(false)
})

it('a deletion link asks first, sends its token in a header alone, and leaves the address bar', async () => {
  const asked: [string, RequestInit | undefined][] = []
  const own = fetch
  vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
    if (init?.method !== 'DELETE') return own(url, init)
    asked.push([url, init])
    return Promise.resolve(new Response(null, {status: 204}))
  })
  onTestFinished(() => {
    vi.unstubAllGlobals()
    history.replaceState(null, '', location.pathname + location.search)
  })
  history.replaceState(null, '', '#delete=abc.TOKEN')
  await renderShell()
  await until(() => button('Delete it'))
  expect(asked).toEqual([])
  await press(button('Delete it'))
  await until(() => expect(the('dialog [role=status]').textContent).toMatch(/^It is deleted/))
  expect(asked).toEqual([['/api/explanations/abc', {method: 'DELETE', headers: {authorization: 'Bearer TOKEN'}}]])
  await press(button('Close'))
  expect(location.hash).toBe('')
})
