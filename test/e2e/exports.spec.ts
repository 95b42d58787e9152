import {pathToFileURL} from 'node:url'
import {expect} from '@playwright/test'
import {openFromDisk, save} from './fromDisk'
import {finding, ranOn, test} from './workbench'

test('a figure is exported as a page that works from a disk, without a network', async ({page, browser}, info) => {
  await page.goto('/')
  await ranOn(page)
  const title = await finding(page).textContent()
  await page.locator('#figure').focus()
  await page.keyboard.press('e')
  const download = await save(page, 'Web page')
  const path = info.outputPath('explanation.html')
  await download.saveAs(path)

  const {page: own, asked, complaints, close} = await openFromDisk(browser, path)
  await expect(own.locator('h1')).toHaveText(title!)
  await expect(own.locator('.panel[data-letter="a"] .row')).toHaveCount(12)
  await expect(own.locator('.panel[data-letter="d"] .block')).toHaveCount(4)

  // The ranking: pointing reads a row, a click holds it.
  const row = own.locator('.panel[data-letter="a"] .row[data-layer="7"] .trained')
  await row.hover()
  await expect(own.locator('.reading h2')).toHaveText('Layer 8')
  await expect(own.locator('.figure .tip')).toContainText('Layer 8, head 3')
  await row.click()
  await own.locator('h1').hover()
  await expect(own.locator('.reading')).toHaveAttribute('data-state', 'pinned')
  await expect(own.locator('.figure .reader.pin')).toHaveCount(1)

  // The Gaussians follow: the pinned layer's place on its head's curve is the one that is marked.
  await expect(own.locator('.panel[data-letter="d"] .landing.pointed text')).toHaveText('8')

  // The heatmap: pointing reads a cell, keys change what it shows and how rows stand.
  const map = (await own.locator('canvas.figure-map').boundingBox())!
  await own.mouse.move(map.x + 20, map.y + 8)
  await expect(own.locator('.figure .tip')).toContainText('Density')
  await expect(own.locator('.panel[data-letter="c"] .crosshair text')).toHaveText(/^feature \d+$/)
  await own.locator('#figure').focus()
  await own.keyboard.press('3')
  await expect(own.locator('.map-switch [data-map="learned"]')).toHaveAttribute('aria-pressed', 'true')
  await own.keyboard.press('Escape')
  await expect(own.locator('.figure .reader.pin')).toHaveCount(0)
  await own.getByRole('radio', {name: 'Importance'}).check({force: true})
  await expect(own.locator('.spine text.layer').first()).toHaveText('8')

  const [record] = await Promise.all([
    own.waitForEvent('download'),
    own.getByRole('button', {name: 'Save as .densitylens'}).click()
  ])
  expect(record.suggestedFilename()).toBe('explanation.densitylens')
  expect(asked.filter((address) => !/^(data|blob):/.test(address))).toEqual([pathToFileURL(path).href])
  expect(complaints).toEqual([])
  await close()
})

test('every kind of file is given, and a picture has its letters', async ({page}, info) => {
  await page.goto('/')
  await ranOn(page)
  await page.getByRole('button', {name: 'Export…'}).click()
  const names: string[] = []
  for (const title of ['SVG', 'PNG', 'The ranking', 'Every table', 'NumPy arrays', 'JSON']) {
    names.push((await save(page, title)).suggestedFilename())
  }
  expect(names).toEqual([
    'explanation.svg',
    'explanation.png',
    'explanation-ranking.csv',
    'explanation-tables.zip',
    'explanation.npz',
    'explanation.json'
  ])
  await page.getByRole('radio', {name: '1×'}).check({force: true})
  const path = info.outputPath('figure.png')
  await (await save(page, 'PNG')).saveAs(path)
  const {readFileSync} = await import('node:fs')
  const address = `data:image/png;base64,${readFileSync(path).toString('base64')}`
  // Its title: as much ink as letters have, not none.
  const ink = await page.evaluate(async (source) => {
    const image = new Image()
    image.src = source
    await image.decode()
    const canvas = new OffscreenCanvas(700, 60)
    const context = canvas.getContext('2d')!
    context.drawImage(image, 0, 0)
    const {data} = context.getImageData(24, 20, 600, 32)
    return data.filter((value, i) => i % 4 === 0 && value < 100).length / (600 * 32)
  }, address)
  expect(ink).toBeGreaterThan(0.05)
})

test('an input that was let go along is looked at in its page, offline, with its own attention', async ({
  page,
  browser
}, info) => {
  await page.goto('/?example=reasoning')
  await ranOn(page)
  await page.getByRole('button', {name: 'Export…'}).click()
  const bare = info.outputPath('bare.html')
  await (await save(page, 'Web page')).saveAs(bare)
  const sheet = page.locator('.export-sheet')
  await sheet.getByRole('checkbox', {name: 'Single inputs'}).check()
  await sheet.getByRole('combobox').selectOption('first')
  await sheet.getByRole('checkbox', {name: 'Pictures'}).check()
  const path = info.outputPath('inputs.html')
  await (await save(page, 'Web page')).saveAs(path)

  const without = await openFromDisk(browser, bare)
  await expect(without.page.locator('.plane-panel .plane-tiles figure')).toHaveCount(3)
  await expect(without.page.locator('.plane-input')).toHaveCount(0)
  await without.close()

  const {page: own, asked, complaints, close} = await openFromDisk(browser, path)
  const panel = own.locator('.plane-panel')
  await expect(panel.locator('.plane-tiles figure')).toHaveCount(4)
  await expect(panel.locator('header .gloss')).toContainText('of this input alone')
  await expect(panel.locator('.plane-question')).toContainText('?')
  const shown = panel.getByRole('combobox', {name: 'Shown'})
  await expect(shown.locator('option')).toHaveCount(25)
  const picture = () =>
    panel
      .locator('.plane-tiles canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())
  const first = await picture()
  await shown.selectOption('Input 7')
  await expect(panel.locator('.plane-tiles figcaption').first()).toHaveText('Input 7')
  expect(await picture()).not.toBe(first)
  await shown.selectOption('Mean over 60 inputs')
  await expect(panel.locator('header .gloss')).toContainText('mean over 60 inputs')
  await expect(panel.locator('.plane-tiles figure')).toHaveCount(3)
  expect(asked.filter((address) => !/^(data|blob):/.test(address))).toEqual([pathToFileURL(path).href])
  expect(complaints).toEqual([])
  await close()
})
