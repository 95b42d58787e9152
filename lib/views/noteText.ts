/** A stretch of a line. */
export type NoteInline =
  | {readonly kind: 'text' | 'code'; readonly text: string}
  | {readonly kind: 'strong' | 'em'; readonly parts: readonly NoteInline[]}
  /** `host` is where it leads, said beside words that could say anything; null where the words are the address. */
  | {readonly kind: 'link'; readonly href: string; readonly host: string | null; readonly parts: readonly NoteInline[]}

/** A paragraph, a list or lines of code. */
export type NoteBlock =
  | {readonly kind: 'paragraph'; readonly parts: readonly NoteInline[]}
  | {readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly NoteInline[])[]}
  | {readonly kind: 'code'; readonly text: string}

/** Emphasis within emphasis, at most. */
const deepest = 4

/**
 * The Markdown of a note as a tree: paragraphs, lists, code, emphasis and links to http and https; everything else,
 * HTML too, is text as it was typed. What cannot be seen is left out of it.
 */
export function noteBlocks(markdown: string): readonly NoteBlock[] {
  const lines = visibleLines(markdown).split('\n')
  const blocks: NoteBlock[] = []
  for (let at = 0; at < lines.length; ) {
    const {block, next} = blockAt(lines, at)
    if (block) blocks.push(block)
    at = next
  }
  return blocks
}

/** A note in one line of plain words, for those who hear it or see no more of it. */
export function noteWords(markdown: string): string {
  const words = (parts: readonly NoteInline[]): string =>
    parts.map((part) => ('text' in part ? part.text : words(part.parts))).join('')
  const text = noteBlocks(markdown).map((block) => {
    if (block.kind === 'code') return block.text
    return block.kind === 'list' ? block.items.map(words).join('; ') : words(block.parts)
  })
  return text.join(' ').replace(/\s+/g, ' ').trim()
}

// Joiners belong to words of scripts that join, and to emoji; everywhere else they hide.
const joined =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}])[\u200c\u200d]+/gu
// Control, direction, zero-width and private characters, fillers, and halves of characters.
const unseen =
  /(?![\n\u200c\u200d])(?:[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\u2028\u2029\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5)/gu
// More marks on one letter than any script has would climb over the lines beside it.
const heaped = /(\p{M}{4})\p{M}+/gu

/** A note's lines as they were typed, without anything that cannot be seen or that turns what follows. */
export const visibleLines = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(/\t/g, '  ').replace(unseen, '').replace(joined, '').replace(heaped, '$1')

const fence = /^ {0,3}```/
const bullet = /^ {0,3}[-*+] +(.*)$/
const number = /^ {0,3}\d{1,9}[.)] +(.*)$/

function blockAt(lines: readonly string[], at: number): {block: NoteBlock | null; next: number} {
  const line = lines[at]!
  if (line.trim() === '') return {block: null, next: at + 1}
  if (fence.test(line)) return codeAt(lines, at + 1)
  for (const [item, ordered] of [
    [bullet, false],
    [number, true]
  ] as const) {
    if (item.test(line)) return listAt(lines, at, item, ordered)
  }
  let next = at + 1
  while (next < lines.length && isText(lines[next]!)) next++
  const text = lines
    .slice(at, next)
    .map((one) => one.trim())
    .join('\n')
  return {block: {kind: 'paragraph', parts: inlines(text)}, next}
}

const isText = (line: string) => line.trim() !== '' && !fence.test(line) && !bullet.test(line) && !number.test(line)

function codeAt(lines: readonly string[], from: number): {block: NoteBlock; next: number} {
  let end = from
  while (end < lines.length && !fence.test(lines[end]!)) end++
  return {block: {kind: 'code', text: lines.slice(from, end).join('\n')}, next: end + 1}
}

function listAt(
  lines: readonly string[],
  at: number,
  item: RegExp,
  ordered: boolean
): {block: NoteBlock; next: number} {
  const items: string[] = []
  let next = at
  for (; next < lines.length; next++) {
    const [, text] = item.exec(lines[next]!) ?? []
    if (text !== undefined) items.push(text)
    // A line that is moved in goes on with the item above.
    else if (/^ {2,}\S/.test(lines[next]!) && isText(lines[next]!)) items.push(`${items.pop()}\n${lines[next]!.trim()}`)
    else break
  }
  return {block: {kind: 'list', ordered, items: items.map((text) => inlines(text))}, next}
}

/** What begins at a place of a line, and where it ends. */
interface Found {
  readonly part: NoteInline
  readonly end: number
}

function inlines(text: string, depth = 0): readonly NoteInline[] {
  const parts: NoteInline[] = []
  let plain = ''
  const settle = () => {
    if (plain !== '') parts.push({kind: 'text', text: plain})
    plain = ''
  }
  for (let at = 0; at < text.length; ) {
    if (text[at] === '\\' && /[\\`*_[\]()<>#+.!-]/.test(text[at + 1] ?? '')) {
      plain += text[at + 1]
      at += 2
      continue
    }
    const found = inlineAt(text, at, depth)
    if (!found) {
      plain += text[at++]
      continue
    }
    settle()
    parts.push(found.part)
    at = found.end
  }
  settle()
  return parts
}

