import type {Page} from '@playwright/test'
import {checkpoint, expect, finding, inputs, open, ranOn, test} from './workbench'

const figure = (page: Page) => page.locator('#figure')
const rows = (page: Page) => page.locator('#figure g.panel[data-letter="a"] g.row')
const link = (page: Page) => page.getByRole('textbox', {name: 'Link', exact: true})

// The line that says where it came from makes rows lower; they may have no room for the bars' names then.
const numbers = async (page: Page) =>
  (await rows(page).allTextContents()).map((text) => text.replace('traineduntrained', ''))

/** What a reader sees of the view: the order of the rows, the numbers, the map, what is pinned, and the notes. */
const seen = async (page: Page) => ({
  finding: await finding(page).textContent(),
  order: await page.getByRole('radiogroup', {name: 'Order'}).getByRole('radio', {checked: true}).evaluate(nameOf),
  layers: await page.locator('#figure text.layer').allTextContents(),
  importance: await numbers(page),
  map: await page.locator('#figure .map-switch button[aria-pressed="true"]').textContent(),
  pinned: await page.locator('#figure g.reader.pin text').first().textContent(),
  column: await page.locator('#figure g.panel[data-letter="c"]').textContent(),
  reading: await page.locator('.reading .sentence').textContent(),
  notes: await page.locator('.notes-panel .note-text').allTextContents(),
  marks: await page.locator('#figure .note-mark').count()
})

const nameOf = (radio: HTMLElement | SVGElement) => radio.parentElement!.textContent

/** The digits by importance with the learned map, layer 5 and feature 17 pinned, and a note there. */
async function looked(page: Page) {
  await page.goto('/?example=digits')
  await expect(rows(page)).toHaveCount(12)
  await ranOn(page)
  await figure(page).focus()
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown')
  for (let i = 0; i < 17; i++) await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await page.keyboard.press('3')
  await page.keyboard.press('n')
  await page.getByRole('textbox', {name: 'Note'}).fill('Here it **falls**.')
  await page.keyboard.press('Control+Enter')
  await figure(page).focus()
  await page.keyboard.press('o')
  await expect(page.getByRole('radiogroup', {name: 'Order'}).getByRole('radio', {checked: true})).toHaveCount(1)
  // Rows travel for a quarter of a second.
  await page.waitForTimeout(600)
}

async function share(page: Page): Promise<string> {
  await page.getByRole('button', {name: 'Share…'}).click()
  await expect(link(page)).toHaveValue(/#x=/)
  return link(page).inputValue()
}

/** A browser that has never seen the page. */
async function elsewhere(page: Page, address: string): Promise<Page> {
  const other = await (await page.context().browser()!.newContext({viewport: page.viewportSize()})).newPage()
  await other.goto(address)
  await expect(rows(other)).toHaveCount(12)
  await expect(other.locator('.notes-panel .note-text')).toHaveCount(1)
  await other.waitForTimeout(600)
  return other
}

test('a link opens elsewhere as exactly the view it was made of', async ({page}) => {
  await looked(page)
  const here = await seen(page)
  expect(here).toMatchObject({map: 'Learned', pinned: '5', notes: ['Here it falls.'], marks: 1})
  const other = await elsewhere(page, await share(page))
  expect(await seen(other)).toEqual(here)
  await expect(other.locator('.shared-note')).toContainText('From a link')
  await other.context().close()
})

test('a stored copy opens elsewhere as the same view, until its second link deletes it', async ({page}) => {
  await looked(page)
  const here = await seen(page)
  await share(page)
  await page.getByRole('radio', {name: /^Store a copy/}).check({force: true})
  await page.getByRole('button', {name: 'Store a copy'}).click()
  await expect(page.getByText(/^Stored\. It is deleted on /)).toBeVisible()
  const address = await link(page).inputValue()
  const deletion = await page.getByRole('textbox', {name: 'Deletion link'}).inputValue()
  expect(new URL(address).pathname).toMatch(/^\/e\/[\w-]+$/)
  const other = await elsewhere(page, address)
  expect(await seen(other)).toEqual(here)
  const asked: string[] = []
  other.on('request', (request) => asked.push(request.url()))
  await other.goto(deletion)
  await other.getByRole('button', {name: 'Delete it'}).click()
  await expect(other.getByText(/^It is deleted\./)).toBeVisible()
  expect(asked.filter((url) => url.includes(new URL(deletion).hash.split('.')[1]!))).toEqual([])
  expect((await other.request.get(address)).status()).toBe(404)
  await other.context().close()
})

test('an edited view says so elsewhere, and is made again from its files', async ({page}) => {
  await page.goto('/?example=none')
  await open(page, checkpoint, inputs)
  await ranOn(page)
  await figure(page).focus()
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.keyboard.press('m')
  await page.getByRole('slider', {name: 'Spread of head 2, all 64 features'}).focus()
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowUp')
  await expect(page.locator('.what-if-mark')).toContainText('What if: ')
  await expect(page.locator('.what-if-mark')).toContainText(/over|without intervals/)
  const address = await share(page)
  const edited = await numbers(page)
  const other = await (await page.context().browser()!.newContext({viewport: page.viewportSize()})).newPage()
  await other.goto(address)
  await expect(rows(other)).toHaveCount(12)
  await expect(other.locator('.shared-note')).toContainText('Edited')
  await expect(other.locator('.shared-note')).toContainText('not the checkpoint’s own')
  await expect(other.locator('.caveat')).toContainText('Edited by hand')
  expect(await numbers(other)).toEqual(edited)
  await open(other, checkpoint, inputs)
  await ranOn(other)
  await expect(other.locator('.shared-stamp').first()).toHaveText('Reproduced')
  await expect(other.locator('.what-if-mark')).toContainText('What if: ')
  await other.context().close()
})
