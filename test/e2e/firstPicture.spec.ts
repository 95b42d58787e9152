import {expect, found, test} from './workbench'

test('the first picture waits for no engine, and not for the files behind it', async ({page}, testInfo) => {
  // Asked for, and never answered: whatever is drawn was drawn without them.
  const held: string[] = []
  await page.route(/\.(pth|npz|wasm)(\?|$)/, (route) => void held.push(route.request().url()))

  await page.goto('/')
  await found(page)
  await page.waitForFunction(() => document.querySelectorAll('#figure svg rect').length >= 24)
  testInfo.annotations.push({
    type: 'first picture',
    description: `${Math.round(await page.evaluate(() => performance.now()))} ms after the page opened`
  })
  await expect.poll(() => held.length).toBeGreaterThan(0)
  await expect(page.getByRole('radiogroup', {name: 'Input', exact: true}).getByRole('radio')).toHaveCount(24)
})
