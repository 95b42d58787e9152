import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import type {Page} from '@playwright/test'
import {expect, finding, inputs, open, ranOn, safetensors, test, trouble} from './workbench'

// A training script rewrites a checkpoint: fifty versions, two in five of them seen torn before they are whole. The file
// lies where the browser keeps files of this origin; a picker of our own gives it to the page.

const versions = 50
const whole = readFileSync(safetensors)

/** The n-th version: other numbers in the last tensor of the file. */
function version(n: number): Buffer {
  const bytes = Buffer.from(whole)
  for (let at = bytes.length - 64; at < bytes.length; at += 4) bytes.writeFloatLE(0.5 + n / 100, at)
  return bytes
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex').slice(0, 12)

/** Writes over the file; what stands there afterwards is all of it. */
const write = (page: Page, bytes: Buffer) =>
  page.evaluate(async (text) => {
    const root = await navigator.storage.getDirectory()
    const handle = await root.getFileHandle('training.safetensors', {create: true})
    const stream = await handle.createWritable()
    await stream.write(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)))
    await stream.close()
  }, bytes.toString('base64'))

const line = (page: Page) => page.locator('.watch-line')

test('a checkpoint that is rewritten fifty times, torn in between, is shown version by version, and none is lost', async ({
  page
}) => {
  test.setTimeout(300_000)
  await page.addInitScript(() => {
    const pick = async () => [
      await (await navigator.storage.getDirectory()).getFileHandle('training.safetensors', {create: true})
    ]
    Object.assign(globalThis, {showOpenFilePicker: pick})
  })
  await page.goto('/')
  await ranOn(page)
  await open(page, inputs)
  await ranOn(page)
  await write(page, version(1))
  await page.getByRole('button', {name: /^Checkpoint:/}).click()
  await page.getByRole('button', {name: 'Watch this file…'}).click()
  await expect(line(page)).toContainText('training.safetensors: version 1')
  await expect(page.getByRole('banner')).toContainText('training.safetensors')

  const before = await finding(page).innerText()
  for (let n = 2; n <= versions; n++) {
    const next = version(n)
    if (n % 5 < 2) {
      await write(page, next.subarray(0, Math.floor((n / (versions + 1)) * next.length)))
      // Some of them stand as long as a whole one would.
      await page.waitForTimeout(n % 10 === 0 ? 1600 : 150)
      await expect(line(page)).toContainText(`: version ${n - 1}`)
    }
    await write(page, next)
    await expect(line(page)).toContainText(`: version ${n}`)
  }
  await expect(line(page)).not.toContainText('written over unread')
  await expect(trouble(page)).toBeEmpty()
  expect(await finding(page).innerText()).not.toBe('')

  await page.getByRole('button', {name: `${versions} versions`}).click()
  const shown = await page.locator('.watch-history li button').allInnerTexts()
  const hashes = shown.map((text) => /SHA-256 ([0-9a-f]{12})/.exec(text)?.[1]).reverse()
  expect(hashes).toEqual(Array.from({length: versions}, (_, i) => digest(version(i + 1))))
  await page.locator('.watch-history li button').last().click()
  await expect(page.locator('.watch output')).toHaveText('version 1')
  await expect(finding(page)).toHaveText(before)
  // All of them are in the plot, too.
  await expect(page.locator('.plot-counts')).toContainText(/^\d+ samples/)
  const [samples] = (await page.locator('.plot-counts').innerText()).match(/\d+/)!
  expect(Number(samples)).toBeGreaterThanOrEqual(versions)
})
