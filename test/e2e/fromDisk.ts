import {pathToFileURL} from 'node:url'
import type {Browser, Download, Page} from '@playwright/test'

/** Saves one kind of file from the sheet of exports, which is open. */
export async function save(page: Page, title: string): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', {name: `Save ${title},`}).click()
  ])
  return download
}

/** Opens a file as a double click would, in a browser without a network. Gives what it asked for and complained of. */
export async function openFromDisk(browser: Browser, path: string) {
  const context = await browser.newContext({viewport: {width: 1280, height: 800}, offline: true})
  const page = await context.newPage()
  const asked: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() !== 'log') complaints.push(message.text())
  })
  await page.goto(pathToFileURL(path).href)
  return {page, asked, complaints, close: () => context.close()}
}
