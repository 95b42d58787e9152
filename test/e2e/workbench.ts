import {readFileSync} from 'node:fs'
import {basename} from 'node:path'
import {test as base, expect, type Page} from '@playwright/test'

export {expect}

/** What NumPy and PyTorch find in the shipped files, in float64: test/reference/make_digits.py. */
export const expected: {
  readonly layerRank: readonly number[]
  readonly layerImportance: readonly number[]
  readonly learned: readonly number[]
  readonly untrainedRank: readonly number[]
  readonly saved: {readonly layerRank: readonly number[]}
} = JSON.parse(readFileSync('test/fixtures/digits/expected.json', 'utf8'))

export const checkpoint = 'public/examples/digits/checkpoint.pth'
export const inputs = 'public/examples/digits/inputs.npz'
export const safetensors = 'test/fixtures/digits/checkpoint.safetensors'

interface Manners {
  clean: undefined
  /** Origins besides its own server that the page may ask, because the test opens files of theirs. */
  allowed: Set<string>
  /** What the browser may say on the console, because the test makes it. */
  foreseen: RegExp[]
}

/** Every test also fails when the page throws, complains on its console, or asks anyone but its own server. */
export const test = base.extend<Manners>({
  allowed: async ({baseURL}, use) => use(new Set([baseURL!])),
  foreseen: async ({baseURL: _}, use) => use([]),
  clean: [
    async ({page, allowed, foreseen}, use) => {
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('request', (request) => {
        const {protocol, origin} = new URL(request.url())
        if (!['blob:', 'data:'].includes(protocol) && !allowed.has(origin)) complaints.push(`asked ${request.url()}`)
      })
      await use(undefined)
      expect(complaints.filter((text) => !foreseen.some((pattern) => pattern.test(text)))).toEqual([])
    },
    {auto: true}
  ]
})

/** The finding: the sentence over the figure. */
export const finding = (page: Page) => page.getByRole('heading', {level: 1})

/** Waits for a finding of an open explanation: its place has a heading before, too. */
export const found = (page: Page) => expect(page.getByRole('button', {name: 'Why', exact: true})).toBeVisible()

/** The message box of a step that failed; Next keeps an alert of its own for route changes. */
export const trouble = (page: Page) => page.locator('.toasts[role=alert]')

/** The inputs on show, one radio button each. */
export const tiles = (page: Page) => page.getByRole('radiogroup', {name: 'Input', exact: true}).getByRole('radio')

/** Waits until the engine has run the open model here, and gives what it runs on: `WebGPU`, `WASM`… */
export async function ranOn(page: Page): Promise<string> {
  await expect(page.getByRole('banner').getByRole('status')).toHaveText(/^Live, [\d,.]+ ms per input$/, {
    timeout: 45_000
  })
  return page.locator('.bar-engine').first().innerText()
}

/** A path, or a file that is made up. */
export type Given = string | {readonly name: string; readonly buffer: Buffer}

/** Opens files as the file dialog would. */
export async function open(page: Page, ...files: readonly Given[]) {
  const payloads = files.map((file) =>
    typeof file === 'string' ? {name: basename(file), buffer: readFileSync(file)} : file
  )
  const mimeType = 'application/octet-stream'
  await page.locator('input[type=file]').setInputFiles(payloads.map((payload) => ({...payload, mimeType})))
}

export interface LayerRow {
  readonly layer: number
  readonly rank: number
  readonly untrainedRank: number
  readonly importance: number
  readonly learned: number
}

/** The table of layers behind the figure, read off the dialog that T opens. */
export async function layerTable(page: Page): Promise<LayerRow[]> {
  await found(page)
  await page.locator('#figure').focus()
  await page.keyboard.press('t')
  const dialog = page.getByRole('dialog', {name: 'The numbers behind the figure'})
  // Dialogs come with the first that is asked for.
  await expect(dialog.locator('tbody tr').first()).toBeVisible()
  const texts = async (row: ReturnType<Page['locator']>) => row.locator('th, td').allInnerTexts()
  const columns = await texts(dialog.locator('thead tr'))
  const rows = await Promise.all((await dialog.locator('tbody tr').all()).map(texts))
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  const numberIn = (cells: readonly string[], title: string) =>
    Number(cells[columns.indexOf(title)]!.replace('−', '-').replace('–', 'NaN'))
  return rows.map((cells) => ({
    layer: numberIn(cells, 'Layer'),
    rank: numberIn(cells, 'Rank'),
    untrainedRank: numberIn(cells, 'Untrained rank'),
    importance: numberIn(cells, 'IF'),
    learned: numberIn(cells, 'Learned part')
  }))
}

/** The table says what the reference found, to the digits that it shows. */
export function expectReference(rows: readonly LayerRow[]) {
  expect(rows.map(({layer}) => layer)).toEqual(expected.layerRank.map((_, index) => index + 1))
  expect(rows.map(({rank}) => rank)).toEqual(expected.layerRank)
  expect(rows.map(({untrainedRank}) => untrainedRank)).toEqual(expected.untrainedRank)
  for (const [index, {importance, learned}] of rows.entries()) {
    // Half of the last digit that is shown, and what float32 may add to it.
    expect(Math.abs(importance - expected.layerImportance[index]!)).toBeLessThan(0.0005 + 1e-4)
    expect(Math.abs(learned - expected.learned[index]!)).toBeLessThan(0.00005 + 1e-5)
  }
}
