import type {Page} from '@playwright/test'
import {expect, finding, test} from './workbench'

// Chromium plays the shipped yes.wav as its microphone: a word a second, cut anywhere by the windows that are read.

/** The states of all tracks that the page was ever given. */
const tracks = (page: Page) =>
  page.evaluate(() => (globalThis as {given?: MediaStreamTrack[]}).given?.map(({readyState}) => readyState) ?? [])

// Sound takes its time, and a busy machine longer.
test.describe.configure({timeout: 120_000})

test.beforeEach(async ({page}) => {
  await page.addInitScript(() => {
    const given: MediaStreamTrack[] = []
    Object.assign(globalThis, {given})
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices)
    navigator.mediaDevices.getUserMedia = async (wish) => {
      const stream = await ask(wish)
      given.push(...stream.getTracks())
      return stream
    }
  })
  await page.goto('/?example=speech')
  await page.getByRole('button', {name: 'Speak one'}).click()
  // Before anyone asks for it, the microphone is left alone.
  await expect(page.getByRole('button', {name: 'Microphone'})).toBeVisible()
  expect(await tracks(page)).toEqual([])
  await page.getByRole('button', {name: 'Microphone'}).click()
})

test('a word is heard through the microphone, four times a second', async ({page}) => {
  const heard = page.locator('.prediction .best').filter({hasText: 'yes'})
  await expect(heard).toBeVisible({timeout: 60_000})
  await expect(finding(page)).toHaveText(/^This input alone: layer \d+ leads/)
  const counted = () =>
    page.evaluate(() => {
      const [read, skipped] = document.querySelector('.prediction .gloss')!.textContent!.match(/\d+/g)!
      return {windows: Number(read) + Number(skipped), at: performance.now()}
    })
  const before = await counted()
  // A busy machine may hear fewer in a second, and never more.
  await expect.poll(async () => (await counted()).windows - before.windows).toBeGreaterThanOrEqual(8)
  const after = await counted()
  expect((1000 * (after.windows - before.windows)) / (after.at - before.at)).toBeLessThan(5)
  expect(await tracks(page)).toEqual(['live'])
})

test('the microphone is let go of with the place for it, and by pausing', async ({page}) => {
  await expect(page.locator('.prediction .gloss')).toContainText('the last second')
  await page.getByRole('button', {name: 'Pause reading'}).click()
  expect(await tracks(page)).toEqual(['ended'])
  await page.getByRole('button', {name: 'Microphone'}).click()
  await expect.poll(() => tracks(page)).toEqual(['ended', 'live'])
  await page.keyboard.press('Escape')
  expect(await tracks(page)).toEqual(['ended', 'ended'])
  await expect(page.locator('.try-it')).toHaveCount(0)
})

test('what is said while Space is held is read when it is let go, and the microphone is off', async ({page}) => {
  await page.getByRole('button', {name: 'Stop listening'}).click()
  await page.getByRole('button', {name: 'Hold to talk'}).focus()
  await page.keyboard.down('Space')
  await expect.poll(async () => (await tracks(page)).at(-1)).toBe('live')
  await page.waitForTimeout(2500)
  await page.keyboard.up('Space')
  await expect(page.locator('.prediction .gloss')).toContainText('what you said', {timeout: 60_000})
  await expect(finding(page)).toHaveText(/^This input alone: layer \d+ leads/)
  await expect.poll(() => tracks(page)).toEqual(['ended', 'ended'])
  await expect(page.getByRole('button', {name: 'Hold to talk'})).toHaveAttribute('aria-pressed', 'false')
})

test('the server lets this page alone ask for the microphone, and for nothing else', async ({page}) => {
  const response = await page.request.get('/')
  expect(response.headers()['permissions-policy']).toMatch(/^microphone=\(self\), camera=\(\)/)
  expect(await page.evaluate(() => navigator.permissions.query({name: 'camera'}).then(({state}) => state))).toBe(
    'denied'
  )
})
