import {readFileSync} from 'node:fs'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import AxeBuilder from '@axe-core/playwright'
import type {Page} from '@playwright/test'
import {requestsOf, sharedDigits, stored} from './stored'
import {
  checkpoint,
  expect,
  expectReference,
  finding,
  inputs,
  layerTable,
  open,
  ranOn,
  safetensors,
  test
} from './workbench'

const title = 'The middle layer of every head comes first, and would have without training'
const rows = (page: Page, letter: string) => page.locator(`#figure g.panel[data-letter="${letter}"] g.row`)

let id: string
test.beforeAll(async ({playwright, baseURL}) => {
  const request = await playwright.request.newContext({baseURL: baseURL!})
  id = await stored(request, await sharedDigits())
  await request.dispose()
})

test.describe('the page of a stored explanation', () => {
  test('says what it found before any script, and then is the workbench with that explanation', async ({
    page,
    request,
    baseURL
  }) => {
    const html = await (await request.get(`/e/${id}`)).text()
    expect(html).toContain(`<h1>${title}</h1>`)
    expect(html).toContain(`<meta property="og:image" content="${baseURL}/e/${id}/picture.png"/>`)
    await page.goto(`/e/${id}`)
    await expect(rows(page, 'a')).toHaveCount(12)
    await expect(finding(page)).toHaveText(title)
    expectReference(await layerTable(page))
  })

  test('stamps it when the same files give the same numbers, and says when they are others', async ({page}) => {
    await page.goto(`/e/${id}`)
    await expect(rows(page, 'a')).toHaveCount(12)
    await open(page, checkpoint, inputs)
    await ranOn(page)
    await expect(page.locator('.shared-stamp')).toHaveText('Reproduced')
    await open(page, safetensors)
    await expect(page.locator('.shared-stamp')).toHaveText('Not the same file')
  })

  test('is its ranking in words where no script runs', async ({browser, baseURL}) => {
    const page = await browser.newPage({javaScriptEnabled: false, baseURL: baseURL!})
    await page.goto(`/e/${id}`)
    await expect(page.getByRole('heading', {level: 1})).toHaveText(title)
    await expect(page.getByRole('row')).toHaveCount(13)
    await expect(page.getByRole('row').nth(1)).toContainText(/^18/)
    await expect(page.getByRole('link', {name: 'Download the explanation'})).toBeVisible()
    await expect(page.locator('.bar')).toBeHidden()
    await page.close()
  })

  test('that is not kept is not found', async ({page, foreseen}) => {
    foreseen.push(/404/)
    for (const path of ['/e/AAAAAAAAAAAAAAAAAAAAAAAA', '/embed/AAAAAAAAAAAAAAAAAAAAAAAA', '/e/..%2F..%2Fpackage.json'])
      expect((await page.goto(path))!.status()).toBe(404)
  })

  test('shows what to write into other pages, and how it looks there', async ({page}) => {
    await page.goto(`/e/${id}`)
    await page.getByRole('button', {name: 'Embed…'}).click()
    const dialog = page.getByRole('dialog', {name: 'Embed this figure'})
    await expect(dialog.frameLocator('iframe').locator('#figure g.panel')).toHaveCount(2)
    await dialog.getByRole('checkbox', {name: 'Gaussians'}).check()
    await expect(dialog.getByLabel('Notebook')).toHaveValue(/panels=ranking,map,gaussians", width="100%"/)
    await expect(dialog.frameLocator('iframe').locator('#figure g.panel')).toHaveCount(3)
    const {violations} = await new AxeBuilder({page}).exclude('iframe').analyze()
    expect(violations.filter(({impact}) => impact === 'serious' || impact === 'critical')).toEqual([])
  })
})

test.describe('the figure alone', () => {
  test('has the panels that its address names', async ({page}) => {
    await page.goto(`/embed/${id}?panels=ranking,map`)
    await expect(rows(page, 'a')).toHaveCount(12)
    const letters = await page
      .locator('#figure g.panel')
      .evaluateAll((panels) => panels.map((g) => g.getAttribute('data-letter')))
    expect(letters).toEqual(['a', 'c'])
    await expect(page.locator('.embed')).toContainText('Compare layers within a head')
  })

  test('fits its frame, and never scrolls sideways', async ({page}) => {
    for (const [width, height, panels, fits] of [
      [720, 420, 'ranking,map', true],
      [1080, 520, '', true],
      [340, 500, '', false]
    ] as const) {
      await page.setViewportSize({width, height})
      await page.goto(`/embed/${id}?panels=${panels}`)
      await expect(page.locator('#figure g.row').first()).toBeVisible()
      const {scrollWidth, clientWidth, scrollHeight, clientHeight} = await page.evaluate(() => document.documentElement)
      expect(scrollWidth, `${width} × ${height}`).toBe(clientWidth)
      if (fits) expect(scrollHeight, `${width} × ${height}`).toBe(clientHeight)
    }
  })

  for (const theme of ['light', 'dark'] as const) {
    test(`is ${theme} when it is asked to be, and as the device is otherwise; axe finds nothing serious`, async ({
      page
    }) => {
      const shown = () => page.evaluate(() => document.documentElement.dataset.theme)
      await page.emulateMedia({colorScheme: theme})
      await page.goto(`/embed/${id}`)
      expect(await shown()).toBe(theme)
      await page.emulateMedia({colorScheme: theme === 'light' ? 'dark' : 'light'})
      await page.goto(`/embed/${id}?theme=${theme}`)
      await expect(rows(page, 'a')).toHaveCount(12)
      expect(await shown()).toBe(theme)
      const {violations} = await new AxeBuilder({page}).analyze()
      expect(violations.filter(({impact}) => impact === 'serious' || impact === 'critical')).toEqual([])
    })
  }
})

test('every request of every page goes to its own server', async ({page, baseURL}) => {
  for (const path of ['/', `/e/${id}`, `/embed/${id}`]) {
    const asked = requestsOf(page)
    await page.goto(path)
    await expect(rows(page, 'a')).toHaveCount(12)
    await page.waitForLoadState('networkidle')
    const origins = new Set(
      asked
        .map((address) => new URL(address))
        .filter(({protocol}) => protocol !== 'blob:')
        .map(({origin}) => origin)
    )
    expect([...origins], path).toEqual([baseURL])
    expect(asked.length).toBeGreaterThan(5)
  }
})

test('no page takes an inline script or style without this request’s nonce', async ({page, foreseen}) => {
  foreseen.push(/violates the following Content Security Policy|^asked x:$/)
  for (const path of ['/', `/e/${id}`, `/embed/${id}`]) {
    const response = await page.goto(path)
    const policy = response!.headers()['content-security-policy']!
    expect(policy).not.toContain('unsafe-inline')
    expect(await response!.text()).not.toMatch(/<[a-z][^>]*\sstyle=/)
    const injected = await page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<img src="x:" onerror="window.injected = true">')
      return new Promise((resolve) => setTimeout(() => resolve('injected' in window), 100))
    })
    expect(injected).toBe(false)
  }
})

