import type {Page} from '@playwright/test'
import {expect, found, ranOn, test} from './workbench'

test.use({viewport: {width: 375, height: 812}})

test('what is docked covers neither the end of the page nor what has the focus, and all of it is 24 px to hit', async ({
  page
}) => {
  await page.goto('/?example=words')
  await ranOn(page)
  await page.locator('#figure').focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(page.locator('.reading')).toHaveAttribute('data-state', 'pinned')
  await expectRoom(page, '.reading')
  await page.locator('.try-link').click()
  await expect(page.getByRole('button', {name: 'Microphone'})).toBeVisible()
  await expectRoom(page, '.try-it')
})

test('Cancel stands beside the file’s name while an example is repeated behind its figure', async ({page}) => {
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/examples/words/inputs.npz', async (route) => {
    await held
    await route.continue()
  })
  await page.goto('/?example=words')
  await found(page)
  const cancel = page.getByRole('banner').getByRole('button', {name: 'Cancel'})
  await expect(cancel).toBeVisible()
  for (const width of [375, 320]) {
    await page.setViewportSize({width, height: 812})
    // The figure is drawn anew for it a frame later.
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    const name = (await page.locator('.bar-file b').boundingBox())!
    const box = (await cancel.boundingBox())!
    expect(name.width).toBeGreaterThan(40)
    expect(name.x + name.width).toBeLessThan(box.x)
    const ends = await page.locator('.bar-end').evaluate((end) => end.getBoundingClientRect().right)
    expect(ends).toBeLessThanOrEqual(width)
  }
  release()
  await ranOn(page)
  await expect(cancel).toBeHidden()
})

/** The page ends above the dock, and everything that Tab comes to is seen, with its ring, and as large as a finger needs. */
async function expectRoom(page: Page, selector: string): Promise<void> {
  const dock = page.locator(selector)
  const height = await dock.evaluate((element) => element.getBoundingClientRect().height)
  const room = () =>
    page.evaluate(() => Number.parseFloat(getComputedStyle(document.querySelector('main')!).paddingBottom))
  await expect.poll(room).toBeGreaterThanOrEqual(height)
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    scrollTo(0, 0)
  })
  const covered: string[] = []
  const small: string[] = []
  let stops = 0
  for (; stops < 90; stops++) {
    await page.keyboard.press('Tab')
    const at = await dock.evaluate((docked) => {
      const focused = document.activeElement
      if (!focused || focused === document.body) return null
      const target = focused.closest('label') ?? focused
      const {top, bottom, left, right} = target.getBoundingClientRect()
      const hit = (right: number, down: number) =>
        target.contains(document.elementFromPoint(middle.x + right, middle.y + down))
      const middle = {x: (left + right) / 2, y: (top + bottom) / 2}
      const large = hit(-11.5, 0) && hit(11.5, 0) && hit(0, -11.5) && hit(0, 11.5)
      const [bar, edge] = [document.querySelector('.bar')!, docked.getBoundingClientRect().top]
      const free = docked.contains(focused) || bar.contains(focused) || focused.matches('.skip')
      const taller = bottom - top > edge - bar.getBoundingClientRect().bottom
      const name = focused.getAttribute('aria-label') ?? focused.textContent ?? ''
      const seen = free || taller || (top - 4 >= bar.getBoundingClientRect().bottom && bottom + 4 <= edge)
      return {name: `${name.slice(0, 40)} at ${Math.round(top)} to ${Math.round(bottom)}`, seen, large: large || taller}
    })
    if (!at) break
    if (!at.seen) covered.push(at.name)
    if (!at.large) small.push(at.name)
  }
  expect(covered).toEqual([])
  expect(small).toEqual([])
  expect(stops).toBeGreaterThan(10)
}
