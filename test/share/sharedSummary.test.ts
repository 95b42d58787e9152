import {readFileSync} from 'node:fs'
import {createElement} from 'react'
import {renderToStaticMarkup} from 'react-dom/server'
import {describe, expect, it} from 'vitest'
import {SharedPage} from '@/components/shared/SharedPage'
import {decodeExplanation} from '@/lib/explain/json'
import {sharedSummary, visibleText} from '@/lib/share/sharedSummary'
import type {Note} from '@/lib/views/note'
import {boards, spectrograms} from '../fixtures/planes'

const digits = decodeExplanation(readFileSync('public/examples/digits/explanation.json', 'utf8'))

describe('the words of a shared explanation', () => {
  it('are its finding, what it is of, its ranking from the first on, its caveats and its files', () => {
    const summary = sharedSummary(digits)
    expect(summary.title).toBe(digits.finding.title)
    expect(summary.description).toMatch(
      /^Density attention over layers, 4 heads, 12 layers × 64 features, 100 inputs\./
    )
    expect(summary.rows.map(([rank]) => Number(rank))).toEqual(
      digits.layers.map(({rank}) => rank).sort((a, b) => a - b)
    )
    const first = digits.layers.find(({rank}) => rank === 1)!
    expect(summary.rows[0]!.slice(1, 4)).toEqual([
      String(first.layer + 1),
      String(first.head + 1),
      first.importance.toFixed(3)
    ])
    expect(summary.files.map(({sha256}) => sha256)).toContain(digits.provenance.checkpoint.sha256)
  })

  it('show the first fifty rows of many, and say how many are left', () => {
    const layers = Array.from({length: 80}, (_, i) => ({...digits.layers[0]!, layer: i, rank: i + 1}))
    expect(sharedSummary({...digits, layers})).toMatchObject({rows: {length: 50}, more: 30})
  })

  it.each([
    ['a\u202Egnp.exe', 'agnp.exe'],
    ['pass\u200Bword\u2066x\u2069', 'passwordx'],
    ['one\r\n\ttwo', 'one two'],
    ['\u0000\u0007bell', 'bell'],
    ['Größe × 2 日本', 'Größe × 2 日本'],
    ['x'.repeat(400), `${'x'.repeat(299)}…`]
  ])('read as they are written: %j', (text, seen) => {
    expect(visibleText(text)).toBe(seen)
  })

  it.each(['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '<svg onload=alert(1)>'])(
    'stay words on the page: %s',
    (hostile) => {
      const summary = sharedSummary({
        ...digits,
        axes: {...digits.axes!, rowName: hostile},
        finding: {...digits.finding, title: hostile, caveat: hostile},
        caveats: [{id: 'geometry', text: hostile}],
        provenance: {...digits.provenance, checkpoint: {...digits.provenance.checkpoint, name: hostile}}
      })
      const html = renderToStaticMarkup(
        createElement(SharedPage, {summary, file: '/api/explanations/x', until: '2030-04-01'})
      )
      expect(html.match(/&lt;(script|img|svg)/g)).toHaveLength(6)
      expect(html).not.toMatch(/<(script|img|svg)/)
      expect(html).not.toContain('style=')
    }
  )

  it('hide no character, whichever text has one', () => {
    const trick = 'a\u202Eb\u200Bc'
    const summary = sharedSummary({
      ...digits,
      axes: {...digits.axes!, rowName: trick, colName: trick},
      model: {...digits.model, title: trick},
      finding: {title: trick, caveat: trick, strong: null},
      caveats: [{id: 'geometry', text: trick}],
      provenance: {...digits.provenance, checkpoint: {...digits.provenance.checkpoint, name: trick}}
    })
    expect(JSON.stringify(summary)).not.toMatch(/[\u202E\u200B]/)
    expect(summary.columns[1]).toBe('Abc')
  })
  it('list what was edited and what was noted, in words that hide nothing and bring no element', () => {
    const notes: Note[] = [
      {at: {on: 'cell', layer: 4, feature: 16}, text: '**Peaks** here\n\n- see [this](https://example.org)'},
      {at: {on: 'sample', sample: 2}, text: '<img src=x onerror=alert(1)>\u202Egnp\u2066.exe\u200B'}
    ]
    const edits = [{kind: 'mask', of: 'layer', index: 4} as const]
    const summary = sharedSummary(digits, {notes, shownAs: {edits, over: null, version: null}})
    expect(summary.edits).toEqual(['Layer 5: masked, so that it reaches no prediction'])
    expect(summary.notes).toEqual([
      {place: 'Layer 5, feature 17', text: 'Peaks here see this'},
      {place: 'Input 3', text: '<img src=x onerror=alert(1)>gnp.exe'}
    ])
    const html = renderToStaticMarkup(createElement(SharedPage, {summary, file: '/f', until: '2030-01-01'}))
    expect(html).toContain('<h2>Edited by hand</h2>')
    expect(html).toContain('<dt dir="auto">Layer 5, feature 17</dt><dd dir="auto">Peaks here see this</dd>')
    expect(html).not.toMatch(/<(script|img|svg)/)
  })

  it('say how many edits and notes there was no room for', () => {
    const note: Note = {at: {on: 'figure'}, text: 'a'}
    const summary = sharedSummary(digits, {notes: Array.from({length: 60}, () => note)})
    expect(summary).toMatchObject({notes: {length: 50}, edits: [], moreBeside: 10})
  })
})

it('words on attention over places count no heads, name the rows, and carry what is measured of them', async () => {
  const hops = sharedSummary(await boards())
  expect(hops.description).toMatch(/^Stacked latent attention, 3 hops × 15 regions, 8 inputs\./)
  expect(hops.columns).toEqual([
    'Rank',
    'Hop',
    'Importance Factor',
    '95 % interval',
    'Untrained',
    'Learned',
    'Entropy of attention, bits'
  ])
  for (const row of hops.rows) expect(row).toHaveLength(hops.columns.length)
  const blocks = sharedSummary(await spectrograms())
  expect(blocks.rows.map(([, name]) => name)).toContain('2, stage 1, block 2, deformable')
})
