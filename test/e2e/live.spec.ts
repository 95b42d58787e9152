import type {Page} from '@playwright/test'
import {expect, finding, open, test} from './workbench'

/** What the model makes of the live input: its first class, and how sure it is. */
const best = (page: Page) => page.locator('.prediction .best th')
const read = (page: Page) => page.locator('.prediction .gloss')

/** Draws lines on the pad with the mouse; places as parts of its width and height. */
async function draw(page: Page, ...strokes: readonly (readonly (readonly [number, number])[])[]) {
  const {x, y, width, height} = (await page.locator('.try-paper').boundingBox())!
  for (const [first, ...rest] of strokes) {
    await page.mouse.move(x + first![0] * width, y + first![1] * height)
    await page.mouse.down()
    for (const [right, down] of rest) await page.mouse.move(x + right * width, y + down * height, {steps: 2})
    await page.mouse.up()
  }
}

const ring = Array.from({length: 12}, (_, i) => {
  const turn = (i / 11) * 2 * Math.PI
  return [0.5 + 0.25 * Math.sin(turn), 0.5 - 0.38 * Math.cos(turn)] as const
})

const digits = {
  0: [ring],
  4: [
    [
      [0.6, 0.9],
      [0.6, 0.1],
      [0.25, 0.62],
      [0.8, 0.62]
    ]
  ]
} as const

test('a digit drawn with the mouse is read stroke by stroke, by the example’s own encoder', async ({page}) => {
  await page.goto('/')
  await page.getByRole('button', {name: 'Draw one'}).click()
  await page.locator('.try-paper').waitFor()
  const before = await finding(page).innerText()
  for (const [digit, strokes] of Object.entries(digits)) {
    await draw(page, ...strokes)
    await expect(best(page)).toHaveText(digit)
    await expect(finding(page)).toHaveText(/^This input alone: layer \d+ leads/)
    await expect(page.locator('.caveat')).toContainText('One input’s ranking is not the checkpoint’s')
    await expect(page.locator('.try-latency')).toHaveText(/^encoder [\d.]+\sms, model [\d.]+\sms$/)
    await page.getByRole('button', {name: 'Clear'}).click()
    await expect(finding(page)).toHaveText(before)
  }
  await page.keyboard.press('Escape')
  await expect(page.getByRole('radiogroup', {name: 'Input', exact: true})).toBeVisible()
})

test('a digit drawn with the keyboard alone is read, and taken back', async ({page}) => {
  await page.goto('/')
  await page.getByRole('button', {name: 'Draw one'}).focus()
  await page.keyboard.press('Enter')
  await page.locator('.try-paper').focus()
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowUp')
  await page.keyboard.press('Space')
  for (let i = 0; i < 6; i++) await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Space')
  await expect(best(page)).toHaveText('1')
  await page.keyboard.press('Control+z')
  await expect(read(page)).not.toContainText('this drawing')
})

test('clips and sound files are read, and what is no sound is named', async ({page}) => {
  await page.goto('/?example=speech')
  await page.getByRole('button', {name: 'Speak one'}).click()
  await page.getByRole('button', {name: 'down', exact: true}).click()
  await expect(read(page)).toHaveText('down.wav; 1 read, 0 skipped')
  await expect(best(page)).toHaveText('down')
  await page.locator('.sound-file').setInputFiles('public/examples/speech/stop.wav')
  await expect(read(page)).toHaveText('stop.wav; 2 read, 0 skipped')
  await expect(best(page)).toHaveText('stop')
  await page.locator('.sound-file').setInputFiles('package.json')
  await expect(page.getByRole('alert').filter({hasText: 'Found nothing in package.json'})).toBeVisible()
})

test('a text is read as it is typed, and cut before the reader’s eyes', async ({page}) => {
  await page.goto('/?example=docstrings')
  await page.getByRole('button', {name: 'Write one'}).click()
  await page.getByRole('textbox', {name: 'Text to read'}).pressSequentially('Open a socket and connect to the server')
  await expect(page.locator('.try-tokens li').last()).toHaveText('server')
  await expect(best(page)).toHaveText('network')
  await page.getByRole('button', {name: 'numbers', exact: true}).click()
  await expect(page.locator('.try-tokens')).toHaveAccessibleName('121 tokens, the first 64 are read')
  await expect(page.locator('.try-tokens li.unread')).toHaveCount(57)
})

test('another file ends it: its encoder belonged to the one before', async ({page}) => {
  await page.goto('/')
  await page.getByRole('button', {name: 'Draw one'}).click()
  await page.locator('.try-paper').waitFor()
  await draw(page, ...digits[0])
  await expect(best(page)).toHaveText('0')
  await open(page, 'public/examples/speech/checkpoint.pth', 'public/examples/speech/inputs.npz')
  await expect(page.locator('.try-it')).toHaveCount(0)
  await expect(finding(page)).not.toHaveText(/^This input alone/)
})
