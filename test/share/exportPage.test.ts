import {createHash} from 'node:crypto'
import {beforeAll, describe, expect, it} from 'vitest'
import type {Explanation} from '@/lib/explain/explanation'
import {htmlFile, type Standalone} from '@/lib/share/exportHtml'
import {exportLabel} from '@/lib/share/exportLabel'
import {exportPage} from '@/lib/share/exportPage'
import {decodeRecord} from '@/lib/share/record'
import {packStandalone} from '../../scripts/standalone.mjs'
import {example} from './explanations'

const digits = example('digits')
const date = new Date('2026-01-02T10:00:00Z')
const view = {
  order: 'importance',
  map: 'learned',
  pinned: 4,
  pinnedFeature: null,
  solo: null,
  enlarged: null,
  window: null,
  rowWindow: null
} as const

let standalone: Standalone
beforeAll(async () => {
  standalone = await packStandalone()
})

const pageOf = async (explanation: Explanation) =>
  (await exportPage({explanation, view}, exportLabel(explanation, {date}), standalone)).html
const inner = (html: string, tag: string) => [...html.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))]
const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** What of a page is neither program nor record. */
const wordsOf = (html: string) =>
  html
    .replace(standalone.script, '')
    .replace(standalone.style, '')
    .replace(/(?<=id="record">)[^<]*/, '')

/** Every tag as it is written, but for the sentence that is described to search engines. */
const tagsOf = (html: string) =>
  wordsOf(html)
    .replace(/(?<=name="description" content=")[^"<>]*(?=">)/, '')
    .match(/<[^>]*>/g)!

/** The digits with one name for everything that a stranger can name. */
function calledAll(name: string): Explanation {
  const file = {name, size: 1, sha256: null}
  return {
    ...digits,
    model: {...digits.model, title: name, at: name, classes: [name]},
    axes: {...digits.axes!, rowName: name, colName: name},
    finding: {title: name, caveat: `${name} and more`, strong: name},
    caveats: [{id: 'geometry', text: name}],
    lint: [],
    provenance: {...digits.provenance, checkpoint: file, inputs: [file], app: name}
  }
}

describe('the program of exported pages', () => {
  it('is a classic script that asks for nothing, and a style with its fonts inside', () => {
    expect(standalone.script).not.toMatch(/\bimport\s*\(|\bimport\.meta|^\s*(import|export)\s/m)
    expect(standalone.script).not.toMatch(/\bfetch\(|XMLHttpRequest|new Worker|importScripts|sendBeacon|WebSocket/)
    expect(standalone.style).not.toMatch(/url\((?!["']?data:)|@import/)
    expect(standalone.style.match(/data:font\/woff2/g)).toHaveLength(3)
  })

  it('weighs less than 250 kB, and its style less than 250 kB', () => {
    expect(standalone.script.length).toBeLessThan(250_000)
    expect(standalone.style.length).toBeLessThan(250_000)
  })
})

describe('an exported page', () => {
  it('allows its own script and style by their hashes, and nothing else', async () => {
    const html = await pageOf(digits)
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)!
    const scripts = inner(html, 'script')
    const styles = inner(html, 'style')
    expect([scripts.length, styles.length]).toEqual([1, 1])
    expect(policy!.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${sha256(scripts[0]![1]!)}`,
      `style-src ${sha256(styles[0]![1]!)}`,
      'font-src data:',
      'img-src data: blob:',
      "base-uri 'none'",
      "form-action 'none'"
    ])
  })

  it('carries the record, with every digit and the view', async () => {
    const [, text] = /id="record">([^<]*)</.exec(await pageOf(digits))!
    const record = await decodeRecord(new Uint8Array(Buffer.from(text!, 'base64')))
    expect(record.explanation.layers).toEqual(digits.layers)
    expect(record.explanation.density).toEqual(digits.density)
    expect(record.view).toMatchObject({order: 'importance', map: 'learned', pinned: 4})
  })

  it('says without a script what it shows: finding, caveats, files, ranking', async () => {
    const html = await pageOf(digits)
    expect(html).toContain(`<h1>${digits.finding.title}</h1>`)
    expect(html).toContain(digits.provenance.checkpoint.sha256)
    expect(html.match(/<tr><td>/g)).toHaveLength(digits.layers.length)
    expect(html).toContain('<noscript>')
  })

  it.each([
    '</script><script>alert(1)</script>',
    '</title><img src=x onerror=alert(1)>',
    '"><svg onload=alert(1)>',
    "' onfocus='alert(1)",
    '<!--',
    ']]>',
    '\u202Egnp.exe\u2066',
    '&lt;b&gt;'
  ])('lets nothing in that a file is called: %s', async (hostile) => {
    const hostilePage = await pageOf(calledAll(hostile))
    expect(tagsOf(hostilePage)).toEqual(tagsOf(await pageOf(calledAll('word'))))
    expect(wordsOf(hostilePage)).not.toMatch(/[\u202E\u2066]/)
  })

  it('refuses a program that would end its own element', async () => {
    const label = exportLabel(digits, {date})
    const broken = {...standalone, script: 'x = "</script>"'}
    await expect(htmlFile({explanation: digits, record: new Uint8Array(), label, standalone: broken})).rejects.toThrow(
      RangeError
    )
  })
})