test.describe('an explanation that means harm', () => {
  const hostile =
    '<script>window.injected=1</script><svg onload="window.injected=1"><img src=x onerror="window.injected=1">' +
    '"\'>{{1}}</title></noscript><iframe srcdoc="x">\u202Egnp.exe\u200B\u2066javascript:alert(1)'

  test('injects nothing anywhere, and hides no character', async ({page, request, browser, baseURL}) => {
    const harmful = await stored(request, await sharedDigits(hostile))
    const check = async (tested: Page, path: string) => {
      await tested.goto(path)
      await expect(tested.getByRole('heading', {level: 1})).toContainText('<script>window.injected=1</script>')
      expect(await tested.locator('svg[onload], img[onerror], iframe[srcdoc]').count()).toBe(0)
      expect(await tested.locator('body').innerText()).not.toMatch(/[\u202E\u200B\u2066]/)
    }
    for (const path of [`/e/${harmful}`, `/embed/${harmful}`]) {
      await check(page, path)
      await expect(rows(page, 'a')).toHaveCount(12)
      await check(page, path)
      expect(await page.evaluate(() => 'injected' in window)).toBe(false)
      expect(await page.title()).not.toMatch(/[\u202E\u200B\u2066]/)
    }
    const quiet = await browser.newPage({javaScriptEnabled: false, baseURL: baseURL!})
    await check(quiet, `/e/${harmful}`)
    await quiet.close()
    const picture = await request.get(`/e/${harmful}/picture.png`)
    expect([picture.status(), picture.headers()['content-type']]).toEqual([200, 'image/png'])
  })
})

