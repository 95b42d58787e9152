/** What a selector asks of an element. */
export interface Selectable {
  readonly localName: string
  readonly ownerDocument: {readonly documentElement: unknown}
  readonly parentElement: Selectable | null
  readonly previousElementSibling: Selectable | null
  readonly classList: {contains(name: string): boolean}
  hasAttribute(name: string): boolean
  getAttribute(name: string): string | null
}

type Test = (element: Selectable, scope: Selectable) => boolean
type Weight = readonly [ids: number, classes: number, types: number]

/** What an element is asked, and how it stands to the one before. */
interface Step {
  readonly test: Test
  readonly after: '' | ' ' | '>' | '+'
}

/** One selector without commas. */
export interface Selector {
  readonly steps: readonly Step[]
  /** CSS calls it specificity. */
  readonly weight: Weight
}

/**
 * Reads a list of selectors as style sheets and drawings here write them: types, classes, ids, attributes, `:is`, `:not`,
 * `:scope`, `:root`, `:first-child`, descendants, children and next siblings. Any other pseudo-class is a state that
 * nothing on paper is in, and matches nothing.
 */
export function selectorsOf(text: string): readonly Selector[] {
  const known = read.get(text)
  if (known) return known
  const selectors = partsBetween(text, ',').map(selectorOf)
  read.set(text, selectors)
  return selectors
}

const read = new Map<string, readonly Selector[]>()

/** Whether an element is one that a selector means; `:scope` is `scope`. */
export const selects = ({steps}: Selector, element: Selectable, scope: Selectable = element): boolean =>
  reaches(steps, steps.length - 1, element, scope)

function reaches(steps: readonly Step[], at: number, element: Selectable, scope: Selectable): boolean {
  const {test, after} = steps[at]!
  if (!test(element, scope)) return false
  if (after === '') return true
  if (after === '+') {
    const beside = element.previousElementSibling
    return beside !== null && reaches(steps, at - 1, beside, scope)
  }
  for (let above = element.parentElement; above; above = after === '>' ? null : above.parentElement) {
    if (reaches(steps, at - 1, above, scope)) return true
  }
  return false
}

const combinator = /\s*([>+])\s*|\s+/y
const simple = /\*|[.#]?-?[a-zA-Z_][\w-]*|\[([\w-]+)(?:=(?:"([^"]*)"|([\w-]+)))?\]|::?([\w-]+)/y

function selectorOf(text: string): Selector {
  const from = text.trim()
  const steps: Step[] = []
  let weight: Weight = [0, 0, 0]
  let tests: Test[] = []
  let after: Step['after'] = ''
  let at = 0
  const close = () => {
    const all = tests
    steps.push({test: (element, scope) => all.every((test) => test(element, scope)), after})
    tests = []
  }
  while (at < from.length) {
    combinator.lastIndex = at
    const between = combinator.exec(from)
    if (between) {
      close()
      after = (between[1] as '>' | '+' | undefined) ?? ' '
      at = combinator.lastIndex
      continue
    }
    simple.lastIndex = at
    const found = simple.exec(from)
    if (!found) throw new SyntaxError(`page: the selector ${from} cannot be read at ${at}`)
    at = simple.lastIndex
    const inside = found[4] !== undefined && from[at] === '(' ? insideOf(from, at) : null
    if (inside !== null) at += inside.length + 2
    const [test, own] = found[4] === undefined ? plainTest(found) : stateTest(found[4], inside)
    tests.push(test)
    weight = sum(weight, own)
  }
  close()
  return {steps, weight}
}

function plainTest([text, attribute, quoted, bare]: RegExpExecArray): readonly [Test, Weight] {
  if (attribute !== undefined) {
    const value = quoted ?? bare
    const test: Test = (element) =>
      value === undefined ? element.hasAttribute(attribute) : element.getAttribute(attribute) === value
    return [test, [0, 1, 0]]
  }
  const name = text.slice(1)
  if (text[0] === '.') return [(element) => element.classList.contains(name), [0, 1, 0]]
  if (text[0] === '#') return [(element) => element.getAttribute('id') === name, [1, 0, 0]]
  if (text === '*') return [() => true, [0, 0, 0]]
  return [(element) => element.localName === text, [0, 0, 1]]
}

function stateTest(name: string, inside: string | null): readonly [Test, Weight] {
  if ((name === 'is' || name === 'not') && inside !== null) {
    const among = selectorsOf(inside)
    const weight = among.map((selector) => selector.weight).reduce((most, own) => (heavier(own, most) > 0 ? own : most))
    const any: Test = (element, scope) => among.some((selector) => selects(selector, element, scope))
    return [name === 'is' ? any : (element, scope) => !any(element, scope), weight]
  }
  const states: Readonly<Record<string, Test>> = {
    scope: (element, scope) => element === scope,
    root: (element) => element.ownerDocument.documentElement === element,
    'first-child': (element) => element.parentElement !== null && element.previousElementSibling === null
  }
  return [states[name] ?? (() => false), [0, 1, 0]]
}

/** What stands in parentheses, `at` the first of them. */
function insideOf(text: string, at: number): string {
  let depth = 0
  for (let i = at; i < text.length; i++) {
    if (text[i] === '(') depth++
    if (text[i] === ')' && --depth === 0) return text.slice(at + 1, i)
  }
  throw new SyntaxError(`page: ${text} has no end to its parentheses`)
}

/** Cuts a text at a letter where it stands outside of parentheses and quotation marks. */
export function partsBetween(text: string, letter: string): string[] {
  const parts: string[] = []
  let [depth, start, quote] = [0, 0, '']
  for (let i = 0; i < text.length; i++) {
    const here = text[i]!
    if (quote) quote = here === quote ? '' : quote
    else if (here === '"' || here === "'") quote = here
    else if (here === '(' || here === '[') depth++
    else if (here === ')' || here === ']') depth--
    else if (here === letter && depth === 0) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  return [...parts, text.slice(start)]
}

const sum = (a: Weight, b: Weight): Weight => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]

/** Above 0 where the first weighs more. */
export const heavier = (a: Weight, b: Weight): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