function inlineAt(text: string, at: number, depth: number): Found | null {
  const mark = text[at]
  if (mark === '`') return codeIn(text, at)
  if (mark === 'h' && !/[\w:/@.-]/.test(text[at - 1] ?? '')) return addressIn(text, at)
  if (depth >= deepest) return null
  if (mark === '[') return linkIn(text, at, depth)
  if (mark !== '*' && mark !== '_') return null
  return (text[at + 1] === mark ? emphasisIn(text, at, mark + mark, depth) : null) ?? emphasisIn(text, at, mark, depth)
}

function codeIn(text: string, at: number): Found | null {
  const end = text.indexOf('`', at + 1)
  return end > at + 1 ? {part: {kind: 'code', text: text.slice(at + 1, end)}, end: end + 1} : null
}

function emphasisIn(text: string, at: number, mark: string, depth: number): Found | null {
  const start = at + mark.length
  if (/[\s*_]/.test(text[start] ?? ' ')) return null
  // A name_with_underscores is a name.
  if (mark[0] === '_' && /\w/.test(text[at - 1] ?? '')) return null
  let end = text.indexOf(mark, start + 1)
  while (end >= 0 && !closes(text, end, mark)) end = text.indexOf(mark, end + 1)
  if (end < 0) return null
  const parts = inlines(text.slice(start, end), depth + 1)
  return {part: {kind: mark.length === 2 ? 'strong' : 'em', parts}, end: end + mark.length}
}

function closes(text: string, at: number, mark: string): boolean {
  if (/\s/.test(text[at - 1]!)) return false
  if (mark.length === 1 && (text[at + 1] === mark || text[at - 1] === mark)) return false
  return mark[0] !== '_' || !/\w/.test(text[at + mark.length] ?? '')
}

function linkIn(text: string, at: number, depth: number): Found | null {
  const middle = text.indexOf('](', at)
  const end = middle < 0 ? -1 : text.indexOf(')', middle)
  if (end < 0 || text.slice(at + 1, middle).includes('[')) return null
  const address = safeAddress(text.slice(middle + 2, end).trim())
  if (!address || middle === at + 1) return null
  // No link within a link.
  const parts = inlines(text.slice(at + 1, middle), deepest).map((part) =>
    part.kind === 'link' ? ({kind: 'text', text: part.href} as const) : part
  )
  return depth > deepest ? null : {part: {kind: 'link', href: address.href, host: address.host, parts}, end: end + 1}
}

function addressIn(text: string, at: number): Found | null {
  const [typed] = /^https?:\/\/[^\s<>"'`)\]]+/.exec(text.slice(at)) ?? []
  const bare = typed?.replace(/[.,;:!?*_]+$/, '')
  const address = bare === undefined ? null : safeAddress(bare)
  if (!bare || !address) return null
  // As the browser will read it: a host in other letters is then seen to be one.
  const part = {kind: 'link', href: address.href, host: null, parts: [{kind: 'text', text: address.href}]} as const
  return {part, end: at + bare.length}
}

/** An address of the web without a name or password in it, which could pass for a host; null for any other. */
function safeAddress(typed: string): URL | null {
  if (!/^https?:\/\//i.test(typed) || /\s/.test(typed) || !URL.canParse(typed)) return null
  const url = new URL(typed)
  const web = url.protocol === 'http:' || url.protocol === 'https:'
  return web && url.username === '' && url.password === '' ? url : null
}
