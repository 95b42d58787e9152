import {readFileSync} from 'node:fs'
import {
  checkpoint,
  expect,
  expected,
  expectReference,
  finding,
  inputs,
  layerTable,
  open,
  ranOn,
  safetensors,
  test,
  trouble
} from './workbench'

test.beforeEach(async ({page}) => {
  await page.goto('/')
  await ranOn(page)
})

test('the shipped checkpoint, opened again as a file, gives the same ranking as PyTorch', async ({page}) => {
  // Under another name, so that what is read cannot be the figure that stood there.
  await open(page, {name: 'again.pth', buffer: readFileSync(checkpoint)})
  await expect(page.getByRole('banner')).toContainText('again.pth')
  await ranOn(page)
  expectReference(await layerTable(page))
})

test('a safetensors copy of it gives the same numbers', async ({page}) => {
  await open(page, safetensors)
  await expect(page.getByRole('banner')).toContainText('checkpoint.safetensors')
  await ranOn(page)
  expectReference(await layerTable(page))
})

test('checkpoint and inputs may come together', async ({page}) => {
  await open(page, inputs, safetensors)
  await expect(page.getByRole('banner')).toContainText('checkpoint.safetensors')
  expectReference(await layerTable(page))
})

test('without inputs the maps saved in the checkpoint are drawn, and the untrained twin is said to be unknown', async ({
  page
}) => {
  await page.goto('/?example=none')
  await open(page, checkpoint)
  await expect(page.getByRole('region', {name: 'Checkpoint'})).toContainText('mean of the last 10 of 170 saved')
  const rows = await layerTable(page)
  expect(rows.map(({rank}) => rank)).toEqual(expected.saved.layerRank)
  expect(rows.every(({untrainedRank}) => Number.isNaN(untrainedRank))).toBe(true)
})

const whole = readFileSync(checkpoint)
const broken = {
  'a checkpoint cut short': {name: 'cut.pth', buffer: whole.subarray(0, whole.length / 2)},
  'a safetensors file cut short': {name: 'cut.safetensors', buffer: readFileSync(safetensors).subarray(0, 20_000)},
  'no tensors at all': {name: 'notes.pth', buffer: Buffer.from('remember the milk\n'.repeat(50))},
  'an empty file': {name: 'empty.pth', buffer: Buffer.alloc(0)}
}
for (const [what, file] of Object.entries(broken)) {
  test(`${what} shows one sentence and leaves the figure as it was`, async ({page}) => {
    const title = await finding(page).innerText()
    const before = await layerTable(page)
    await open(page, file)
    const alert = trouble(page)
    await expect(alert).toContainText('Your figure is unchanged.')
    await expect(alert.getByRole('heading')).not.toBeEmpty()
    await expect(finding(page)).toHaveText(title)
    await expect(page.getByRole('banner')).toContainText('checkpoint.pth')
    await page.keyboard.press('Escape')
    await expect(alert).toBeEmpty()
    expect(await layerTable(page)).toEqual(before)
  })
}

test('inputs of another shape are refused, naming both shapes', async ({page}) => {
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 7, 9), }".padEnd(117, ' ')
  const head = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([118, 0]),
    Buffer.from(`${header}\n`)
  ])
  await open(page, {
    name: 'other.npy',
    buffer: Buffer.concat([head, Buffer.alloc(5 * 7 * 9 * 4)])
  })
  const alert = trouble(page)
  await expect(alert).toContainText('(5, 7, 9)')
  await expect(alert).toContainText('12')
  await expect(alert).toContainText('Your figure is unchanged.')
})

test('a dropped file is opened, wherever in the window it falls', async ({page}) => {
  const data = await page.evaluateHandle((bytes) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], 'dropped.safetensors'))
    return transfer
  }, readFileSync(safetensors).toString('base64'))
  await page.dispatchEvent('.foot', 'dragenter', {dataTransfer: data})
  await expect(page.getByText('Drop to open')).toBeVisible()
  await page.dispatchEvent('.foot', 'drop', {dataTransfer: data})
  await expect(page.getByRole('banner')).toContainText('dropped.safetensors')
  expectReference(await layerTable(page))
})

test('what was open before comes back with Ctrl+Z', async ({page}) => {
  await open(page, safetensors)
  await expect(page.getByRole('banner')).toContainText('checkpoint.safetensors')
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('banner')).toContainText('checkpoint.pth')
})
