import {expect, expectReference, finding, layerTable, ranOn, test, tiles, trouble} from './workbench'

test('it says what it found, on which file, and what to beware of', async ({page}) => {
  await page.goto('/')
  await expect(finding(page)).toHaveText('The middle layer of every head comes first, and would have without training')
  await expect(page.locator('.caveat')).toContainText('Compare layers within a head')
  await expect(page.getByRole('banner')).toContainText('checkpoint.pth')
  await expect(page.getByRole('banner')).toContainText('100 inputs')
})

test('its precomputed numbers are those of the reference, and the engine repeats them here', async ({page}) => {
  await page.goto('/')
  expectReference(await layerTable(page))
  await ranOn(page)
  expectReference(await layerTable(page))
  await expect(trouble(page)).toBeEmpty()
})

test('it fits 1280 × 800 without scrolling', async ({page}) => {
  await page.goto('/')
  await expect(page.locator('#figure svg').first()).toBeVisible()
  const overflow = await page.evaluate(() => {
    const {scrollWidth, scrollHeight, clientWidth, clientHeight} = document.documentElement
    return [scrollWidth - clientWidth, scrollHeight - clientHeight]
  })
  expect(overflow).toEqual([0, 0])
})

test('it never scrolls sideways on a phone or a tablet', async ({page}) => {
  for (const width of [375, 768, 1024]) {
    await page.setViewportSize({width, height: 812})
    await page.goto('/')
    await expect(page.locator('#figure svg').first()).toBeVisible()
    const {scrollWidth, clientWidth} = await page.evaluate(() => document.documentElement)
    expect(scrollWidth, `at ${width} px`).toBe(clientWidth)
  }
})

test('an example that is not there is said to be none, and a file is invited', async ({page, foreseen}) => {
  foreseen.push(/404/)
  await page.goto('/?example=gone')
  await expect(trouble(page)).toContainText('Found none called gone; needed one of digits, ')
  await expect(page.getByText('Drop a checkpoint here')).toBeVisible()
  await page.getByRole('button', {name: /Handwritten digits/}).click()
  await expect(finding(page)).toHaveText(/middle layer of every head/)
})

test('each digit stands beside its prediction', async ({page}) => {
  await page.goto('/')
  await expect(tiles(page)).toHaveCount(24)
  await tiles(page).nth(1).check({force: true})
  // A 6 that the model takes for an 8.
  const prediction = page.getByRole('region', {name: 'Prediction'})
  await expect(prediction).toContainText('8')
  await expect(prediction).toContainText(/%/)
})
