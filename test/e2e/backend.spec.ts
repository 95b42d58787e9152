import {expect, expectReference, layerTable, open, ranOn, safetensors, test} from './workbench'

test('on a software adapter WASM is preferred, and the page says why', async ({page}) => {
  await page.goto('/')
  expect(await ranOn(page)).toMatch(/^WASM/)
  await expect(page.getByRole('banner')).toContainText('software and slower')
})

for (const [asked, shown] of [
  ['webgpu', 'WebGPU'],
  ['wasm', 'WASM'],
  ['cpu', 'Plain JavaScript']
] as const) {
  test(`?backend=${asked} runs on ${shown}, says so, and gives the same numbers`, async ({page}) => {
    await page.goto(`/?backend=${asked}`)
    expect(await ranOn(page)).toContain(shown)
    // A copy under another name, so that what is read cannot be the precomputed figure.
    await open(page, safetensors)
    await expect(page.getByRole('banner')).toContainText('checkpoint.safetensors')
    expect(await ranOn(page)).toContain(shown)
    expectReference(await layerTable(page))
  })
}
