import {readFileSync} from 'node:fs'
import {createElement} from 'react'
import {renderToStaticMarkup} from 'react-dom/server'
import {describe, expect, it} from 'vitest'
import {SharedPage} from '@/components/shared/SharedPage'
import {decodeExplanation} from '@/lib/explain/json'
import {sharedSummary, visibleText} from '@/lib/share/sharedSummary'

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
})
