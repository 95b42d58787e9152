import {readFileSync} from 'node:fs'
import type {Page} from '@playwright/test'
import {expect, finding, type Given, ranOn, test, tiles} from './workbench'

/** What the page asked to be played: a test cannot hear, but it sees which samples were sent, and how that ended. */
interface Played {
  readonly sampleRate: number
  readonly samples: readonly number[]
  readonly offset: number
  readonly duration: number
  over: 'playing' | 'stopped' | 'ended'
  context: AudioContextState
}

/** Writes down every sound that the page plays. While `endless` is set, none ends by itself. */
async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const played: Played[] = []
    Object.assign(globalThis, {played, endless: false})
    const {start, stop} = AudioBufferSourceNode.prototype
    const notes = new WeakMap<AudioBufferSourceNode, Played>()
    AudioBufferSourceNode.prototype.start = function (when = 0, offset = 0, duration = Number.NaN) {
      const {buffer, context} = this
      // What is only resampled is not heard.
      if (!buffer || !(context instanceof AudioContext)) return start.call(this, when, offset)
      const {sampleRate} = buffer
      const samples = [...buffer.getChannelData(0)]
      const note: Played = {sampleRate, samples, offset, duration, over: 'playing', context: context.state}
      played.push(note)
      notes.set(this, note)
      this.addEventListener('ended', () => {
        if (note.over === 'playing') note.over = 'ended'
      })
      context.addEventListener('statechange', () => {
        note.context = context.state
      })
      this.loop = (globalThis as {endless?: boolean}).endless === true
      return this.loop ? start.call(this, when, offset) : start.call(this, when, offset, duration)
    }
    AudioBufferSourceNode.prototype.stop = function (when = 0) {
      const note = notes.get(this)
      if (note?.over === 'playing') note.over = 'stopped'
      return stop.call(this, when)
    }
  })
}

const played = (page: Page) => page.evaluate(() => (globalThis as unknown as {played: Played[]}).played)
const last = async (page: Page) => (await played(page)).at(-1)!
const endless = (page: Page, on: boolean) => page.evaluate((on) => Object.assign(globalThis, {endless: on}), on)
/** How the last sound ended; what it held on to is let go of. */
const ended = (page: Page, how: Played['over']) =>
  expect
    .poll(async () => {
      const note = (await played(page)).at(-1)
      return note && `${note.over}, ${note.context}`
    })
    .toBe(`${how}, closed`)

const focus = (page: Page) => page.locator('.plane-focus')
const span = (page: Page) => page.locator('.plane-span-line')
const button = (page: Page, name: 'Play' | 'Stop') => span(page).getByRole('button', {name, exact: true})

/** Drags across the large picture from the middle of one column of time to that of another. */
async function brush(page: Page, from: number, to: number): Promise<void> {
  const picture = focus(page).locator('.plane-picture')
  await picture.scrollIntoViewIfNeeded()
  const {x, y, width, height} = (await picture.boundingBox())!
  const at = (column: number) => x + ((column + 0.5) / columns) * width
  await page.mouse.move(at(from), y + height / 2)
  await page.mouse.down()
  await page.mouse.move(at(to), y + height / 2, {steps: 3})
  await page.mouse.up()
}

/** Six frames of 10 ms each; the middle of the first frame's window, less half a hop, is 11 ms into the sound. */
const columns = 16
const second = (column: number) => 0.011 + column * 0.06

function expectSpan({offset, duration}: Played, from: number, to: number) {
  expect(offset).toBeCloseTo(second(from), 6)
  expect(offset + duration).toBeCloseTo(second(to), 6)
}

/** Root mean square of the stretch that was sent. */
function loudness({samples, sampleRate, offset, duration}: Played): number {
  const part = samples.slice(Math.round(offset * sampleRate), Math.round((offset + duration) * sampleRate))
  return Math.sqrt(part.reduce((sum, value) => sum + value ** 2, 0) / part.length)
}

