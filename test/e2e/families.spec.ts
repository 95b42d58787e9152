import type {Page} from '@playwright/test'
import {expect, finding, ranOn, test} from './workbench'

const rows = (page: Page) => page.locator('#figure g.panel[data-letter="a"] g.row')
const measures = (page: Page) => page.locator('#figure g.panel[data-letter="d"] g.measure')

async function opened(page: Page, example: string, count: number): Promise<void> {
  await page.goto(`/?example=${example}`)
  await expect(rows(page)).toHaveCount(count)
  await ranOn(page)
}

/** Where a link leads that holds what is seen here, opened by a browser that has never seen the page. */
async function elsewhere(page: Page): Promise<Page> {
  await page.getByRole('button', {name: 'Share…'}).click()
  const link = page.getByRole('textbox', {name: 'Link', exact: true})
  await expect(link).toHaveValue(/#x=/)
  const other = await (await page.context().browser()!.newContext()).newPage()
  await other.goto(await link.inputValue())
  return other
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
  const other = await elsewhere(page)
  await expect(rows(other)).toHaveCount(8)
  await expect(measures(other)).toHaveCount(await measures(page).count())
  expect(await finding(other).textContent()).toBe(await finding(page).textContent())
  expect(await rows(other).allTextContents()).toEqual(await rows(page).allTextContents())
})
