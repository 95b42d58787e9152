import {select} from 'd3'
import {describe, expect, it} from 'vitest'
import {pageOf} from '@/bin/page/page'

const svgName = 'http://www.w3.org/2000/svg'

/** A page that holds this tree: `g.a[data-x=1] > rect + text`. */
function page(sheet = '') {
  const document = pageOf([sheet])
  const svg = document.createElementNS(svgName, 'svg')
  document.body.append(svg)
  const g = document.createElementNS(svgName, 'g')
  g.setAttribute('class', 'a b')
  g.setAttribute('data-x', '1')
  const [rect, text] = [document.createElementNS(svgName, 'rect'), document.createElementNS(svgName, 'text')]
  g.append(rect, text)
  svg.append(g)
  const look = (element: Element, name: string) =>
    document.defaultView!.getComputedStyle(element).getPropertyValue(name)
  return {document, svg, g, rect, text, look}
}

describe('a page in memory finds elements', () => {
  it.each([
    ['g', ['g']],
    ['.a.b', ['g']],
    ['g.a > text', ['text']],
    ['svg text', ['text']],
    ['svg > text', []],
    ['rect + text', ['text']],
    ['text + rect', []],
    ['[data-x]', ['g']],
    ['[data-x="1"] :is(rect, text)', ['rect', 'text']],
    ['g:not([data-x="2"])', ['g']],
    ['g:not(.b) rect, .c', []],
    [':scope > g', ['g']],
    [':scope > rect', []],
    ['rect:first-child', ['rect']],
    ['text:first-child', []],
    ['g:hover, g:focus-visible', []],
    ['*', ['g', 'rect', 'text']]
  ])('by %s', (selector, names) => {
    const {svg} = page()
    expect([...svg.querySelectorAll(selector)].map(({localName}) => localName)).toEqual(names)
  })

  it('and refuses a selector that it cannot read', () => {
    expect(() => page().svg.querySelector('g ~ rect')).toThrow('the selector g ~ rect cannot be read at')
  })
})

describe('a page in memory looks', () => {
  it('by the heavier rule, of equal ones by the later, over attributes and under its own style', () => {
    const {rect, text, look} = page('.a rect {fill: red} rect {fill: blue} text {fill: red} text {fill: blue}')
    rect.setAttribute('fill', 'green')
    expect([look(rect, 'fill'), look(text, 'fill')]).toEqual(['red', 'blue'])
    const other = page('g {opacity: 0.5}')
    ;(other.g as SVGGElement).style.setProperty('opacity', '0.25')
    expect(other.document.defaultView!.getComputedStyle(other.g).opacity).toBe('0.25')
  })

  it('by attributes where no rule speaks, and by what is inherited where nothing does', () => {
    const {svg, g, rect, look} = page('svg {fill: #123456; font: 600 14.5px / 1.3 Serif} g {opacity: .5}')
    g.setAttribute('stroke-dasharray', '3 2.50')
    expect(['fill', 'stroke-dasharray', 'font-weight', 'font-size', 'opacity'].map((name) => look(rect, name))).toEqual(
      ['#123456', '3, 2.50', '600', '14.5px', '1']
    )
    expect([look(g, 'opacity'), look(svg, 'stroke')]).toEqual(['0.5', 'none'])
  })

  it('by variables of the nearest element that has them, and by what stands in for one that is missing', () => {
    const {rect, text, look} = page(
      ':root {--ink: black; --deep: var(--ink)} g {--ink: navy} rect {fill: var(--ink)} text {fill: var(--none, var(--deep))}'
    )
    expect([look(rect, 'fill'), look(text, 'fill')]).toEqual(['navy', 'black'])
  })

  it('by nothing that depends on a screen', () => {
    const {rect, look} = page(
      '@media screen {rect {fill: red}} /* rect {fill: blue} */ @media print {rect {fill: green}}'
    )
    expect(look(rect, 'fill')).toBe('rgb(0, 0, 0)')
  })
})

describe('a page in memory is drawn on', () => {
  it('by joins that enter, move and leave, in the order of their data', () => {
    const {g} = page()
    const names = () => [...g.children].map((circle) => circle.getAttribute('id'))
    const join = (data: readonly string[]) =>
      select(g)
        .selectAll<SVGCircleElement, string>('circle')
        .data(data, (name) => name)
        .join('circle')
        .attr('id', (name) => name)
    g.replaceChildren()
    join(['a', 'b', 'c'])
    expect(names()).toEqual(['a', 'b', 'c'])
    const held = g.children[2]
    join(['d', 'c', 'a'])
    expect(names()).toEqual(['d', 'c', 'a'])
    expect(g.children[1]).toBe(held)
  })

  it('and written as XML in which no text is more than text', () => {
    const {document, svg, rect, text} = page()
    text.textContent = '</text><script>&'
    rect.setAttribute('id', '"><a\n')
    expect(new document.defaultView!.XMLSerializer().serializeToString(svg)).toBe(
      `<svg xmlns="${svgName}"><g class="a b" data-x="1"><rect id="&quot;&gt;&lt;a&#10;"/>` +
        '<text>&lt;/text&gt;&lt;script&gt;&amp;</text></g></svg>'
    )
  })
})