function expectSame(found: readonly number[], wanted: readonly number[]) {
  expect(found).toHaveLength(wanted.length)
  expect(Math.max(...found.map((value, i) => Math.abs(value - wanted[i]!)))).toBeLessThan(1e-4)
}

test.beforeEach(async ({page}) => {
  await listen(page)
  await page.goto('/?example=words')
  await ranOn(page)
})

test('a span that is brushed with the mouse plays that stretch of the selected input’s own sound', async ({page}) => {
  await tiles(page).nth(2).check({force: true})
  await expect(page.locator('.plane-tiles figcaption b').first()).toHaveText('Input 3')
  await brush(page, 8, 3)
  await expect(span(page)).toContainText('0.19–0.55 s of 1.00 s')
  expect(await played(page)).toEqual([])
  await button(page, 'Play').click()
  // At its end it says so by itself.
  await ended(page, 'ended')
  await expect(button(page, 'Play')).toBeVisible()
  const heard = await last(page)
  expectSpan(heard, 3, 9)
  expect(loudness(heard)).toBeGreaterThan(0.01)
  const own = await page.evaluate(async () => {
    const bytes = await (await fetch('/examples/words/sounds/003.ogg')).arrayBuffer()
    return [...(await new OfflineAudioContext(1, 1, 44_100).decodeAudioData(bytes)).getChannelData(0)]
  })
  expectSame(heard.samples, own)

  await endless(page, true)
  await button(page, 'Play').click()
  await button(page, 'Stop').click()
  await ended(page, 'stopped')
  await expect(button(page, 'Play')).toBeVisible()
  await button(page, 'Play').click()
  await brush(page, 10, 12)
  await ended(page, 'stopped')
  await expect(span(page)).toContainText('0.61–0.79 s of 1.00 s')
  await button(page, 'Play').click()
  await tiles(page).nth(3).check({force: true})
  await ended(page, 'stopped')
  await expect(span(page)).toHaveCount(0)
})

test('a span is chosen, played, stopped and let go of by keys alone', async ({page}) => {
  await focus(page).focus()
  for (let i = 0; i < columns; i++) await page.keyboard.press('ArrowLeft')
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowRight')
  await expect(span(page)).toContainText('0.01–0.25 s of 1.00 s')
  await expect(button(page, 'Play')).toBeVisible()
  await page.keyboard.press('Space')
  await ended(page, 'ended')
  expectSpan(await last(page), 0, 4)
  expect(loudness(await last(page))).toBeGreaterThan(0)

  await endless(page, true)
  await page.keyboard.press('Space')
  await expect(button(page, 'Stop')).toBeVisible()
  await page.keyboard.press('Space')
  await ended(page, 'stopped')
  await page.keyboard.press('Space')
  await page.keyboard.press('Shift+ArrowRight')
  await ended(page, 'stopped')
  await expect(span(page)).toContainText('0.01–0.31 s of 1.00 s')
  await page.keyboard.press('Space')
  await page.keyboard.press('Escape')
  await ended(page, 'stopped')
  await expect(span(page)).toHaveCount(0)
  expect(await played(page)).toHaveLength(4)

  await page.keyboard.press('Shift+ArrowLeft')
  await button(page, 'Play').focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await ended(page, 'stopped')
  await expect(span(page)).toHaveCount(0)
  await expect(focus(page)).toBeFocused()
})

test('what plays ends when the page is shown no more', async ({page}) => {
  await endless(page, true)
  await brush(page, 2, 12)
  await button(page, 'Play').click()
  await expect(button(page, 'Stop')).toBeVisible()
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', {get: () => 'hidden', configurable: true})
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await ended(page, 'stopped')
})