test.describe('on another site', () => {
  let other: Server
  let origin: string
  test.beforeAll(async ({baseURL}) => {
    const framed = (path: string) => `<iframe src="${baseURL}${path}" width="800" height="480"></iframe>`
    const pages: Record<string, string> = {
      '/frames': framed(`/embed/${id}`) + framed('/') + framed(`/e/${id}`),
      '/element':
        `<script type="module" src="${baseURL}/embed/density-lens.js"></script>` +
        `<density-lens src="${baseURL}/e/${id}" panels="ranking" map theme="dark" height="300"></density-lens>`
    }
    other = createServer((request, response) => {
      response.setHeader('content-type', 'text/html')
      // The strictest of sites: nothing may be shown that does not agree to it.
      response.setHeader('cross-origin-embedder-policy', 'require-corp')
      response.end(`<!doctype html><title>Elsewhere</title>${pages[request.url!] ?? ''}`)
    })
    await new Promise<void>((ready) => other.listen(0, '127.0.0.1', ready))
    origin = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  })
  test.afterAll(() => void other.close())
  test.beforeEach(({allowed}) => void allowed.add(origin))

  test('the figure may stand in a frame, and nothing else may', async ({page, foreseen}) => {
    foreseen.push(/frame-ancestors|Refused to frame|Framing/)
    await page.goto(`${origin}/frames`)
    await expect(page.frameLocator('iframe >> nth=0').locator('#figure g.panel')).toHaveCount(5)
    for (const nth of [1, 2])
      await expect(page.frameLocator(`iframe >> nth=${nth}`).locator('h1.title, .bar')).toHaveCount(0)
    expect(page.frames().filter((frame) => frame.url().startsWith('chrome-error:'))).toHaveLength(2)
  })

  test('the web component is the figure with its flags, as high as its rows', async ({page}) => {
    await page.goto(`${origin}/element`)
    const element = page.locator('density-lens')
    await expect(element.frameLocator('iframe').locator('#figure g.panel')).toHaveCount(2)
    const theme = element.frameLocator('iframe').locator('html')
    await expect(theme).toHaveAttribute('data-theme', 'dark')
    await expect.poll(async () => (await element.boundingBox())!.height).toBeGreaterThanOrEqual(300)
    await element.evaluate((lens) => lens.setAttribute('panels', 'signal'))
    await expect(element.frameLocator('iframe').locator('#figure g.panel')).toHaveCount(2)
    await page.setViewportSize({width: 400, height: 800})
    await element.evaluate((lens) => lens.setAttribute('panels', 'ranking learned gaussians signal'))
    // Too narrow for panels beside each other: higher than it was asked to be, and not cut.
    await expect.poll(async () => (await element.boundingBox())!.height).toBeGreaterThan(900)
  })

  test('the web component shows what a link holds itself, of which no server is told', async ({page, baseURL}) => {
    const link = readFileSync('test/fixtures/share/v1-digits.link.txt', 'utf8').trim()
    const {hash} = new URL(link, baseURL)
    const asked = requestsOf(page)
    await page.goto(`${origin}/element`)
    const element = page.locator('density-lens')
    await element.evaluate((lens, src) => lens.setAttribute('src', src), `${baseURL}/${hash}`)
    const frame = element.frameLocator('iframe')
    await expect(frame.locator('#figure g.panel[data-letter="a"] g.row')).toHaveCount(12)
    await expect(frame.getByRole('heading', {level: 1})).toHaveText(title)
    await expect(frame.getByRole('link')).toHaveAttribute('href', `/${hash}`)
    expect(asked.filter((address) => new URL(address).pathname === '/embed')).toHaveLength(1)
  })

  test('the web component shows nothing of an address that is none', async ({page}) => {
    await page.goto(`${origin}/element`)
    const element = page.locator('density-lens')
    for (const src of ['javascript:alert(1)', 'data:text/html,x', '/somewhere/else', '']) {
      await element.evaluate((lens, address) => lens.setAttribute('src', address), src)
      expect(await element.evaluate((lens) => lens.shadowRoot!.querySelector('iframe')!.getAttribute('src'))).toBeNull()
    }
  })
})
