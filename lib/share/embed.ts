import type {PanelLetter} from '@/lib/views/frame'

/** What an address calls the panels of the figure. */
export const panelNames = {ranking: 'a', learned: 'b', map: 'c', gaussians: 'd', signal: 'e'} as const satisfies Record<
  string,
  PanelLetter
>

export type PanelName = keyof typeof panelNames

/** How an explanation stands in another page. */
export interface Embedding {
  /** Absent or empty for all. */
  readonly panels?: readonly PanelName[]
  /** Absent to follow the reader's device. */
  readonly theme?: 'light' | 'dark'
}

const names = Object.keys(panelNames) as PanelName[]

/** `?panels=ranking,map` as letters; names that are none are passed over, and none at all means all. */
export function panelsIn(asked: string | readonly string[] | undefined): readonly PanelLetter[] {
  const wanted = [asked ?? []].flat().flatMap((text) => text.toLowerCase().split(','))
  const known = names.filter((name) => wanted.includes(name))
  return (known.length > 0 ? known : names).map((name) => panelNames[name])
}

/** Where a stored explanation stands alone, for a frame. */
export function embedAddress(origin: string, id: string, {panels = [], theme}: Embedding = {}): string {
  const some = panels.length > 0 && panels.length < names.length
  const asked = [...(some ? [`panels=${panels.join(',')}`] : []), ...(theme ? [`theme=${theme}`] : [])]
  return `${origin}/embed/${id}${asked.length > 0 ? `?${asked.join('&')}` : ''}`
}

/** Where a stored explanation has its page. */
export const pageAddress = (origin: string, id: string): string => `${origin}/e/${id}`

/** Text between quotes in HTML. */
const attribute = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

// Scripts of ours need their own origin to fetch from, links open in tabs of their own, and nothing else is allowed.
const sandbox = 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox'

export interface FrameSize {
  readonly width: string
  readonly height: number
}

/** HTML of a frame: works in any page, and asks nobody but the site that keeps the explanation. */
export const frameCode = (address: string, title: string, {width, height}: FrameSize): string =>
  `<iframe src="${attribute(address)}" title="${attribute(title)}" width="${width}" height="${height}" ` +
  `sandbox="${sandbox}" loading="lazy" frameborder="0"></iframe>`

/** HTML of the web component, whose script the same site serves. */
export function elementCode(origin: string, id: string, {panels = [], theme}: Embedding = {}): string {
  const some = panels.length > 0 && panels.length < names.length
  const flags = `${some ? ` panels="${panels.join(' ')}"` : ''}${theme ? ` theme="${theme}"` : ''}`
  return (
    `<script type="module" src="${attribute(origin)}/embed/density-lens.js"></script>\n` +
    `<density-lens src="${attribute(pageAddress(origin, id))}"${flags}></density-lens>`
  )
}

/** A cell of a notebook: IPython's own frame, no extension. */
export const notebookCode = (address: string, height: number): string =>
  `from IPython.display import IFrame\nIFrame(${JSON.stringify(address)}, width="100%", height=${height})`