test.describe('on a phone', () => {
  test.use({hasTouch: true, viewport: {width: 375, height: 812}})

  test('a finger drawn across the picture chooses a span, and a tap plays it', async ({page}) => {
    const session = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: {x: number; y: number}[]) =>
      session.send('Input.dispatchTouchEvent', {type, touchPoints})
    const picture = focus(page).locator('.plane-picture')
    await picture.evaluate((element) => element.scrollIntoView({block: 'center'}))
    const {x, y, width, height} = (await picture.boundingBox())!
    const at = (column: number) => ({x: x + ((column + 0.5) / columns) * width, y: y + height / 2})
    // The reading that a tap pins docks to the bottom edge; the picture stays under the finger.
    for (const state of ['pinned', 'hover']) {
      await picture.tap()
      await expect(page.locator('.reading')).toHaveAttribute('data-state', state)
      await expect.poll(async () => Math.abs((await picture.boundingBox())!.y - y)).toBeLessThan(2)
    }
    await touch('touchStart', at(2))
    for (const column of [3, 4, 5, 6]) await touch('touchMove', at(column))
    await touch('touchEnd')
    await expect(span(page)).toContainText('0.13–0.43 s of 1.00 s')
    await button(page, 'Play').tap()
    await ended(page, 'ended')
    expectSpan(await last(page), 2, 7)
  })
})

const gloss = (page: Page) => page.locator('.prediction .gloss')
const choose = (page: Page, file: Given) =>
  page
    .locator('.sound-file')
    .setInputFiles(typeof file === 'string' ? file : {...file, mimeType: 'audio/wav', buffer: file.buffer})
/** Where the large picture draws the points of the pointed-at place. */
const points = (page: Page) =>
  focus(page)
    .locator('.plane-to')
    .evaluateAll((dots) => dots.map((dot) => `${dot.getAttribute('cx')} ${dot.getAttribute('cy')}`))

const speech = (word: string) => `public/examples/speech/${word}.wav`

/** The samples of a WAV file of 16 bits, one channel. */
function samplesOf(path: string): number[] {
  const bytes = readFileSync(path)
  const at = bytes.indexOf('data') + 8
  return Array.from({length: (bytes.length - at) / 2}, (_, i) => bytes.readInt16LE(at + 2 * i) / 32768)
}

/** A WAV file of floats at 16 kHz, one channel. */
function waveOf(name: string, values: readonly number[]): Given {
  const buffer = Buffer.alloc(44 + 4 * values.length)
  buffer.write('RIFF')
  buffer.writeUInt32LE(36 + 4 * values.length, 4)
  buffer.write('WAVEfmt ', 8)
  for (const [at, value] of [
    [16, 16],
    [24, 16_000],
    [28, 64_000]
  ] as const)
    buffer.writeUInt32LE(value, at)
  for (const [at, value] of [
    [20, 3],
    [22, 1],
    [32, 4],
    [34, 32]
  ] as const)
    buffer.writeUInt16LE(value, at)
  buffer.write('data', 36)
  buffer.writeUInt32LE(4 * values.length, 40)
  for (const [i, value] of values.entries()) buffer.writeFloatLE(value, 44 + 4 * i)
  return {name, buffer}
}

async function opened(page: Page): Promise<void> {
  await page.getByRole('button', {name: 'Speak one'}).click()
  await choose(page, speech('stop'))
  await expect(gloss(page)).toHaveText('stop.wav; 1 read, 0 skipped')
  await expect(page.locator('.plane-tiles figcaption b').first()).toHaveText('stop.wav')
}

/** Rests on the middle of the second block, which is deformable. */
async function point(page: Page): Promise<void> {
  await page.getByRole('radio', {name: 'Where the pointed-at cell samples'}).click()
  await page.locator('.plane-tiles [data-row="1"] .plane-picture').hover()
}

