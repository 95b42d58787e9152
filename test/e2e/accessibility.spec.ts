import AxeBuilder from '@axe-core/playwright'
import type {Page} from '@playwright/test'
import {expect, found, open, ranOn, test, tiles, trouble} from './workbench'

/** What axe finds serious or critical on the page, or in a part of it, a line each. */
async function serious(page: Page, part?: string): Promise<string[]> {
  // What is still fading in has other colours for a moment.
  await page.waitForFunction(() =>
    document.getAnimations().every(({effect, playState}) => {
      return playState !== 'running' || effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY
    })
  )
  const axe = new AxeBuilder({page}).options({resultTypes: ['violations']})
  // Nothing that is looked at has frames, for which axe would open a page of its own each time.
  axe.setLegacyMode(true)
  if (part) axe.include(part)
  const {violations} = await axe.analyze()
  return violations
    .filter(({impact}) => impact === 'serious' || impact === 'critical')
    .flatMap(({id, nodes}) =>
      nodes.map(({target, failureSummary}) => `${id} at ${target.join(' ')}: ${failureSummary}`)
    )
}

const desk = {width: 1280, height: 800}
const phone = {width: 375, height: 812}

for (const theme of ['light', 'dark']) {
  for (const {width, height} of [desk, phone]) {
    test(`axe finds nothing serious on the first screen, ${theme}, ${width} px wide`, async ({page}) => {
      await page.setViewportSize({width, height})
      await page.goto(`/?theme=${theme}`)
      await found(page)
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
    const clean = async () => expect(await serious(page)).toEqual([])
    await page.goto(`/?example=digits&theme=${theme}`)
    await ranOn(page)
    await page.locator('#figure').focus()
    for (const key of ['Home', 'Enter', 'm', 'n']) await page.keyboard.press(key)
    // Only who stores something first may delete it.
    await page
      .getByRole('textbox', {name: 'Note'})
      .fill(`Here it **falls**: \`x\`, [why](https://example.org)\n\n- ${theme}, ${Date.now()}`)
    await clean()
    await page.keyboard.press('Control+Enter')
    await expect(page.locator('.notes-panel .note-text')).toBeVisible()
    await clean()
    await page.getByRole('button', {name: 'Share…'}).click()
    const link = page.getByRole('textbox', {name: 'Link', exact: true})
    await expect(link).toHaveValue(/#x=/)
    await clean()
    const address = new URL(await link.inputValue())
    await page.getByRole('radio', {name: /^Store a copy/}).check({force: true})
    await page.getByRole('button', {name: 'Store a copy'}).click()
    await expect(page.getByText(/^Stored\. It is deleted on /)).toBeVisible()
    await clean()
    const deletion = await page.getByRole('textbox', {name: 'Deletion link'}).inputValue()
    address.searchParams.set('theme', theme)
    await page.goto(address.href)
    await expect(page.locator('.shared-note')).toContainText('Edited')
    await expect(page.locator('.notes-panel .note-text')).toBeVisible()
    await clean()
    await page.goto(deletion)
    await expect(page.getByRole('dialog', {name: 'Delete a stored explanation'})).toBeVisible()
    await clean()
  })

  // Either example is seen at either width and in either theme.
  for (const [example, size] of [
    ['words', theme === 'light' ? desk : phone],
    ['reasoning', theme === 'light' ? phone : desk]
  ] as const) {
    test(`axe finds nothing serious where attention lies on the input, ${example}, ${theme}, ${size.width} px wide`, async ({
      page
    }) => {
      await page.setViewportSize(size)
      await page.goto(`/?example=${example}&theme=${theme}`)
      await ranOn(page)
      const panel = page.locator('.plane-panel')
      const places = panel.getByRole('application')
      await expect(panel.locator('.plane-tiles figure').first()).toBeVisible()
      expect(await serious(page)).toEqual([])
      // A place under the keyboard, its row pinned, and what there is to choose.
      await tiles(page).nth(1).check({force: true})
      await expect(panel.locator('.plane-tiles b').first()).toHaveText('Input 2')
      await places.focus()
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('Enter')
      await expect(panel.locator('.plane-tiles [data-state=pinned]')).toHaveCount(1)
      expect(await serious(page)).toEqual([])
      for (const choice of await panel.getByRole('radio').all()) {
        await choice.check({force: true})
        await expect(choice).toBeChecked()
        expect(await serious(page, '.plane-panel')).toEqual([])
      }
    })
  }
}
