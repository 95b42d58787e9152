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

  test(`axe finds nothing serious in notes, the share sheet, what was shared and its deletion, ${theme}`, async ({
    page
  }) => {
    const found = async () => expect(await serious(page)).toEqual([])
    await page.goto(`/?example=digits&theme=${theme}`)
    await ranOn(page)
    await page.locator('#figure').focus()
    for (const key of ['Home', 'Enter', 'm', 'n']) await page.keyboard.press(key)
    // Only who stores something first may delete it.
    await page
      .getByRole('textbox', {name: 'Note'})
      .fill(`Here it **falls**: \`x\`, [why](https://example.org)\n\n- ${theme}, ${Date.now()}`)
    await found()
    await page.keyboard.press('Control+Enter')
    await expect(page.locator('.notes-panel .note-text')).toBeVisible()
    await found()
    await page.getByRole('button', {name: 'Share…'}).click()
    const link = page.getByRole('textbox', {name: 'Link', exact: true})
    await expect(link).toHaveValue(/#x=/)
    await found()
    const address = new URL(await link.inputValue())
    await page.getByRole('radio', {name: /^Store a copy/}).check({force: true})
    await page.getByRole('button', {name: 'Store a copy'}).click()
    await expect(page.getByText(/^Stored\. It is deleted on /)).toBeVisible()
    await found()
    const deletion = await page.getByRole('textbox', {name: 'Deletion link'}).inputValue()
    address.searchParams.set('theme', theme)
    await page.goto(address.href)
    await expect(page.locator('.shared-note')).toContainText('Edited')
    await expect(page.locator('.notes-panel .note-text')).toBeVisible()
    await found()
    await page.goto(deletion)
    await expect(page.getByRole('dialog', {name: 'Delete a stored explanation'})).toBeVisible()
    await found()
  })
}
