import '@/app/styles/export.css'
import '@/app/styles/share.css'
import {act} from 'react'
import {afterEach, beforeAll, beforeEach, describe, expect, it, vi} from 'vitest'
import type {Explanation} from '@/lib/explain/explanation'
import {decodeExplanation, encodeExplanation} from '@/lib/explain/json'
import {openArchive} from '@/lib/formats/openArchive'
import {memorySource} from '@/lib/formats/source'
import {readPageInputs} from '@/lib/share/pageInputs'
import {decodeRecord} from '@/lib/share/record'
import {syntheticExplanation} from '../fixtures/explanations'
import {spectrograms, strokes} from '../fixtures/planes'
import {button, key, press, renderShell, the} from './renderShell'

let explanation: Explanation
beforeAll(async () => {
  explanation = await syntheticExplanation({features: 8, inputs: 5, resamples: 20})
})

/** What was given to the person: name and content of each file. */
const saved: {name: string; blob: Blob}[] = []
beforeEach(() => {
  saved.length = 0
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    const blob = made.get(this.href)
    if (blob) saved.push({name: this.download, blob})
  })
  const made = new Map<string, Blob>()
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    const address = `blob:${location.origin}/${made.size}`
    made.set(address, blob as Blob)
    return address
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

const file = (name: string) => ({kind: 'file', file: new File([], name)}) as const
const files = {checkpoint: file('synthetic-12x8.pth'), inputs: [file('features.npz')]}

async function sheet(state: Parameters<typeof renderShell>[0] = {}, sample: number | null = null) {
  const shell = await renderShell({explanation, ...state})
  await act(async () => shell.lens.getState().selectSample(sample))
  await key('e')
  await eventually(() => the('.export-sheet'))
  return shell
}

const react = globalThis as {IS_REACT_ACT_ENVIRONMENT?: boolean}

/** Waits until it holds, while React draws what comes by itself. */
async function eventually(holds: () => void) {
  react.IS_REACT_ACT_ENVIRONMENT = false
  try {
    await vi.waitFor(holds, {timeout: 10_000})
  } finally {
    react.IS_REACT_ACT_ENVIRONMENT = true
  }
}

const saveButton = (title: string) => the<HTMLButtonElement>(`.export-sheet button[aria-label^="Save ${title},"]`)

async function save(title: string): Promise<{name: string; text: () => Promise<string>; blob: Blob}> {
  const before = saved.length
  await press(saveButton(title))
  await eventually(() => expect(saved.length).toBe(before + 1))
  const file = saved.at(-1)!
  return {...file, text: () => file.blob.text()}
}

const tick = (label: string) =>
  [...document.querySelectorAll<HTMLInputElement>('.export-sheet input[type="checkbox"]')].find(({labels}) =>
    labels?.[0]?.textContent?.includes(label)
  )!

const said = () => the('.export-sheet [role="status"]').textContent

describe('the sheet of exports', () => {
  it('opens with E and from the bar, and says that nothing leaves the page', async () => {
    await sheet()
    expect(the('.export-sheet').textContent).toContain('Nothing leaves this page.')
    await press(the('.export-sheet .close'))
    await press(button('Export'))
    await eventually(() => the('.export-sheet'))
  })

  it('is not offered while nothing is open', async () => {
    await renderShell()
    await key('e')
    expect(document.querySelector('.export-sheet, .bar-export')).toBeNull()
  })

  it('gives the whole explanation as JSON, which reads back as it was, without the names of files', async () => {
    await sheet()
    const {name, text} = await save('JSON')
    await eventually(() => expect(said()).toMatch(/^Saved /))
    expect(name).toBe('explanation.json')
    const read = decodeExplanation(await text())
    expect(read.layers).toEqual(decodeExplanation(encodeExplanation(explanation)).layers)
    expect(read.provenance.checkpoint).toEqual({...explanation.provenance.checkpoint, name: 'checkpoint'})
    expect(said()).toMatch(/^Saved explanation\.json, .*B\./)
  })

  it('names the files once that is ticked, and names its own by the checkpoint', async () => {
    await sheet()
    await press(tick('File names'))
    const {name, text} = await save('The ranking')
    expect(name).toBe('synthetic-12x8-ranking.csv')
    expect(await text()).toContain('# Checkpoint: synthetic-12x8.pth, ')
  })

  it('gives the arrays with the maps of single inputs while these are here', async () => {
    const asked: number[] = []
    const sampleMapOf = async (index: number) => {
      asked.push(index)
      return {rows: 12, cols: 8, values: new Float32Array(96).fill(index)}
    }
    await sheet({files, sampleMapOf})
    const {blob} = await save('NumPy arrays')
    const archive = await openArchive(memorySource(new Uint8Array(await blob.arrayBuffer()), 'out.npz'))
    expect(asked).toEqual([0, 1, 2, 3, 4])
    const {shape, values} = await archive.read('sample_density')
    expect([shape, values[96 * 3]]).toEqual([[5, 12, 8], 3])
    expect((await archive.read('importance')).shape).toEqual([12, 8])
  })

  it('says what is not in the arrays when the inputs are not here', async () => {
    await sheet({files: null})
    await save('NumPy arrays')
    await eventually(() => expect(said()).toMatch(/^Saved /))
    expect(said()).toContain('Sample_density is not in it: the inputs are not here')
  })

  it('shows after half a second what takes long, and stops it', async () => {
    const never = () => new Promise<never>(() => {})
    await sheet({files, sampleMapOf: never})
    await press(saveButton('NumPy arrays'))
    expect(said()).toBe('')
    await eventually(() => expect(said()).toBe('Reading the map of input 1 of 5… '))
    await press(button('Cancel'))
    expect(said()).toBe('')
    expect(saved).toEqual([])
  })

  it('tells the size that the picture then has, with attention on the input, and whatever is left out', async () => {
    const {provenance} = await spectrograms()
    const long = {...provenance, inputs: [{name: `${'long name '.repeat(9)}.npz`, size: 4000, sha256: null}]}
    await sheet({explanation: {...(await spectrograms()), provenance: long}})
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(''))
    for (const ticked of [false, true]) {
      if (ticked) await press(tick('File names'))
      const [, width, height] = /<svg [^>]*?width="(\d+)" height="(\d+)"/.exec(await (await save('SVG')).text())!
      const [wide, high] = [width, height].map((side) => (2 * Number(side)).toLocaleString('en'))
      const text = `${wide} × ${high} pixels`
      await eventually(() => expect(the('.export-pixels').textContent).toBe(text))
    }
  })

  it('refuses a picture that no canvas holds, before and after it is asked for', async () => {
    await sheet()
    const field = the<HTMLInputElement>('.export-scale input[type="number"]')
    await act(async () => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(field, '90')
      field.dispatchEvent(new Event('input', {bubbles: true}))
    })
    expect(the('.export-pixels').textContent).toMatch(/^needs a scale above 0, and of at most \d+\.\d$/)
    await press(saveButton('PNG'))
    await eventually(() => the('.export-failed'))
    expect(the('.export-failed').textContent).toContain('more than a canvas of this browser holds')
  })

  it('says so when the server does not give what a page is packed with', async () => {
    await sheet()
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('gone'))
    await press(saveButton('Web page'))
    await eventually(() => the('.export-failed'))
    expect(the('.export-failed').textContent).toContain('The server did not give /export/figure.')
  })
})

