import {peerHeader} from './peerAddress'
import {Refusal} from './refusal'
import type {Now} from './store'

interface Bucket {
  tokens: number
  at: number
}

// Addresses that are remembered; the one that asked first goes first. The bucket for all has no such way round.
const maxAddresses = 10_000

/** Throws Refusal 429, with the seconds to wait in `Retry-After`, when an address or all together ask too often. */
export type RateLimit = (address: string) => void

/** `perMinute` requests an address, `perMinute × crowd` from all together; a minute's worth may come at once. */
export function rateLimit(perMinute: number, crowd: number, now: Now = Date.now): RateLimit {
  const everyone: Bucket = {tokens: perMinute * crowd, at: now()}
  const addresses = new Map<string, Bucket>()
  return (address) => {
    const own = addresses.get(address) ?? {tokens: perMinute, at: now()}
    remember(addresses, address, own)
    const wait = Math.max(waitFor(own, perMinute, now()), waitFor(everyone, perMinute * crowd, now()))
    if (wait > 0) throw tooMany(wait, perMinute)
    own.tokens--
    everyone.tokens--
  }
}

/** Fills a bucket up to now; the seconds until it holds one token, 0 when it does. */
function waitFor(bucket: Bucket, perMinute: number, now: number): number {
  const earned = (Math.max(0, now - bucket.at) / 60_000) * perMinute
  bucket.tokens = Math.min(perMinute, bucket.tokens + earned)
  bucket.at = now
  return bucket.tokens >= 1 ? 0 : ((1 - bucket.tokens) / perMinute) * 60
}

function remember(addresses: Map<string, Bucket>, address: string, bucket: Bucket) {
  if (addresses.size >= maxAddresses && !addresses.has(address)) addresses.delete(addresses.keys().next().value!)
  addresses.set(address, bucket)
}

function tooMany(wait: number, perMinute: number): Refusal {
  const seconds = Math.max(1, Math.ceil(wait))
  const message = `Too many requests; ${perMinute} a minute are served, try again in ${seconds} s`
  return new Refusal(429, message, {'retry-after': String(seconds)})
}

/**
 * Who asks, for the rate limits: the other end of the connection, when no proxy of ours stands in front. Each proxy adds
 * the address it heard from at the end of `X-Forwarded-For`; the entry that the first of our own `proxies` wrote is the
 * only one a client cannot choose.
 */
export function clientAddress(headers: Headers, proxies: number): string {
  const peer = headers.get(peerHeader)
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  const heard = proxies === 0 && peer ? peer : hops.at(-Math.max(1, proxies)) || peer || hops[0]
  return (heard || 'unknown').slice(0, 64)
}
