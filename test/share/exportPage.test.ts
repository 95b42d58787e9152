import {createHash} from 'node:crypto'
import {beforeAll, describe, expect, it} from 'vitest'
import type {Explanation} from '@/lib/explain/explanation'
import type {SamplingPoints} from '@/lib/models/family'
import {htmlFile, type Standalone} from '@/lib/share/exportHtml'
import {exportLabel} from '@/lib/share/exportLabel'
import {exportPage} from '@/lib/share/exportPage'
import {type PageInput, pageInputBytes, readPageInputs} from '@/lib/share/pageInputs'
import {decodeRecord} from '@/lib/share/record'
import {packStandalone} from '../../scripts/standalone.mjs'
import {points} from '../fixtures/planes'
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

describe('single inputs in a page', () => {
  const map = (fill: number) => ({rows: 2, cols: 3, values: Float32Array.of(0, fill, 0.5, 1, 0.25, 2)})

  it('read back as they were written, each map within half a step of what it was', () => {
    const inputs = [
      {index: 3, question: 'is 7 above 9 ?', map: map(1), points: []},
      {index: 9, question: null, map: null, points: []},
      {index: 11, question: null, map: map(1.3), points: []}
    ]
    const read = readPageInputs(pageInputBytes(inputs))
    expect(read.map(({index, question}) => [index, question])).toEqual([
      [3, 'is 7 above 9 ?'],
      [9, null],
      [11, null]
    ])
    expect(read[1]!.map).toBeNull()
    for (const [i, value] of read[2]!.map!.values.entries()) {
      expect(Math.abs(value - map(1.3).values[i]!)).toBeLessThanOrEqual(2 / 65_535 / 2 + 1e-7)
    }
  })

  it('read back with where they sample, each number within half a step of what it was', () => {
    const grouped: SamplingPoints = {
      grid: [2, 3],
      query: 5,
      groups: 2,
      reference: Float32Array.of(0.25, 0.5),
      sampled: Float32Array.of(0.3, 0.45, -0.125, 1.5),
      attention: Float32Array.of(1, 0.5, 0.75, 0)
    }
    const inputs = [
      {index: 0, question: null, map: map(1), points: [{row: 1, column: 17, found: points}]},
      {index: 1, question: null, map: null, points: []},
      {
        index: 2,
        question: null,
        map: map(1),
        points: [
          {row: 1, column: 3, found: grouped},
          {row: 300, column: 200, found: points}
        ]
      }
    ]
    const near = (values: Float32Array) =>
      [...values].map((value) => expect.closeTo(value, -Math.log10(2 * (1.625 / 65_535 / 2 + 1e-7))))
    const expected = inputs.map((input) =>
      input.points.map(({found, ...place}) => ({
        ...place,
        found: {
          ...found,
          reference: near(found.reference),
          sampled: near(found.sampled),
          attention: near(found.attention)
        }
      }))
    )
    const read = readPageInputs(pageInputBytes(inputs)).map((input) =>
      input.points.map(({found, ...place}) => ({
        ...place,
        found: {
          ...found,
          reference: [...found.reference],
          sampled: [...found.sampled],
          attention: [...found.attention]
        }
      }))
    )
    expect(read).toEqual(expected)
  })

  it('are refused where numbers are missing, or more than their sizes say', () => {
    const bytes = pageInputBytes([{index: 0, question: null, map: map(1), points: []}])
    bytes[1] = 5
    expect(() => readPageInputs(bytes)).toThrow(/found 6 numbers of single inputs; needed 15/)
    const pointed = [{row: 0, column: 0, found: points}]
    const whole = pageInputBytes([{index: 0, question: null, map: null, points: pointed}])
    // Behind the input and its map, of no numbers, stands 1 place: row, column, grid, query and groups, then its points.
    const at = 15
    expect(whole[at]).toBe(points.reference.length / 2)
    for (const [count, refused] of [
      [3, /found \d+ numbers of sampling points; needed \d+/],
      [1, /numbers of sampling points too many/]
    ] as const) {
      const damaged = whole.slice()
      damaged[at] = count
      expect(() => readPageInputs(damaged)).toThrow(refused)
    }
  })

  it('have a place in a page only where some came along, which nothing they ask can leave', async () => {
    const board = example('reasoning')
    const label = exportLabel(board, {date})
    const page = async (question: string | null) =>
      (
        await exportPage(
          {explanation: board, view},
          label,
          standalone,
          question === null ? [] : [{index: 0, question, map: null, points: []}]
        )
      ).html
    expect(wordsOf(await page(null))).not.toMatch(/id="inputs"|plane-input"/)
    const html = await page('</script><script>alert(1)</script>')
    expect(wordsOf(html)).toMatch(/id="inputs">[A-Za-z0-9+/=]+<\/script>/)
    expect(wordsOf(html)).toContain('class="plane-input"')
    expect(html).not.toContain('alert(1)')
  })

  it('offer their points to be looked at only where some came along with points', async () => {
    const words = example('words')
    const page = async (points: PageInput['points']) =>
      (
        await exportPage({explanation: words, view}, exportLabel(words, {date}), standalone, [
          {index: 0, question: null, map: null, points}
        ])
      ).html
    const offered = /role="radiogroup" aria-label="What is shown"|class="plane-legend plane-own"/
    expect(wordsOf(await page([]))).not.toMatch(offered)
    expect(wordsOf(await page([{row: 1, column: 0, found: points}]))).toMatch(offered)
  })
})
