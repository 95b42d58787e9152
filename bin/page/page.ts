import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {root as checkout} from '../../scripts/child.mjs'
import {computedStyles} from './computedStyle'
import {PageCanvas, PageImage} from './pageCanvas'
import {type PageDocument, PageElement} from './pageElement'
import {serialised} from './serialised'
import {styleRules} from './styleSheet'

const html = 'http://www.w3.org/1999/xhtml'

/** A blank page in memory that looks by these style sheets: enough of a document to draw a picture in, of one screen none. */
export function pageOf(sheets: readonly string[]): Document {
  const getComputedStyle = computedStyles(sheets.flatMap(styleRules))
  const document: PageDocument = {
    get documentElement() {
      return root
    },
    get body() {
      return body
    },
    defaultView: {
      getComputedStyle,
      ImageData: PageImage,
      XMLSerializer: class {
        serializeToString = serialised
      }
    },
    createElement: (name) => document.createElementNS(html, name),
    createElementNS: (namespace, name) =>
      namespace === html && name === 'canvas'
        ? new PageCanvas(document, namespace, name)
        : new PageElement(document, namespace, name)
  }
  const root = document.createElement('html')
  const body = root.appendChild(document.createElement('body'))
  return document as unknown as Document
}

/** What a figure takes its looks from. */
const names = ['tokens', 'base', 'figure', 'panels']

/** A page with the app's own styles. */
export async function figurePage(): Promise<Document> {
  const sheets = names.map((name) => readFile(join(checkout, 'app/styles', `${name}.css`), 'utf8'))
  return pageOf(await Promise.all(sheets))
}
