import {describe, expect, it} from 'vitest'
import {elementCode, embedAddress, frameCode, notebookCode, panelsIn} from '@/lib/share/embed'

describe('panels in an address', () => {
  it.each([
    ['ranking,map', ['a', 'c']],
    ['map,ranking', ['a', 'c']],
    [
      ['signal', 'Gaussians'],
      ['d', 'e']
    ],
    ['learned', ['b']]
  ])('%j are those, in the figure’s order', (asked, letters) => {
    expect(panelsIn(asked)).toEqual(letters)
  })

  it.each([undefined, '', 'everything', '<script>', [[]]].flat(1))('%j asks for none, so all are shown', (asked) => {
    expect(panelsIn(asked)).toEqual(['a', 'b', 'c', 'd', 'e'])
  })
})

describe('what is written into other pages', () => {
  const address = embedAddress('https://lens.example', 'abc', {panels: ['ranking', 'map'], theme: 'dark'})

  it('names panels and theme only where they were chosen', () => {
    expect(address).toBe('https://lens.example/embed/abc?panels=ranking,map&theme=dark')
    expect(embedAddress('https://lens.example', 'abc')).toBe('https://lens.example/embed/abc')
  })

  it('is a frame that can open tabs and nothing else, with any title between its quotes', () => {
    const html = frameCode(address, `"><script>alert(1)</script>'&`, {width: '100%', height: 480})
    expect(html.match(/</g)).toHaveLength(2)
    expect(html).toContain('title="&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#39;&#38;"')
    expect(html).toContain('src="https://lens.example/embed/abc?panels=ranking,map&#38;theme=dark"')
    expect(html).toMatch(/sandbox="[^"]*"/)
    expect(html).not.toMatch(/allow-top-navigation|allow-forms/)
  })

  it('is a module and an element of the same site', () => {
    expect(elementCode('https://lens.example', 'abc', {panels: ['map']})).toBe(
      '<script type="module" src="https://lens.example/embed/density-lens.js"></script>\n' +
        '<density-lens src="https://lens.example/e/abc" panels="map"></density-lens>'
    )
  })

  it('is a cell of a notebook', () => {
    expect(notebookCode(address, 480)).toBe(
      'from IPython.display import IFrame\n' +
        'IFrame("https://lens.example/embed/abc?panels=ranking,map&theme=dark", width="100%", height=480)'
    )
  })
})
