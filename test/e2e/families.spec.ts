import type {Page} from '@playwright/test'
import {openFromDisk, save} from './fromDisk'
import {expect, finding, ranOn, test} from './workbench'

const rows = (page: Page) => page.locator('#figure g.panel[data-letter="a"] g.row')
const measures = (page: Page) => page.locator('#figure g.panel[data-letter="d"] g.measure')

async function opened(page: Page, example: string, count: number): Promise<void> {
  await page.goto(`/?example=${example}`)
  await expect(rows(page)).toHaveCount(count)
  await ranOn(page)
}

const link = (page: Page) => page.getByRole('textbox', {name: 'Link', exact: true})

/** The address that holds what is seen here. */
async function shared(page: Page): Promise<string> {
  await page.getByRole('button', {name: 'Share…'}).click()
  await expect(link(page)).toHaveValue(/#x=/)
  return link(page).inputValue()
}

/** An address, opened by a browser that has never seen the page. */
async function elsewhere(page: Page, address: string): Promise<Page> {
  const other = await (await page.context().browser()!.newContext({viewport: page.viewportSize()})).newPage()
  await other.goto(address)
  return other
}

const order = (page: Page) => page.getByRole('radiogroup', {name: 'Order'}).getByRole('radio', {checked: true})
const notes = (page: Page) => page.locator('.notes-panel .note-text')

/** What a reader sees of a view: the figure's words, what is pinned and noted, and what is said of the place. */
const seen = async (page: Page) => ({
  finding: await finding(page).textContent(),
  order: await order(page).evaluate((radio) => radio.parentElement!.textContent),
  // What stands above the figure makes rows lower; bars may have no room for their names then.
  rows: (await rows(page).allTextContents()).map((text) => text.replace('traineduntrained', '')),
  map: await page.locator('#figure .map-switch button[aria-pressed="true"]').textContent(),
  pinned: await page.locator('#figure g.reader.pin text').first().textContent(),
  column: await page.locator('#figure g.panel[data-letter="c"]').textContent(),
  measures: await measures(page).count(),
  reading: await page.locator('.reading .sentence').textContent(),
  notes: await notes(page).allTextContents(),
  marks: await page.locator('#figure .note-mark').count(),
  place: await page.locator('.plane-panel .sentence').textContent()
})

async function noted(page: Page, text: string, count: number): Promise<void> {
  await page.locator('#figure').focus()
  await page.keyboard.press('n')
  await page.getByRole('textbox', {name: 'Note'}).fill(text)
  await page.keyboard.press('Control+Enter')
  await expect(notes(page)).toHaveCount(count)
}

/** The boards with the map of Importance Factors: hop 2 pinned at region 4 with a note on it, and one on the hop. */
async function looked(page: Page): Promise<void> {
  await opened(page, 'reasoning', 3)
  // Notes lie over its place later.
  await page.getByRole('radio', {name: 'Mean', exact: true}).check({force: true})
  await expect(page.locator('.plane-panel .gloss').first()).toContainText('mean over 60 inputs')
  // Keys alone: where the pointer rests, rows come and go under it.
  await page.mouse.move(0, 0)
  const pin = page.locator('#figure g.reader.pin text').first()
  await page.locator('#figure').focus()
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
  await expect(pin).toHaveText('2')
  await noted(page, 'This hop **moves**.', 1)
  await page.locator('#figure').focus()
  await page.keyboard.press('Enter')
  await expect(pin).toHaveCount(0)
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter', '2'])
    await page.keyboard.press(key)
  await expect(pin).toHaveText('2')
  await noted(page, 'It looks *here*.', 2)
}

const view = {finding: 'Every hop attends as much in all; they differ in where', map: 'IF', pinned: '2', marks: 2}

/** The same view, once everything of it has come. */
async function expectSame(other: Page, here: Awaited<ReturnType<typeof seen>>): Promise<void> {
  await expect(notes(other)).toHaveCount(here.notes.length)
  await expect(other.locator('.plane-panel .sentence')).toHaveText(here.place!)
  await expect.poll(() => seen(other)).toEqual(here)
}

test('stacked latent attention says that its hops tie, and shows what it measures of them, and where they look', async ({
  page
}) => {
  await opened(page, 'reasoning', 3)
  await expect(finding(page)).toContainText('Every hop attends as much')
  await expect(measures(page)).not.toHaveCount(0)
  await expect(page.getByText('On the input')).toBeVisible()
})

test('a deformable pyramid shows its blocks and where they look, and a link of it opens as the same figure', async ({
  page
}) => {
  await opened(page, 'words', 8)
  await expect(measures(page)).not.toHaveCount(0)
  await expect(page.getByText('On the input')).toBeVisible()
  const other = await elsewhere(page, await shared(page))
  await expect(rows(other)).toHaveCount(8)
  await expect(measures(other)).toHaveCount(await measures(page).count())
  expect(await finding(other).textContent()).toBe(await finding(page).textContent())
  expect(await rows(other).allTextContents()).toEqual(await rows(page).allTextContents())
})

test('a link of stacked latent attention opens elsewhere as exactly the view it was made of, notes on a hop and a region with it', async ({
  page
}) => {
  await looked(page)
  const here = await seen(page)
  expect(here).toMatchObject({...view, notes: ['This hop moves.', 'It looks here.']})
  expect(here.place).toContain('Hop 2, row 2, column 1')
  const other = await elsewhere(page, await shared(page))
  await expectSame(other, here)
  await expect(other.getByText('Hop 2, region 4', {exact: true})).toBeVisible()
  await other.context().close()
})

test('a stored copy of stacked latent attention opens elsewhere as exactly the same view', async ({page}) => {
  await looked(page)
  const here = await seen(page)
  await shared(page)
  await page.getByRole('radio', {name: /^Store a copy/}).check({force: true})
  await page.getByRole('button', {name: 'Store a copy'}).click()
  await expect(page.getByText(/^Stored\. It is deleted on /)).toBeVisible()
  const address = await link(page).inputValue()
  expect(new URL(address).pathname).toMatch(/^\/e\/[\w-]+$/)
  const other = await elsewhere(page, address)
  await expectSame(other, here)
  await other.context().close()
})

test('without Gaussians what if says why nothing is dragged, and help speaks of hops', async ({page}) => {
  await opened(page, 'reasoning', 3)
  await page.getByRole('button', {name: /^What if/}).click()
  await expect(page.getByText('There are no Gaussians to drag.')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.locator('#figure').focus()
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', {name: 'How to read this figure'})
  await expect(help.getByRole('row', {name: 'hop up, hop down'})).toBeVisible()
  await expect(help).not.toContainText('mask')
})

test('an exported page shows where each hop attends, offline, and its places can be pointed at', async ({
  page,
  browser
}, info) => {
  await opened(page, 'reasoning', 3)
  await page.locator('#figure').focus()
  await page.keyboard.press('e')
  const path = info.outputPath('places.html')
  await (await save(page, 'Web page')).saveAs(path)
  const {page: own, complaints, close} = await openFromDisk(browser, path)
  await expect(own.locator('.plane-tiles > figure')).toHaveCount(3)
  await expect(own.locator('.plane-panel .sentence')).toContainText('Hop 1 attends most to')
  await own
    .locator('.plane-tiles > figure')
    .nth(2)
    .locator('.plane-picture')
    .hover({position: {x: 100, y: 20}})
  await expect(own.locator('.plane-panel .sentence')).toContainText('Hop 3, row 1, column 3')
  await expect(own.locator('.reading h2')).toHaveText('Hop 3')
  expect(complaints).toEqual([])
  await close()
})
