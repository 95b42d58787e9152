import {expect, expectReference, layerTable, open, ranOn, safetensors, test} from './workbench'

test.beforeEach(async ({page}) => {
  await page.goto('/')
  // Else this would test the same as the others do.
  expect(await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) ?? null)).toBe(null)
})

test('without WebGPU the model runs on WASM, and the page says why', async ({page}) => {
  expect(await ranOn(page)).toMatch(/^WASM/)
  await expect(page.getByRole('banner')).toContainText('WebGPU')
})

test('the numbers are the same', async ({page}) => {
  // The inputs that stay open for it are the example's: nothing is, before that has come.
  await ranOn(page)
  await open(page, safetensors)
  await expect(page.getByRole('banner')).toContainText('checkpoint.safetensors')
  await ranOn(page)
  expectReference(await layerTable(page))
})

test('asked for WebGPU all the same, it runs on WASM and says that there is no adapter', async ({page}) => {
  await page.goto('/?backend=webgpu')
  expect(await ranOn(page)).toMatch(/^WASM/)
})
