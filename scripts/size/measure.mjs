import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {flags} from '../bench/browser.mjs'
import {ended, nextBin, root, startNode} from '../child.mjs'
import {findChromium} from '../chromium.mjs'
import {freePort} from '../port.mjs'

/**
 * The texts of the scripts that the built app loads: `first`, those asked for before its first picture; `later`, what
 * the page asks for after it without being touched; `engines`, by backend, those of the worker once it has explained
 * the first example anew.
 */
export async function measureScripts() {
  const port = await freePort()
  const server = startNode(nextBin, ['start', '--port', String(port)], {stdio: 'ignore'})
  const {chromium} = await import('playwright')
  const browser = await chromium.launch({executablePath: await findChromium(), args: flags})
  try {
    const address = `http://localhost:${port}/`
    await answer(address)
    const engines = {}
    let page = null
    for (const backend of ['webgpu', 'wasm', 'cpu']) {
      const visited = await visit(browser, `${address}?backend=${backend}`)
      page ??= visited
      engines[backend] = await texts(visited.engine)
    }
    return {first: await texts(page.first), later: await texts(page.later), engines}
  } finally {
    await browser.close()
    server.kill()
    await ended(server)
  }
}

async function visit(browser, address) {
  const page = await browser.newPage({viewport: {width: 1280, height: 800}})
  await page.addInitScript(noteFirstPicture)
  await page.goto(address)
  await page.waitForFunction(() => window.firstPicture !== undefined)
  // The bar names the backend once a model has run on it.
  await page.waitForFunction(() => performance.now() > window.firstPicture + 1000)
  const [worker] = page.workers()
  await settled(page, worker)
  const scripts = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({name, initiatorType}) => new URL(name).pathname.endsWith('.js') && initiatorType !== 'other')
      .map(({name, startTime}) => ({name, early: startTime < window.firstPicture}))
  )
  const engine = [worker.url(), ...(await inWorker(worker))]
  await page.close()
  const named = (early) => scripts.filter((script) => script.early === early).map(({name}) => name)
  return {first: named(true), later: named(false), engine}
}

const inWorker = (worker) =>
  worker.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({name}) => name)
      .filter((name) => new URL(name).pathname.endsWith('.js'))
  )

/** Resolves when neither has asked for a script for two seconds. */
async function settled(page, worker) {
  let before = -1
  for (;;) {
    const count =
      (await page.evaluate(() => performance.getEntriesByType('resource').length)) + (await inWorker(worker)).length
    if (count === before) return
    before = count
    await new Promise((resolve) => setTimeout(resolve, 2000))
  }
}

/** Notes in the page when its figure first shows all the rows of the example. */
function noteFirstPicture() {
  const look = () => {
    if (window.firstPicture === undefined && document.querySelectorAll('#figure svg rect').length >= 24) {
      window.firstPicture = performance.now()
    }
  }
  new MutationObserver(look).observe(document, {childList: true, subtree: true})
}

/** Each file once, from the build's own folder. */
const texts = (urls) =>
  Promise.all(
    [...new Set(urls.map((url) => new URL(url).pathname))].map((path) =>
      readFile(join(root, path.replace(/^\/_next\//, '.next/')))
    )
  )

async function answer(address) {
  for (let tries = 0; tries < 300; tries++) {
    const there = await fetch(address, {method: 'HEAD'}).then(
      () => true,
      () => false
    )
    if (there) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`the built app did not answer at ${address} within a minute`)
}
