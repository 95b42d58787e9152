import AxeBuilder from '@axe-core/playwright'
import type {Page} from '@playwright/test'
import {expect, finding, open, ranOn, test, tiles, trouble} from './workbench'

/** What axe finds serious or critical, a line each. */
async function serious(page: Page): Promise<string[]> {
  const {violations} = await new AxeBuilder({page}).analyze()
  return violations
    .filter(({impact}) => impact === 'serious' || impact === 'critical')
    .flatMap(({id, nodes}) =>
      nodes.map(({target, failureSummary}) => `${id} at ${target.join(' ')}: ${failureSummary}`)
    )
}

for (const theme of ['light', 'dark']) {
  for (const [width, height] of [
    [1280, 800],
    [375, 812]
  ] as const) {
    test(`axe finds nothing serious on the first screen, ${theme}, ${width} px wide`, async ({page}) => {
      await page.setViewportSize({width, height})
      await page.goto(`/?theme=${theme}`)
      await expect(finding(page)).not.toBeEmpty()
      await expect(page.locator('#figure svg').first()).toBeVisible()
      expect(await serious(page)).toEqual([])
    })
  }

  test(`axe finds nothing serious with a layer pinned, an input chosen and an error shown, ${theme}`, async ({
    page
  }) => {
    await page.goto(`/?theme=${theme}`)
    await ranOn(page)
    await page.locator('#figure').focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await tiles(page).first().check({force: true})
    await open(page, {name: 'notes.pth', buffer: Buffer.from('nothing')})
    await expect(trouble(page)).toContainText('unchanged')
    expect(await serious(page)).toEqual([])
  })

  test(`axe finds nothing serious in the dialogs and the empty state, ${theme}`, async ({page}) => {
    await page.goto(`/?theme=${theme}`)
    await ranOn(page)
    for (const key of ['t', 'e', '?']) {
      await page.locator('#figure').focus()
      await page.keyboard.press(key)
      await expect(page.getByRole('dialog')).toBeVisible()
      expect(await serious(page)).toEqual([])
      await page.keyboard.press('Escape')
    }
    await page.goto(`/?theme=${theme}&example=none`)
    await expect(page.getByText('Drop a checkpoint here')).toBeVisible()
    expect(await serious(page)).toEqual([])
  })
}
