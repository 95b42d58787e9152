import {selectorsOf, selects} from './selector'

/** The part of a document that drawings use. */
export interface PageDocument {
  readonly documentElement: PageElement
  readonly body: PageElement
  readonly defaultView: unknown
  createElement(name: string): PageElement
  createElementNS(namespace: string, name: string): PageElement
}

/** Text between elements. */
export class PageText {
  readonly nodeType = 3
  parentNode: PageElement | null = null
  constructor(public textContent: string) {}
}

export type PageNode = PageElement | PageText

/** An element of a page that nobody looks at: the part of the DOM that drawings use, and nothing beyond it. */
export class PageElement {
  readonly nodeType = 1
  readonly childNodes: PageNode[] = []
  readonly style: PageStyle = pageStyle()
  readonly #values = new Map<string, string>()
  parentNode: PageElement | null = null

  constructor(
    readonly ownerDocument: PageDocument,
    readonly namespaceURI: string,
    readonly localName: string
  ) {}

  get attributes(): {readonly name: string; readonly value: string}[] {
    return [...this.#values].map(([name, value]) => ({name, value}))
  }

  getAttribute = (name: string): string | null => this.#values.get(name) ?? null
  hasAttribute = (name: string): boolean => this.#values.has(name)
  setAttribute = (name: string, value: unknown): void => void this.#values.set(name, String(value))
  removeAttribute = (name: string): void => void this.#values.delete(name)

  set className(names: string) {
    this.setAttribute('class', names)
  }

  get classList() {
    const names = new Set(this.getAttribute('class')?.split(/\s+/).filter(Boolean))
    const put = (name: string, on: boolean) => {
      if (on) names.add(name)
      else names.delete(name)
      this.setAttribute('class', [...names].join(' '))
    }
    return {
      contains: (name: string) => names.has(name),
      add: (name: string) => put(name, true),
      remove: (name: string) => put(name, false),
      toggle: (name: string, on = !names.has(name)) => put(name, on)
    }
  }

  get dataset(): Record<string, string> {
    return new Proxy<Record<string, string>>(
      {},
      {
        set: (_, name, value) => {
          this.setAttribute(`data-${String(name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value)
          return true
        }
      }
    )
  }

  get children(): PageElement[] {
    return this.childNodes.filter((node) => node instanceof PageElement)
  }

  get childElementCount(): number {
    return this.children.length
  }

  get parentElement(): PageElement | null {
    return this.parentNode
  }

  get nextSibling(): PageNode | null {
    const beside = this.parentNode?.childNodes
    return beside?.[beside.indexOf(this) + 1] ?? null
  }

  get previousElementSibling(): PageElement | null {
    const beside = this.parentNode?.children ?? []
    return beside[beside.indexOf(this) - 1] ?? null
  }

  get textContent(): string {
    return this.childNodes.map((node) => node.textContent).join('')
  }

  set textContent(text: string | null) {
    this.replaceChildren(...(text === null || text === '' ? [] : [text]))
  }

  insertBefore<N extends PageNode>(node: N, before: PageNode | null): N {
    leave(node)
    const at = before === null ? this.childNodes.length : this.childNodes.indexOf(before)
    this.childNodes.splice(at, 0, node)
    node.parentNode = this
    return node
  }

  appendChild = <N extends PageNode>(node: N): N => this.insertBefore(node, null)

  append(...nodes: (PageNode | string)[]): void {
    for (const node of nodes) this.appendChild(typeof node === 'string' ? new PageText(node) : node)
  }

  replaceChildren(...nodes: (PageNode | string)[]): void {
    for (const node of [...this.childNodes]) leave(node)
    this.append(...nodes)
  }

  removeChild = (node: PageNode): void => leave(node)
  remove = (): void => leave(this)

  cloneNode(deep = false): PageElement {
    const copy = new PageElement(this.ownerDocument, this.namespaceURI, this.localName)
    for (const {name, value} of this.attributes) copy.setAttribute(name, value)
    if (deep)
      for (const node of this.childNodes)
        copy.append(node instanceof PageText ? node.textContent : node.cloneNode(true))
    return copy
  }

  /** 4 where it stands before the other, which is in the same tree, else 2. */
  compareDocumentPosition(other: PageNode): number {
    const [own, others] = [wayTo(this), wayTo(other)]
    const fork = own.findIndex((at, i) => at !== others[i])
    return fork >= 0 && own[fork]! > (others[fork] ?? -1) ? 2 : 4
  }

  closest(text: string): PageElement | null {
    for (let at: PageElement | null = this; at; at = at.parentElement) if (at.matches(text)) return at
    return null
  }

  matches = (text: string): boolean => selectorsOf(text).some((selector) => selects(selector, this))

  querySelectorAll(text: string): PageElement[] {
    const selectors = selectorsOf(text)
    const found: PageElement[] = []
    const walk = (element: PageElement) => {
      for (const inner of element.children) {
        if (selectors.some((selector) => selects(selector, inner, this))) found.push(inner)
        walk(inner)
      }
    }
    walk(this)
    return found
  }

  querySelector = (text: string): PageElement | null => this.querySelectorAll(text)[0] ?? null

  // Nobody points at it.
  addEventListener(): void {}
  removeEventListener(): void {}
}

/** Styles that an element says of itself. */
export interface PageStyle {
  readonly declared: ReadonlyMap<string, string>
  setProperty(name: string, value: unknown): void
  removeProperty(name: string): void
}

function pageStyle(): PageStyle {
  const declared = new Map<string, string>()
  return {
    declared,
    setProperty: (name, value) => void declared.set(name, String(value)),
    removeProperty: (name) => void declared.delete(name)
  }
}

function leave(node: PageNode): void {
  const beside = node.parentNode?.childNodes
  if (beside) beside.splice(beside.indexOf(node), 1)
  node.parentNode = null
}

/** Its place among the children of each element above it, from the top. */
function wayTo(node: PageNode): number[] {
  const way: number[] = []
  for (let at: PageNode = node; at.parentNode; at = at.parentNode) way.unshift(at.parentNode.childNodes.indexOf(at))
  return way
}
