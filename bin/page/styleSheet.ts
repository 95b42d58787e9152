import {partsBetween, type Selector, selectorsOf} from './selector'

/** One selector and what it says, in the order of the sheet. */
export interface StyleRule {
  readonly selector: Selector
  readonly declarations: readonly (readonly [name: string, value: string])[]
}

/**
 * Reads a style sheet as rules without conditions. What depends on a screen, `@media` and its like, is passed over: paper
 * is none.
 */
export function styleRules(sheet: string): readonly StyleRule[] {
  const text = sheet.replace(/\/\*[\s\S]*?\*\//g, '')
  const rules: StyleRule[] = []
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('{', at)
    const alone = text.indexOf(';', at)
    if (open < 0) break
    if (alone >= 0 && alone < open) {
      // `@import` and its like.
      at = alone + 1
      continue
    }
    const end = endOf(text, open)
    const head = text.slice(at, open).trim()
    if (!head.startsWith('@')) {
      const declarations = declarationsOf(text.slice(open + 1, end))
      for (const selector of selectorsOf(head)) rules.push({selector, declarations})
    }
    at = end + 1
  }
  return rules
}

/** Where the block ends that opens at a brace. */
function endOf(text: string, open: number): number {
  let depth = 0
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth++
    if (text[i] === '}' && --depth === 0) return i
  }
  throw new SyntaxError('page: a style sheet has no end to its braces')
}

function declarationsOf(block: string): StyleRule['declarations'] {
  return partsBetween(block, ';').flatMap((line) => {
    const colon = line.indexOf(':')
    if (colon < 0) return []
    const [name, value] = [
      line.slice(0, colon).trim(),
      line
        .slice(colon + 1)
        .trim()
        .replace(/\s+/g, ' ')
    ]
    return name === 'font' ? fontOf(value) : [[name, value] as const]
  })
}

/** `600 14.5px / 1.3 var(--serif)` → weight, size and family. */
function fontOf(value: string): StyleRule['declarations'] {
  const found = /^(?:(\d+) )?([\d.]+px)(?: ?\/ ?[\d.]+)? (.+)$/.exec(value)
  if (!found) return []
  const [, weight = '400', size, family] = found
  return [
    ['font-weight', weight],
    ['font-size', size!],
    ['font-family', family!]
  ]
}
