// <density-lens src="https://…/e/ID" panels="ranking map" theme="dark" height="480"></density-lens>
//
// An explanation in a frame of its own: one static module, no dependency. `src` is the link of a stored explanation, or
// one that holds an explanation itself (`https://…/#x=…`). Nobody but the site in `src` is asked, which learns which
// stored explanation is shown, and nothing of the page around it.

const style = new CSSStyleSheet()
style.replaceSync(
  ':host{display:block;min-width:240px}:host([hidden]){display:none}iframe{display:block;width:100%;border:0}'
)

const flags = ['ranking', 'learned', 'map', 'gaussians', 'signal']
const leastHeight = 160
const mostHeight = 4000

class DensityLens extends HTMLElement {
  static observedAttributes = ['src', 'panels', 'theme', 'height', ...flags]

  #frame = frameOf(null)
  #address = null
  #told = 0

  constructor() {
    super()
    const root = this.attachShadow({mode: 'open'})
    root.adoptedStyleSheets = [style]
    root.append(this.#frame)
  }

  connectedCallback() {
    window.addEventListener('message', this)
    this.#show()
  }

  disconnectedCallback() {
    window.removeEventListener('message', this)
  }

  attributeChangedCallback() {
    if (this.isConnected) this.#show()
  }

  /** How high the figure is when it is not cut: the only thing that the frame is heard to say. */
  handleEvent({source, data}) {
    const height = data?.densityLens?.height
    if (source !== this.#frame.contentWindow || !(height >= leastHeight && height <= mostHeight)) return
    this.#told = Math.ceil(height)
    this.#size()
  }

  #show() {
    const address = embedAddress(this.getAttribute('src'), this.#panels(), this.getAttribute('theme'))
    if (address !== this.#address) {
      // A frame that is sent elsewhere while it still loads may stay where it was, and steps into the page's history.
      const next = frameOf(address)
      this.#frame.replaceWith(next)
      this.#frame = next
      this.#address = address
      this.#told = 0
    }
    this.#frame.title = this.title || 'An explanation in Density Lens'
    this.#size()
  }

  /** `panels="ranking map"`, or one attribute for each. */
  #panels() {
    const named = (this.getAttribute('panels') ?? '').split(/[\s,]+/)
    return flags.filter((flag) => named.includes(flag) || this.hasAttribute(flag))
  }

  #size() {
    const wanted = Number(this.getAttribute('height')) || 480
    this.#frame.style.height = `${Math.max(leastHeight, wanted, this.#told)}px`
  }
}

/** A frame for one address and no other; an empty one for null. */
function frameOf(address) {
  const frame = document.createElement('iframe')
  frame.loading = 'lazy'
  frame.referrerPolicy = 'no-referrer'
  // Its links open in tabs of their own; it cannot move the page around it.
  frame.sandbox.add('allow-scripts', 'allow-same-origin', 'allow-popups', 'allow-popups-to-escape-sandbox')
  if (address !== null) frame.src = address
  return frame
}

/** Where the explanation at an address stands alone; null when it is no address of one. */
function embedAddress(src, panels, theme) {
  if (!src || !URL.canParse(src, document.baseURI)) return null
  const url = new URL(src, document.baseURI)
  const [, id] = /^\/(?:e|embed)\/([\w-]+)\/?$/.exec(url.pathname) ?? []
  const held = url.hash.startsWith('#x=') ? url.hash : ''
  if (!(id || held) || !/^https?:$/.test(url.protocol)) return null
  // What an address holds itself is meant more than where it stands.
  const address = new URL(held ? `/embed${held}` : `/embed/${id}`, url.origin)
  if (panels.length > 0) address.searchParams.set('panels', panels.join(','))
  if (theme === 'light' || theme === 'dark') address.searchParams.set('theme', theme)
  return address.href
}

if (!customElements.get('density-lens')) customElements.define('density-lens', DensityLens)
