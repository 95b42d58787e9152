import {expect, finding, ranOn, test} from './workbench'

test.beforeEach(async ({page}) => {
  await page.goto('/')
  await ranOn(page)
})

test('Tab reaches every control that is shown', async ({page}) => {
  const wanted = await page.evaluate(() => {
    const controls = document.querySelectorAll<HTMLElement>(
      'a[href], button, input, select, textarea, summary, [tabindex="0"]'
    )
    const shown = [...controls].filter((control) => {
      const off = control.matches(':disabled, [hidden], dialog:not([open]) *, [popover]:not(:popover-open) *')
      return !off && control.checkVisibility({visibilityProperty: true})
    })
    // The platform gives a group of radio buttons one stop; the arrow keys go on from there.
    const stops = shown.filter((control) => {
      if (!(control instanceof HTMLInputElement) || control.type !== 'radio') return true
      const group = [...document.getElementsByName(control.name)] as HTMLInputElement[]
      return control === (group.find((radio) => radio.checked) ?? group.find((radio) => shown.includes(radio)))
    })
    for (const [index, stop] of stops.entries()) stop.dataset.stop = String(index)
    return stops.map((stop) => stop.outerHTML.slice(0, 120))
  })
  expect(wanted.length).toBeGreaterThan(10)

  const reached = new Set<number>()
  for (let press = 0; press < wanted.length + 20; press++) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.stop)
    if (stop !== undefined) reached.add(Number(stop))
  }
  expect(wanted.filter((_, index) => !reached.has(index))).toEqual([])
})

test('what has the focus shows it', async ({page}) => {
  for (let press = 0; press < 12; press++) {
    await page.keyboard.press('Tab')
    const ring = await page.evaluate(() => {
      const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(document.activeElement!)
      const row = getComputedStyle(document.activeElement!.closest('label') ?? document.activeElement!)
      const next = document.activeElement!.nextElementSibling
      const beside = next ? getComputedStyle(next) : row
      return [
        outlineStyle !== 'none' && outlineWidth !== '0px',
        boxShadow !== 'none',
        row.outlineStyle !== 'none',
        beside.outlineStyle !== 'none'
      ]
    })
    expect(ring).toContain(true)
  }
})

test('arrows move through layers, Enter pins, Escape lets go', async ({page}) => {
  const reading = page.locator('.reading')
  await page.locator('#figure').focus()
  await page.keyboard.press('Home')
  await expect(reading.getByRole('heading')).toHaveText('Layer 1')
  await page.keyboard.press('ArrowDown')
  await expect(reading.getByRole('heading')).toHaveText('Layer 2')
  await page.keyboard.press('PageDown')
  await expect(reading.getByRole('heading')).toHaveText(/Layer [456]/)
  await page.keyboard.press('End')
  await expect(reading.getByRole('heading')).toHaveText('Layer 12')
  await page.keyboard.press('Enter')
  await expect(reading).toContainText('pinned')
  await page.keyboard.press('Home')
  await page.keyboard.press('Escape')
  await expect(reading).not.toContainText('pinned')
})

test('a row that the keyboard reaches is read out', async ({page}) => {
  await page.locator('#figure').focus()
  await page.keyboard.press('Home')
  await expect(page.locator('[aria-live=polite]').filter({hasText: 'Layer 1'})).toHaveCount(1)
})

test('O changes the order, T shows the numbers, ? the help, and Escape closes', async ({page}) => {
  await page.locator('#figure').focus()
  await page.keyboard.press('o')
  await expect(page.getByRole('radio', {name: 'Importance'})).toBeChecked()
  await page.keyboard.press('t')
  await expect(page.getByRole('dialog', {name: 'The numbers behind the figure'})).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', {name: 'How to read this figure'})).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.locator('#figure')).toBeFocused()
  await expect(finding(page)).toBeVisible()
})
