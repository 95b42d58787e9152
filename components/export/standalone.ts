// What runs in an exported HTML file: the same figure as in the app, over the record that the file carries. It is packed
// by itself into a classic script (scripts/standalone.mjs), since a page opened from a disk may load no module.
import {standalonePlane} from '@/components/export/standalonePlane'
import {openFigure} from '@/components/figure/openFigure'
import {saveFile} from '@/components/saveFile'
import type {Theme} from '@/lib/core/colour'
import {drawSentence} from '@/lib/draw/sentence'
import type {Explanation} from '@/lib/explain/explanation'
import {readPageInputs} from '@/lib/share/pageInputs'
import {decodeRecord} from '@/lib/share/record'
import {visibleRecord} from '@/lib/share/visible'
import {createLens, type LensStore, type Order} from '@/lib/state/lens'
import {lensOf} from '@/lib/state/lensView'
import {lineReading} from '@/lib/views/lineReading'
import type {Note} from '@/lib/views/note'
import {shownRows} from '@/lib/views/shownRows'

async function open() {
  const bytes = fromBase64(document.getElementById('record')!.textContent)
  const record = visibleRecord(await decodeRecord(bytes))
  const {explanation, notes, pictures} = record
  const lens = createLens()
  if (record.view) lens.setState(lensOf(record.view, explanation))
  const redraw = showFigure(explanation, notes, lens)
  const along = document.getElementById('inputs')
  const inputs = along ? readPageInputs(fromBase64(along.textContent)) : []
  const drawPlane = standalonePlane(explanation, lens, {inputs, pictures})
  followTheme((theme) => {
    redraw()
    drawPlane(theme)
  })
  followOrder(explanation, lens)
  readAlong(explanation, lens)
  offerRecord(bytes)
}

const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0))

/** Draws the figure and keeps it as large as its place. Gives the way to draw it again. */
function showFigure(explanation: Explanation, notes: readonly Note[], lens: LensStore): () => void {
  const root = document.getElementById('figure')!
  const figure = openFigure(root, lens)
  const draw = () => {
    const theme = document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'
    const size = {width: root.clientWidth, height: root.clientHeight}
    const without = {sampleMap: null, sumUp: null, device: null, edits: null}
    figure.show({explanation, partial: false, theme, ...without, notes, size})
  }
  let [width, height] = [0, 0]
  new ResizeObserver(() => {
    if (root.clientWidth === width && root.clientHeight === height) return
    width = root.clientWidth
    height = root.clientHeight
    draw()
  }).observe(root)
  return draw
}

function followTheme(redraw: (theme: Theme) => void) {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const follow = () => {
    const theme = dark.matches ? 'dark' : 'light'
    document.documentElement.dataset.theme = theme
    redraw(theme)
  }
  dark.addEventListener('change', follow)
  follow()
}

/** The words that order the rows, of those this explanation can give; and O, which takes the next. */
function followOrder({layers}: Explanation, lens: LensStore) {
  const group = document.querySelector<HTMLElement>('.order')!
  const orders: Order[] = [
    'model',
    ...(layers.length > 0 ? ['importance' as const] : []),
    ...(layers.some(({untrained}) => untrained !== null) ? ['learned' as const] : [])
  ]
  const radios = [...group.querySelectorAll<HTMLInputElement>('input')]
  for (const radio of radios) {
    radio.closest('label')!.hidden = !orders.includes(radio.value as Order)
    radio.addEventListener('change', () => lens.getState().setOrder(radio.value as Order))
  }
  const mark = () => {
    for (const radio of radios) radio.checked = radio.value === lens.getState().order
  }
  lens.subscribe(mark)
  mark()
  group.hidden = orders.length < 2
  addEventListener('keydown', (event) => {
    const elsewhere = event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey
    if (event.key.toLowerCase() !== 'o' || elsewhere) return
    const {order, setOrder} = lens.getState()
    setOrder(orders[(orders.indexOf(order) + 1) % orders.length]!)
  })
}

/** How long a reading must rest before it is said aloud, ms. */
const restMs = 350

/** The row under the pointer, else the pinned one, else the first ranked, in full sentences. */
function readAlong(explanation: Explanation, lens: LensStore) {
  const cell = document.querySelector<HTMLElement>('.reading')!
  const spoken = document.querySelector<HTMLElement>('[role="status"]')!
  const first = explanation.layers.find(({rank}) => rank === 1)?.layer ?? 0
  let was: string | null = null
  let speak: ReturnType<typeof setTimeout> | undefined
  const write = () => {
    const {layer, pinned, rowWindow} = lens.getState()
    const [read, state] =
      layer !== null && layer !== pinned ? [layer, 'hover'] : pinned !== null ? [pinned, 'pinned'] : [first, 'rest']
    const now = `${read} ${state} ${rowWindow}`
    if (now === was) return
    const quiet = was === null
    was = now
    const {title, sentences, row} = lineReading(shownRows(explanation, rowWindow), read)
    cell.dataset.state = row ? state : 'nothing'
    cell.querySelector('h2')!.textContent = row ? title : 'Reading'
    cell.querySelector('.gloss')!.textContent = row && state === 'pinned' ? 'pinned' : ''
    drawSentence(cell.querySelector('.sentence')!, sentences)
    clearTimeout(speak)
    if (quiet) return
    speak = setTimeout(() => {
      spoken.textContent = `${title}. ${sentences.map(({text}) => text).join('')}`
    }, restMs)
  }
  lens.subscribe(write)
  write()
}

/** The record alone, as the app opens it and the command line verifies it. */
function offerRecord(bytes: Uint8Array) {
  const button = document.querySelector<HTMLButtonElement>('.save')!
  button.hidden = false
  button.addEventListener('click', () => {
    saveFile(
      new Blob([bytes as Uint8Array<ArrayBuffer>], {type: 'application/octet-stream'}),
      'explanation.densitylens'
    )
  })
}

void open().catch((error: unknown) => {
  const said = document.querySelector('.broken')!
  said.textContent = `The explanation in this file could not be read: ${error instanceof Error ? error.message : error}`
  said.removeAttribute('hidden')
})
