import {expect, it} from 'vitest'
import {encodeRecord, wholePlan} from '@/lib/share/record'
import {editsInWords} from '@/lib/share/shownAs'
import {visible, visibleLine, visibleNotes} from '@/lib/share/visible'
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

it('a note hides no character, and keeps its lines and the joiners that its script needs', () => {
  const said = (text: string) => visibleNotes([{at: {on: 'figure'}, text}])[0]!.text
  for (const character of hidden) expect(said(`layer${character}7\n- **one**`)).toBe('layer7\n- **one**')
  expect(said('می\u200cخواهم 👩\u200d🔬')).toBe('می\u200cخواهم 👩\u200d🔬')
})

it('notes that are opened from elsewhere hide nothing, where they are read and where they are edited', async () => {
  const text = `[safe\u202Etxt.exe](https://exam\u200Bple.org)\u2066 and ${hidden.join('x')}`
  const notes = [{at: {on: 'layer', layer: 1}, text} as const]
  const edits = [{kind: 'mask', of: 'layer', index: 1} as const]
  const explanation = {...example('digits'), axes: {...example('digits').axes!, rowName: 'la\u202Eyer'}}
  const bytes = await encodeRecord({explanation, notes, shownAs: {edits, over: null, version: null}, plan: wholePlan})
  const {record} = await readShared(bytes, 'link')
  const shown = [...record.notes.map((note) => note.text), ...editsInWords(record.explanation, record.shownAs)]
  expect(shown).toEqual([
    '[safetxt.exe](https://example.org) and xxxxxx',
    'Layer 2: masked, so that it reaches no prediction'
  ])
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