describe('what of single inputs goes into files', () => {
  const pictures = strokes(8, 24, 20)
  let sound: Explanation
  beforeAll(async () => {
    sound = await spectrograms()
  })

  /** The sheet over a pyramid with its inputs, and which of these were asked for. */
  async function pyramid() {
    const asked: number[] = []
    const sampleMapOf = async (index: number) => {
      asked.push(index)
      return {rows: 4, cols: 120, values: new Float32Array(480).map((_, i) => (i % 7) + index)}
    }
    const pointsAt: number[][] = []
    const samplingPoints = async (...place: number[]) => {
      pointsAt.push(place)
      const reference = Float32Array.of(0.25, 0.25, 0.75, 0.75)
      return {grid: [5, 6] as const, query: 8, groups: 1, reference, sampled: reference, attention: new Float32Array(2)}
    }
    await sheet({explanation: sound, files, pictures, sampleMapOf, samplingPoints}, 2)
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('/**/'))
    return {asked, pointsAt}
  }
  const recordIn = async (html: string, id: string) => {
    const [, text] = new RegExp(`id="${id}">([^<]*)<`).exec(html) ?? []
    return text === undefined ? null : Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  }

  it('is nothing unless it is ticked: no prediction, no attention of its own, no picture, no points', async () => {
    const {asked, pointsAt} = await pyramid()
    // The panel shows the selected input's own attention.
    const before = [...asked]
    const svg = await (await save('SVG')).text()
    expect(svg).toContain('mean over 8 inputs')
    expect(svg).not.toContain('>Input 1<')
    const html = await (await save('Web page')).text()
    const record = await decodeRecord((await recordIn(html, 'record'))!)
    expect([record.explanation.samples, record.pictures, record.left]).toEqual([[], null, ['samples']])
    expect(await recordIn(html, 'inputs')).toBeNull()
    expect([asked, pointsAt]).toEqual([before, []])
  })

  it('is their predictions, attention and points once inputs are ticked; in a picture those of the one that is looked at', async () => {
    const {asked, pointsAt} = await pyramid()
    await press(tick('Single inputs'))
    const html = await (await save('Web page')).text()
    const record = await decodeRecord((await recordIn(html, 'record'))!)
    expect([record.explanation.samples.length, record.pictures]).toEqual([8, null])
    const inputs = readPageInputs((await recordIn(html, 'inputs'))!)
    expect(inputs.map(({index, map}) => [index, map!.cols])).toEqual(Array.from({length: 8}, (_, i) => [i, 120]))
    // Of both rows that sample some, at the place that the row attends to most.
    expect(inputs.map(({points}) => points.map(({row, column, found}) => [row, column, found.query]))).toEqual(
      Array.from({length: 8}, () => [
        [1, 5, 8],
        [3, 3, 8]
      ])
    )
    pointsAt.length = 0
    const svg = await (await save('SVG')).text()
    expect(new Set(pointsAt.map(([input, row]) => `${input} ${row}`))).toEqual(new Set(['2 1']))
    expect(svg).toContain('sampling-points')
    expect(svg).not.toMatch(/on its own picture/)
    expect(asked).toEqual(expect.arrayContaining([0, 1, 2, 3, 4, 5, 6, 7]))
  })

  it('is their pictures once those are ticked, too, of the chosen ones alone', async () => {
    await pyramid()
    await press(tick('Single inputs'))
    await press(tick('Pictures'))
    await act(async () => {
      const select = the<HTMLSelectElement>('.export-sheet select')
      select.value = 'selected'
      select.dispatchEvent(new Event('change', {bubbles: true}))
    })
    const html = await (await save('Web page')).text()
    const record = await decodeRecord((await recordIn(html, 'record'))!)
    expect(readPageInputs((await recordIn(html, 'inputs'))!).map(({index}) => index)).toEqual([2])
    expect(record.pictures).toMatchObject({count: 1, width: 24, height: 20})
    expect(record.explanation.samples).toHaveLength(1)
    const svg = await (await save('SVG')).text()
    expect(svg).toContain('attention of input 3 alone, on its own picture')
  })
})