test('an opened sound is drawn with where the pointed-at place looks in it, and each sound has its own', async ({
  page
}) => {
  await opened(page)
  await point(page)
  // 16 points for each of its groups of heads.
  await expect.poll(async () => (await points(page)).length % 16).toBe(0)
  await expect.poll(async () => (await points(page)).length).toBeGreaterThan(0)
  const first = await points(page)
  await choose(page, speech('no'))
  await expect(gloss(page)).toHaveText('no.wav; 2 read, 0 skipped')
  await expect(page.locator('.plane-tiles figcaption b').first()).toHaveText('no.wav')
  const second = await points(page)
  expect(second).toHaveLength(first.length)
  expect(second).not.toEqual(first)
  await page.getByRole('radio', {name: 'Density of all points that its stage samples'}).click()
  await expect(focus(page).locator('figcaption b')).toHaveText('Stage 1, all points')
  await expect(page.locator('.plane-own')).toContainText(/^0\.00\d+\.\d\d × an even spread$/)
})

test('a span of an opened sound plays its own samples, and Escape lets go of the span before the sound', async ({
  page
}) => {
  await opened(page)
  // Opening it lets it be heard, whole.
  await ended(page, 'ended')
  expectSame((await last(page)).samples, samplesOf(speech('stop')))
  await brush(page, 2, 6)
  await expect(span(page)).toContainText('0.13–0.43 s of 1.00 s')
  await button(page, 'Play').click()
  await ended(page, 'ended')
  const heard = await last(page)
  expectSpan(heard, 2, 7)
  expect(heard.sampleRate).toBe(16_000)
  expect(loudness(heard)).toBeGreaterThan(0.01)
  expectSame(heard.samples, samplesOf(speech('stop')))

  await endless(page, true)
  await button(page, 'Play').click()
  await expect(button(page, 'Stop')).toBeVisible()
  await choose(page, speech('go'))
  await expect(gloss(page)).toHaveText('go.wav; 2 read, 0 skipped')
  await expect(span(page)).toHaveCount(0)
  // The new sound took its place.
  await expect
    .poll(async () => (await played(page)).map(({over}) => over))
    .toEqual(['ended', 'ended', 'stopped', 'playing'])
  await brush(page, 2, 6)
  await page.keyboard.press('Escape')
  await expect(span(page)).toHaveCount(0)
  await expect(gloss(page)).toHaveText('go.wav; 2 read, 0 skipped')
  await page.keyboard.press('Escape')
  await expect(page.locator('.plane-tiles figcaption b').first()).toHaveText('Input 1')
  await ended(page, 'stopped')
})

const refused: readonly (readonly [what: string, file: Given, why: string])[] = [
  ['silence', waveOf('quiet.wav', new Array(16_000).fill(0)), 'Found silence'],
  ['one that is too short', waveOf('short.wav', new Array(80).fill(0.1)), 'Found 5 ms of sound in short.wav'],
  ['one that is not finite', waveOf('broken.wav', new Array(16_000).fill(Number.NaN)), 'needed a sound of finite']
]

test('a sound that is refused leaves figure and picture as they were, together, and says why', async ({page}) => {
  await opened(page)
  await point(page)
  await expect.poll(async () => (await points(page)).length).toBeGreaterThan(0)
  const picture = (selector: string) =>
    page.locator(selector).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())
  const shown = async () => ({
    finding: await finding(page).innerText(),
    read: await gloss(page).innerText(),
    wave: await page.locator('.try-seen path').getAttribute('d'),
    mel: await picture('.try-seen canvas'),
    name: await page.locator('.plane-tiles figcaption b').first().innerText(),
    plane: await picture('.plane-tiles figure:first-child canvas'),
    points: await points(page)
  })
  const before = await shown()
  const trouble = page.locator('.try-trouble')
  for (const [what, file, why] of refused) {
    await choose(page, file)
    await expect(trouble, what).toContainText(why)
    expect(await shown(), what).toEqual(before)
  }
  await choose(page, speech('no'))
  await expect(gloss(page)).toHaveText('no.wav; 2 read, 0 skipped')
  await expect(trouble).toHaveCount(0)
  expect((await shown()).mel).not.toBe(before.mel)
})
