import fc from 'fast-check'
import {expect, it} from 'vitest'
import {mostNoteCharacters} from '@/lib/views/note'
import {type NoteInline, noteBlocks, noteWords} from '@/lib/views/noteText'

/** The tree in brackets: what is emphasised, listed, linked. */
function drawn(markdown: string): string {
  const inline = (parts: readonly NoteInline[]): string =>
    parts
      .map((part) => {
        if ('text' in part) return part.kind === 'code' ? `{${part.text}}` : part.text
        const within = inline(part.parts)
        if (part.kind === 'link') return `<${within}|${part.href}|${part.host ?? ''}>`
        return part.kind === 'strong' ? `[[${within}]]` : `[${within}]`
      })
      .join('')
  return noteBlocks(markdown)
    .map((block) => {
      if (block.kind === 'code') return `{{${block.text}}}`
      if (block.kind === 'paragraph') return inline(block.parts)
      return block.items.map((item) => `${block.ordered ? '1' : '-'} ${inline(item)}`).join(' ')
    })
    .join(' / ')
}

it.each([
  ['plain words', 'plain words'],
  ['one\ntwo\n\nthree', 'one\ntwo / three'],
  ['*em* and _em_, **strong** and __strong__', '[em] and [em], [[strong]] and [[strong]]'],
  ['**strong with *em* in it**', '[[strong with [em] in it]]'],
  ['`a * b` and **`c`**', '{a * b} and [[{c}]]'],
  ['2 * 3 * 4, snake_case_name, a*', '2 * 3 * 4, snake_case_name, a*'],
  ['\\*not em\\*', '*not em*'],
  ['- one\n- two\n  and more\n\n1. first\n2. second', '- one - two\nand more / 1 first 1 second'],
  ['```\n<b>*as is*</b>\n```\nafter', '{{<b>*as is*</b>}} / after'],
  ['[the paper](https://arxiv.org/abs/2401.11143)', '<the paper|https://arxiv.org/abs/2401.11143|arxiv.org>'],
  [
    'See https://arxiv.org/abs/2401.11143.',
    'See <https://arxiv.org/abs/2401.11143|https://arxiv.org/abs/2401.11143|>.'
  ],
  ['# no heading, > no quote', '# no heading, > no quote']
])('%s', (markdown, tree) => {
  expect(drawn(markdown)).toBe(tree)
})

it.each([
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert`1`)',
  '[a](java\nscript:alert(1))',
  '[a](data:text/html,<script>alert(1)</script>)',
  '[a](vbscript:x)',
  '[a](//evil.example)',
  '[a](/e/other)',
  '[a](blob:https://x.example/1)',
  '[a](https://bank.example@evil.example/)',
  '[a](https://user:word@evil.example/)',
  '[a](https://)',
  'javascript:alert(1)'
])('%s is no link', (markdown) => {
  expect(JSON.stringify(noteBlocks(markdown))).not.toContain('"link"')
})

it('a host in other letters is shown as what it is', () => {
  // A Cyrillic а.
  expect(drawn('https://аpple.com')).toBe('<https://xn--pple-43d.com/|https://xn--pple-43d.com/|>')
  expect(drawn('[apple.com](https://аpple.com)')).toBe('<apple.com|https://xn--pple-43d.com/|xn--pple-43d.com>')
})

it('an address as the words of a link leads where the link does, and that is said', () => {
  expect(drawn('[https://bank.example](https://evil.example)')).toBe(
    '<https://bank.example/|https://evil.example/|evil.example>'
  )
})

it.each([
  ['a direction', 'safe\u202egpj.exe', 'safegpj.exe'],
  ['isolates', '\u2066a\u2069', 'a'],
  ['no width', 'pass\u200b\u2060\ufeffword', 'password'],
  ['a joiner between letters that do not join', 'ad\u200dmin', 'admin'],
  ['tags', 'a\u{e0041}\u{e0042}', 'a'],
  ['control characters', 'a\u0000\u0008\u009bb', 'ab'],
  ['line separators', 'a\u2028b', 'ab'],
  ['half a character', 'a\ud800b', 'ab'],
  ['heaps of marks', `a${'\u0301'.repeat(50)}`, `a${'\u0301'.repeat(4)}`]
])('%s cannot hide', (_, typed, seen) => {
  expect(noteWords(typed)).toBe(seen)
})

it('joiners stay in the words and emoji that need them', () => {
  for (const text of ['می\u200cخواهم', '👩\u200d💻', 'क्\u200dष']) expect(noteWords(text)).toBe(text)
})

it('any text gives a tree with nothing unseen in it and no link but to the web', () => {
  const piece = fc.constantFrom(
    '*',
    '**',
    '_',
    '`',
    '```',
    '[',
    '](',
    ')',
    '\n',
    '- ',
    'https://a.example/',
    ' ',
    'javascript:'
  )
  const text = fc.oneof(
    fc.string({unit: 'binary', maxLength: 200}),
    fc.array(fc.oneof(piece, fc.string({maxLength: 4})), {maxLength: 60}).map((pieces) => pieces.join(''))
  )
  fc.assert(
    fc.property(text, (markdown) => {
      const visit = (part: NoteInline): void => {
        if (part.kind === 'link') expect(part.href).toMatch(/^https?:\/\//)
        if ('parts' in part) part.parts.forEach(visit)
        else expect(part.text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\ufeff]|(?!\n)\p{Cc}/u)
      }
      for (const block of noteBlocks(markdown)) {
        if (block.kind === 'paragraph') block.parts.forEach(visit)
        if (block.kind === 'list') block.items.flat().forEach(visit)
      }
    }),
    {numRuns: 300}
  )
})

it.each(['*', '**', '_', '`', '[', '[](', '\\', '*a ', '**a*', '[a](https://a.example) ', '- ', '![', '<'])(
  'the longest note of nothing but %s is read at once',
  (piece) => {
    const began = performance.now()
    noteBlocks(piece.repeat(Math.ceil(mostNoteCharacters / piece.length)))
    expect(performance.now() - began).toBeLessThan(1000)
  }
)
