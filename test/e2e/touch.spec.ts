import type {CDPSession, Page} from '@playwright/test'
import {expect, found, ranOn, test} from './workbench'

// A small window, so that there is something to scroll.
test.use({hasTouch: true, viewport: {width: 800, height: 560}})

interface Point {
  readonly x: number
  readonly y: number
}

const best = (page: Page) => page.locator('.prediction .best th')

/** Fingers on the screen, as the browser hears of them. */
const touch = (session: CDPSession, type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]) =>
  session.send('Input.dispatchTouchEvent', {type, touchPoints: points.map((point, id) => ({...point, id}))})

/** A pen on the screen. */
const pen = (session: CDPSession, type: 'mousePressed' | 'mouseMoved' | 'mouseReleased', {x, y}: Point) =>
  session.send('Input.dispatchMouseEvent', {
    type,
    x,
    y,
    pointerType: 'pen',
    button: 'left',
    buttons: type === 'mouseReleased' ? 0 : 1,
    clickCount: 1,
    force: 0.5
  })

async function paper(page: Page): Promise<(right: number, down: number) => Point> {
  await page.getByRole('button', {name: 'Draw one'}).click()
  const pad = page.locator('.try-paper')
  await pad.waitFor()
  await pad.scrollIntoViewIfNeeded()
  const {x, y, width, height} = (await pad.boundingBox())!
  return (right, down) => ({x: x + right * width, y: y + down * height})
}

const scrolled = (page: Page) => page.evaluate(() => scrollY)

test.beforeEach(async ({page}) => {
  await page.goto('/')
  await ranOn(page)
})

test('a finger draws and the page stays where it is; a second finger draws nothing', async ({page}) => {
  const session = await page.context().newCDPSession(page)
  const at = await paper(page)
  const top = async () => (await page.locator('.try-paper').boundingBox())!.y
  const before = await top()
  await touch(session, 'touchStart', [at(0.5, 0.1)])
  for (let down = 0.2; down < 0.95; down += 0.1) await touch(session, 'touchMove', [at(0.5, down)])
  await expect(best(page)).toHaveText('1')
  await touch(session, 'touchStart', [at(0.5, 0.9), at(0.1, 0.2)])
  for (let right = 0.1; right < 0.95; right += 0.2) await touch(session, 'touchMove', [at(0.5, 0.9), at(right, 0.2)])
  await touch(session, 'touchEnd', [])
  await expect(best(page)).toHaveText('1')
  // What stands above may grow or shrink with the reading; the paper stays under the finger.
  expect(Math.abs((await top()) - before)).toBeLessThan(2)
  await page.getByRole('button', {name: 'Undo'}).click()
  await expect(page.getByRole('button', {name: 'Undo'}), 'it was one stroke').toBeDisabled()
})

test('a pen draws, whatever the palm does beside it', async ({page}) => {
  const session = await page.context().newCDPSession(page)
  const at = await paper(page)
  await touch(session, 'touchStart', [at(0.9, 0.95)])
  await pen(session, 'mouseMoved', at(0.5, 0.1))
  await pen(session, 'mousePressed', at(0.5, 0.1))
  for (let down = 0.2; down < 0.95; down += 0.1) {
    await pen(session, 'mouseMoved', at(0.5, down))
    await touch(session, 'touchMove', [at(0.9 - down / 2, 0.95)])
  }
  await pen(session, 'mouseReleased', at(0.5, 0.9))
  await touch(session, 'touchEnd', [])
  await expect(best(page)).toHaveText('1')
  await page.getByRole('button', {name: 'Undo'}).click()
  await expect(page.getByRole('button', {name: 'Undo'}), 'it was one stroke').toBeDisabled()
})

for (const hand of ['finger', 'pen'] as const) {
  test(`a ${hand} takes hold of a Gaussian, and the page stays where it is`, async ({page}) => {
    const session = await page.context().newCDPSession(page)
    const handle = page.getByRole('slider', {name: 'Spread of head 2, all 64 features'})
    await handle.scrollIntoViewIfNeeded()
    const {x, y, width, height} = (await handle.boundingBox())!
    const before = await scrolled(page)
    const said = await handle.getAttribute('aria-valuetext')
    const from = {x: x + width / 2, y: y + height / 2}
    const along = Array.from({length: 6}, (_, i) => ({x: from.x - 5 * (i + 1), y: from.y + 12 * (i + 1)}))
    if (hand === 'finger') {
      await touch(session, 'touchStart', [from])
      for (const point of along) await touch(session, 'touchMove', [point])
      await touch(session, 'touchEnd', [])
    } else {
      await pen(session, 'mousePressed', from)
      for (const point of along) await pen(session, 'mouseMoved', point)
      await pen(session, 'mouseReleased', along.at(-1)!)
    }
    await expect(page.locator('.what-if-mark')).toContainText('What if: 1 edit')
    expect(await handle.getAttribute('aria-valuetext')).not.toBe(said)
    expect(await scrolled(page)).toBe(before)
    await found(page)
  })
}
