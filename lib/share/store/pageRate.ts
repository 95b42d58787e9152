import {limitsFrom} from './limits'
import {clientAddress, type RateLimit, rateLimit} from './rateLimit'
import {Refusal} from './refusal'

// All together may ask as often as this many addresses.
const crowd = 20

interface Pages {
  readonly limit: RateLimit
  readonly proxies: number
}

// One for the process, whichever bundle asks.
const key = Symbol.for('density-lens.pages')
const shared = globalThis as {[key]?: Pages}

/** Counts a request for a page about an explanation; the refusal when its address, or all together, ask too often. */
export function countPage(headers: Headers): Refusal | null {
  shared[key] ??= begin()
  const {limit, proxies} = shared[key]
  try {
    limit(clientAddress(headers, proxies))
    return null
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function begin(): Pages {
  const {pagesPerMinute, proxies} = limitsFrom(process.env)
  return {limit: rateLimit(pagesPerMinute, crowd), proxies}
}
