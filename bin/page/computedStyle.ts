import type {PageElement} from './pageElement'
import {heavier, partsBetween, selects} from './selector'
import type {StyleRule} from './styleSheet'

/** How an element looks, as far as a picture tells. */
export interface ComputedStyle {
  readonly display: string
  readonly visibility: string
  readonly opacity: string
  getPropertyValue(name: string): string
}

type Values = ReadonlyMap<string, string>

/**
 * How elements look by these rules, after the cascade of CSS: attributes of SVG first, then rules by weight and place,
 * then what an element says of itself; what is inherited comes from above. Each element is asked for once it stands.
 */
export function computedStyles(rules: readonly StyleRule[]): (element: PageElement) => ComputedStyle {
  const known = new WeakMap<PageElement, Values>()
  const valuesOf = (element: PageElement): Values => {
    const had = known.get(element)
    if (had) return had
    const above = element.parentElement ? valuesOf(element.parentElement) : null
    const values = cascaded(rules, element, above)
    known.set(element, values)
    return values
  }
  return (element) => {
    const values = valuesOf(element)
    const getPropertyValue = (name: string) => values.get(name) ?? ''
    const [display, visibility, opacity] = ['display', 'visibility', 'opacity'].map(getPropertyValue)
    return {display: display!, visibility: visibility!, opacity: opacity!, getPropertyValue}
  }
}

/** Those that go down, as SVG 2 and CSS begin them. */
const inherited: Readonly<Record<string, string>> = {
  fill: 'rgb(0, 0, 0)',
  'fill-opacity': '1',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-opacity': '1',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'paint-order': 'normal',
  'shape-rendering': 'auto',
  'text-anchor': 'start',
  'font-family': 'serif',
  'font-size': '16px',
  'font-weight': '400',
  visibility: 'visible'
}
const own: Readonly<Record<string, string>> = {display: 'inline', opacity: '1'}

function cascaded(rules: readonly StyleRule[], element: PageElement, above: Values | null): Values {
  const declared = declaredOf(rules, element)
  const values = new Map(Object.entries(own))
  for (const [name, value] of Object.entries(inherited)) values.set(name, above?.get(name) ?? value)
  if (above) for (const [name, value] of above) if (name.startsWith('--')) values.set(name, value)
  const resolved = (text: string): string =>
    withVariables(text, (name) => ownVariable(name) ?? values.get(name) ?? null)
  const ownVariable = (name: string): string | null => {
    const value = declared.get(name)
    return value === undefined ? null : resolved(value)
  }
  for (const [name, value] of declared) {
    if (name.startsWith('--')) values.set(name, resolved(value))
    else if (name in inherited || name in own) {
      const said = written(name, resolved(value))
      if (said !== 'inherit') values.set(name, said)
    }
  }
  return values
}

/** What is said of an element; the last word of each name. */
function declaredOf(rules: readonly StyleRule[], element: PageElement): Values {
  const declared = new Map<string, string>()
  for (const {name, value} of element.attributes) if (name in inherited || name in own) declared.set(name, value)
  const meant = rules
    .filter(({selector}) => selects(selector, element))
    // Stable: of those that weigh the same, the later counts.
    .sort((a, b) => heavier(a.selector.weight, b.selector.weight))
  for (const {declarations} of meant) for (const [name, value] of declarations) declared.set(name, value)
  for (const [name, value] of element.style.declared) declared.set(name, value)
  return declared
}

/** Puts values in the place of `var(--name, else)`; nothing where there is neither. */
function withVariables(text: string, variable: (name: string) => string | null): string {
  const start = text.indexOf('var(')
  if (start < 0) return text
  let depth = 0
  let end = start + 3
  do {
    if (text[end] === '(') depth++
    if (text[end] === ')') depth--
    end++
  } while (depth > 0 && end < text.length)
  const [name = '', ...rest] = partsBetween(text.slice(start + 4, end - 1), ',')
  const value = variable(name.trim()) ?? withVariables(rest.join(',').trim(), variable)
  return `${text.slice(0, start)}${value}${withVariables(text.slice(end), variable)}`
}

/** As a browser writes it: keywords in small letters, numbers without idle digits, dashes with commas. */
function written(name: string, value: string): string {
  if (name === 'font-family') return value
  if (name === 'stroke-dasharray' && value !== 'none') return value.split(/[\s,]+/).join(', ')
  if (/url\(/.test(value)) return value
  return /^-?[\d.]+$/.test(value) ? String(Number(value)) : value.toLowerCase()
}
