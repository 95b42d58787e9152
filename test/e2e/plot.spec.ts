import {readFileSync} from 'node:fs'
import type {Page} from '@playwright/test'
import {expect, ranOn, test} from './workbench'

/** Draws with the keyboard: each step with the pen down is read. */
async function draw(page: Page, steps: number) {
  await page.locator('.try-paper').focus()
  await page.keyboard.press('Space')
  for (let i = 0; i < steps; i++) {
    const read = await page.locator('.prediction .gloss').innerText()
    await page.keyboard.press(i % 2 ? 'ArrowDown' : 'ArrowRight')
    await expect(page.locator('.prediction .gloss')).not.toHaveText(read)
  }
  await page.keyboard.press('Space')
}

const counts = (page: Page) => page.locator('.plot-counts')

async function saved(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name}).click()])
  expect(download.suggestedFilename()).toMatch(/^checkpoint-live\.(csv|json)$/)
  return readFileSync(await download.path(), 'utf8')
}

test('the live plot is paused, scrubbed back, marked and saved, and counts what comes meanwhile', async ({page}) => {
  await page.goto('/')
  await ranOn(page)
  await page.getByRole('button', {name: 'Draw one'}).click()
  await page.locator('.try-paper').waitFor()
  await draw(page, 6)
  await expect(page.locator('.live-plot')).toBeVisible()
  await page.getByRole('button', {name: 'Pause the plot'}).click()
  await expect(page.getByRole('button', {name: 'Resume the plot'})).toBeVisible()
  const standing = await counts(page).innerText()
  await draw(page, 4)
  await expect(counts(page)).toContainText(/[4-9] more since it stands/)
  expect(await counts(page).innerText()).toContain(standing.split(',')[0]!)

  await page.locator('.plot-picture').focus()
  // Half as long a view has room to move in, however fast the strokes came: at the newest it would follow again.
  await page.keyboard.press('+')
  await page.keyboard.press('Home')
  await page.keyboard.press('m')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  await page.getByRole('button', {name: 'Mark', exact: true}).click()
  const json = JSON.parse(await saved(page, 'Save as JSON'))
  expect(json.name).toBe('checkpoint.pth')
  expect(json.lines).toHaveLength(12)
  expect(json.marks.map(({text}: {text: string}) => text)).toEqual(['Mark 1', 'Mark 2'])
  expect(json.stood).toHaveLength(1)
  expect(json.spans.reduce((sum: number, {samples}: {samples: number}) => sum + samples, 0)).toBe(json.received)
  expect(json.spans.filter(({source}: {source: string}) => source === 'this drawing').length).toBeGreaterThanOrEqual(10)
  const csv = (await saved(page, 'Save as CSV')).trim().split('\n')
  expect(csv[0]).toMatch(/^from_ms,to_ms,samples,source,first_row,last_row,head,importance_min/)
  expect(csv).toHaveLength(1 + 12 * json.spans.length)

  await page.getByRole('button', {name: 'Resume the plot'}).click()
  await expect(counts(page)).not.toContainText('since it stands')
  await page.getByRole('button', {name: 'Start anew'}).click()
  await expect(counts(page)).toHaveText(/^0 samples/)
})
