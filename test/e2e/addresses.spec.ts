import {readFileSync} from 'node:fs'
import type {Page} from '@playwright/test'
import {type RangeServer, rangeServer, servedBytes} from '../formats/rangeServer'
import {checkpoint, expect, expectReference, found, inputs, layerTable, safetensors, test, trouble} from './workbench'

// A server of another origin, on this machine.
let server: RangeServer
test.beforeAll(async () => {
  const served = (path: string) => servedBytes(new Uint8Array(readFileSync(path)))
  server = await rangeServer({
    'checkpoint.pth': served(checkpoint),
    'inputs.npz': served(inputs),
    'checkpoint.safetensors': served(safetensors)
  })
})
test.afterAll(() => server.close())

const at = (path: string) => `${server.base}/${path}`
const link = (...query: [key: string, address: string][]) => `/?${new URLSearchParams(query)}`

/** How many checkpoints this browser remembers. */
const remembered = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open('density-lens')
        request.onerror = () => reject(request.error)
        request.onsuccess = () => {
          const count = request.result.transaction('checkpoints').objectStore('checkpoints').count()
          count.onsuccess = () => {
            request.result.close()
            resolve(count.result)
          }
        }
      })
  )

test.describe('with an address in its own', () => {
  // These tests name the one other server that may be asked; see workbench.ts.
  test.beforeEach(({allowed}) => void allowed.add(server.base))

  test('checkpoint and inputs are read from another server, and explained as PyTorch does', async ({page}) => {
    await page.goto(link(['checkpoint', at('ranges/checkpoint.pth')], ['inputs', at('ranges/inputs.npz')]))
    await expect(page.locator('.bar-file')).toContainText('checkpoint.pth')
    await expect(page.getByRole('banner')).toContainText('100 inputs', {timeout: 45_000})
    expectReference(await layerTable(page))
    await page.locator('.bar-file').click()
    await expect(page.getByText(`came from ${server.host}; the rest was not needed.`)).toBeVisible()
  })

  test('a server that lets no other page read is explained', async ({page, foreseen}) => {
    // The browser says on its console what the page says in a sentence.
    foreseen.push(/blocked by CORS policy|Failed to load resource/)
    await page.goto(link(['checkpoint', at('nocors/checkpoint.pth')]))
    await expect(trouble(page)).toContainText('does not let pages of other sites read its files (CORS)')
    await expect(page.getByText('Drop a checkpoint here')).toBeVisible()
  })

  test('an address that is typed is opened, after its host was named', async ({page}) => {
    await page.goto('/?example=none')
    await page.getByRole('button', {name: 'Open an address…'}).last().click()
    const dialog = page.getByRole('dialog', {name: 'Open an address'})
    await expect(dialog.getByRole('textbox')).toBeFocused()
    await page.keyboard.type(at('ranges/checkpoint.safetensors'))
    await expect(dialog.getByRole('status')).toContainText(`${server.host} will be asked`)
    const before = server.asked.length
    await page.keyboard.press('Enter')
    await expect(dialog).toBeHidden()
    await expect(page.locator('.bar-file')).toContainText('checkpoint.safetensors')
    await found(page)
    expect(server.asked.length).toBeGreaterThan(before)
  })

  test('it is remembered, opens again from the menu, and can be forgotten', async ({page}) => {
    await page.goto(link(['checkpoint', at('ranges/checkpoint.safetensors')]))
    await expect(page.locator('.bar-file')).toContainText('checkpoint.safetensors')
    await expect.poll(() => remembered(page)).toBe(1)
    await page.goto('/?example=none')
    await page.locator('.bar-file').click()
    const recent = page.getByRole('region', {name: 'Recent'})
    await expect(recent).toContainText(`Asks ${server.host} again`)
    await recent.getByRole('button', {name: /^checkpoint\.safetensors/}).click()
    await expect(page.locator('.bar-file')).toContainText('checkpoint.safetensors')
    await page.locator('.bar-file').click()
    await recent.getByRole('button', {name: 'Forget checkpoint.safetensors'}).click()
    await expect(recent).toBeHidden()
  })
})

test('what is no address is refused, and nobody is asked', async ({page}) => {
  await page.goto(link(['checkpoint', 'http://example.org/model.pth']))
  await expect(trouble(page)).toContainText('an https:// address is needed')
})
