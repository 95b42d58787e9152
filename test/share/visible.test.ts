import {expect, it} from 'vitest'
import {encodeRecord, wholePlan} from '@/lib/share/record'
import {visible, visibleLine} from '@/lib/share/visible'
import {readShared} from '@/lib/state/shared'
import {everyPart, example} from './explanations'

const hidden = ['\u202E', '\u2066', '\u200B', '\uFEFF', '\u0000', '\u2028', '\u{E0041}']

it('a line has no character that cannot be seen or that turns what follows', () => {
  for (const character of hidden) expect(visibleLine(`layer${character}7`)).toMatch(/^layer ?7$/)
})

it('an explanation that says nothing hidden is left as it is, numbers and all', () => {
  const explanation = everyPart()
  expect(visible(explanation)).toEqual(explanation)
})

it('what is opened from elsewhere hides no character in any of its texts, wherever it stands', async () => {
  const trick = `a${hidden.join('b')}c`
  const digits = example('digits')
  const hostile = {
    ...digits,
    axes: {...digits.axes!, rowName: trick, colName: trick},
    finding: {...digits.finding, title: trick, caveat: trick},
    model: {...digits.model, title: trick, at: trick, unused: [trick], classes: digits.model.classes!.map(() => trick)},
    caveats: [{id: 'geometry', text: trick} as const],
    samples: digits.samples.map((sample) => ({...sample, name: trick})),
    provenance: {...digits.provenance, checkpoint: {...digits.provenance.checkpoint, name: trick}}
  }
  const bytes = await encodeRecord({explanation: hostile, view: null, plan: wholePlan})
  const {record} = await readShared(bytes, 'link')
  const texts: string[] = []
  JSON.stringify(record.explanation, (_, value: unknown) => {
    if (typeof value === 'string') texts.push(value)
    return value
  })
  expect(texts.filter((text) => /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text))).toEqual([])
  expect(record.explanation.finding.title).toMatch(/^ab/)
})
