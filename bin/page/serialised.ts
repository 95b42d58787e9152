import {type PageElement, PageText} from './pageElement'

/** An element as XML, the way a browser's XMLSerializer writes it; every element in it shares its namespace. */
export function serialised(element: PageElement): string {
  return written(element, [['xmlns', element.namespaceURI]])
}

function written(element: PageElement, before: readonly (readonly [string, string])[] = []): string {
  const own = element.attributes.map(({name, value}) => [name, value] as const)
  const attributes = [...before, ...own]
    .map(([name, value]) => ` ${name}="${escaped(value, attributeLetters)}"`)
    .join('')
  const {localName, childNodes} = element
  if (childNodes.length === 0) return `<${localName}${attributes}/>`
  const inner = childNodes.map((node) =>
    node instanceof PageText ? escaped(node.textContent, textLetters) : written(node)
  )
  return `<${localName}${attributes}>${inner.join('')}</${localName}>`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;'
}
const textLetters = /[&<>\r]/g
const attributeLetters = /[&<>"\t\n\r]/g

const escaped = (text: string, letters: RegExp): string => text.replace(letters, (letter) => entities[letter]!)
