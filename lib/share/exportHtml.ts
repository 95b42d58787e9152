import type {Explanation} from '@/lib/explain/explanation'
import {sharedSummary} from '@/lib/share/sharedSummary'
import type {ExportLabel} from '@/lib/views/exportSheet'
import {planeAxes, planeGloss} from '@/lib/views/plane'
import {pageLooks} from '@/lib/views/planeLooks'

/** The program of an exported page, as scripts/standalone.mjs packs it. */
export interface Standalone {
  /** A classic script: a page opened from a disk may load no module. */
  readonly script: string
  /** With its fonts inside. */
  readonly style: string
}

export interface HtmlContent {
  readonly explanation: Explanation
  /** The explanation as a record: what the page's own script draws. */
  readonly record: Uint8Array
  /** Single inputs that were let go along, as `pageInputBytes` writes them; null for none. */
  readonly inputs?: Uint8Array | null
  /** Whether any of them tells where it samples points. */
  readonly points?: boolean
  readonly label: ExportLabel
  readonly standalone: Standalone
}

/**
 * One page that holds everything: the record, the program that draws it, and for readers without scripts the label and
 * the ranking. Its own policy allows nothing but that script and that style, by their hashes, and no request at all.
 * Throws RangeError for a program that would end its own element.
 */
export async function htmlFile(content: HtmlContent): Promise<string> {
  const {explanation, record, inputs = null, points = false, label, standalone} = content
  const {script, style} = standalone
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new RangeError('html: the program of exported pages holds the end of its own element')
  }
  const policy = [
    "default-src 'none'",
    `script-src '${await hashOf(script)}'`,
    `style-src '${await hashOf(style)}'`,
    'font-src data:',
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'"
  ].join('; ')
  return [
    '<!doctype html>',
    '<html lang="en" data-theme="light">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<meta name="description" content="${escaped(label.caveat)}">`,
    `<title>${escaped(label.title)} · Density Lens</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    ...bodyOf(explanation, label, {chosen: inputs !== null, points}),
    // Base64 has no letter that could end the element it stands in.
    `<script type="application/octet-stream" id="record">${toBase64(record)}</script>`,
    ...(inputs ? [`<script type="application/octet-stream" id="inputs">${toBase64(inputs)}</script>`] : []),
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    ''
  ].join('\n')
}

function bodyOf(
  explanation: Explanation,
  {title, caveat, strong, facts, caveats}: ExportLabel,
  along: Along
): string[] {
  const {columns, rows, more} = sharedSummary(explanation)
  return [
    '<header class="bar">',
    `<span class="brand">${mark}<span>Density Lens</span></span>`,
    '<span class="gloss">One explanation in one file: it works offline and asks no one for anything.</span>',
    '<button type="button" class="save" hidden>Save as .densitylens</button>',
    '</header>',
    '<main>',
    '<p class="broken" role="alert" hidden></p>',
    '<div class="title">',
    `<h1>${escaped(title)}</h1>`,
    `<p class="caveat">${emphasised(caveat, strong)}</p>`,
    '<div class="choice order" role="radiogroup" aria-label="Order" hidden><span class="key" aria-hidden="true">Order</span>',
    ...[
      ['model', 'Model'],
      ['importance', 'Importance'],
      ['learned', 'Learned part']
    ].map(([value, text]) => `<label><input type="radio" name="order" value="${value}"><span>${text}</span></label>`),
    '</div>',
    '</div>',
    '<div id="figure" class="figure" role="application" aria-roledescription="figure" tabindex="0"></div>',
    '<noscript><p>The figure is drawn by a script, which this browser does not run. Its numbers stand below.</p></noscript>',
    ...planeOf(explanation, along),
    '<div class="about">',
    '<section class="reading"><h2>Reading</h2><span class="gloss"></span><p class="sentence">Point at a row to read it here, click to pin it. In the figure, arrow keys move, Enter pins, Escape lets go.</p></section>',
    '<section><h2>What to know before believing it</h2>',
    caveats.length > 0 ? `<ul>${caveats.map((text) => `<li>${escaped(text)}</li>`).join('')}</ul>` : '<p>Nothing.</p>',
    '</section>',
    '<section><h2>Where it comes from</h2>',
    `<dl>${facts.map(([term, text]) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`).join('')}</dl>`,
    '</section>',
    '</div>',
    ...(rows.length > 0
      ? [
          '<details class="numbers"><summary>The ranking as a table</summary>',
          `<table><thead><tr>${columns.map((text) => `<th scope="col">${escaped(text)}</th>`).join('')}</tr></thead>`,
          `<tbody>${rows.map(rowOf).join('')}</tbody></table>`,
          more > 0 ? `<p class="quiet">${more} more are in the record that this file carries.</p>` : '',
          '</details>'
        ]
      : []),
    '<p class="visually-hidden" role="status"></p>',
    '</main>'
  ]
}

/** What came along of single inputs: some to choose from, and where they sample points. */
interface Along {
  readonly chosen: boolean
  readonly points: boolean
}

/** The place of the attention on its places, for maps that lie on some; the elements that `openPlane` draws in. */
function planeOf(explanation: Explanation, {chosen, points}: Along): string[] {
  const axes = planeAxes(explanation)
  if (!axes || !explanation.density) return []
  const {height, width} = axes.plane
  const label = `Places on the input, ${height} by ${width}: arrow keys move, Page Up and Page Down change the row, Enter pins`
  return [
    '<section class="plane-panel" aria-labelledby="plane-title" hidden>',
    '<header><h2 id="plane-title">On the input</h2>',
    `<span class="gloss">${escaped(planeGloss(axes, false, explanation.provenance.samples))}</span>`,
    '<span class="plane-legend"></span>',
    ...(chosen ? ['<label class="plane-input"><span class="key">Shown</span> <select></select></label>'] : []),
    ...(points ? looksChoice : []),
    '</header>',
    '<div class="plane-body">',
    `<div class="plane-focus" role="application" tabindex="0" aria-label="${escaped(label)}"></div>`,
    '<div class="plane-says"><p class="plane-question" hidden></p><p class="plane-words"></p><p class="sentence"></p>',
    ...(points ? ['<p class="plane-legend plane-own" hidden></p><p class="quiet plane-looked" hidden></p>'] : []),
    '</div>',
    '<div class="plane-tiles"></div>',
    '</div>',
    '</section>'
  ]
}

/** Attention, or where it comes from: shown with an input that tells. */
const looksChoice = [
  '<div class="choice plane-looks" role="radiogroup" aria-label="What is shown" hidden>',
  ...pageLooks.map(
    ({value, text, label}) =>
      `<label><input type="radio" name="looks" value="${value}" aria-label="${label}"><span>${text}</span></label>`
  ),
  '</div>'
]

// The app's mark: a Gaussian crossed by the reader's yellow line.
const mark =
  '<svg class="mark" viewBox="0 0 26 22" width="26" height="22" aria-hidden="true"><path class="mark-line" d="M1 11H25"/>' +
  '<path class="mark-ground" d="M1 19.5H25"/><path d="M2 19C8.5 19 9.2 3 13 3S17.5 19 24 19"/></svg>'

const rowOf = (cells: readonly string[]): string =>
  `<tr>${cells.map((text) => `<td>${escaped(text)}</td>`).join('')}</tr>`

/** One part of a sentence in bold. */
function emphasised(text: string, strong: string | null): string {
  const start = strong ? text.indexOf(strong) : -1
  if (!strong || start < 0) return escaped(text)
  return `${escaped(text.slice(0, start))}<b>${escaped(strong)}</b>${escaped(text.slice(start + strong.length))}`
}

const entities: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'}

/** Text that is safe between tags and within quoted attributes. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter]!)

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return `sha256-${toBase64(new Uint8Array(digest))}`
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  // As many arguments as every engine takes at once; a multiple of three, so that pieces can be joined.
  const piece = 3 * 4096
  for (let at = 0; at < bytes.length; at += piece) text += btoa(String.fromCharCode(...bytes.subarray(at, at + piece)))
  return text
}
