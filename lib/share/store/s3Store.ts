import {createHash} from 'node:crypto'
import {AwsClient} from 'aws4fetch'
import {contentId, isContentId} from './contentId'
import type {Keep, Listed, Now, Page, Store, Stored} from './store'

interface S3StoreOptions {
  /** Where the bucket answers, its name included: `https://s3.eu-central-1.amazonaws.com/bucket`. */
  readonly bucketUrl: string
  /** Put before every id: `explanations/`. */
  readonly prefix: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly now?: Now
  /** Entries in a page of a list; each costs a request. */
  readonly pageSize?: number
}

const patienceMs = 30_000
const headsAtOnce = 8
const attempts = 5

/**
 * Explanations as objects of a bucket, in any storage that speaks S3. Objects appear whole or not at all; competing puts
 * are decided by `If-None-Match`, and where a server ignores that, both have put the same content.
 */
export async function s3Store(options: S3StoreOptions): Promise<Store> {
  const {bucketUrl, prefix, region, accessKeyId, secretAccessKey, sessionToken} = options
  const {now = Date.now, pageSize = 100} = options
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? {sessionToken} : {}),
    region,
    service: 's3',
    retries: 3
  })
  const at = (id: string) => `${bucketUrl}/${prefix}${id}`

  /** The answer when its status is among `welcome`, else an error that names the status and nothing else. */
  async function ask(url: string, init: RequestInit, ...welcome: readonly number[]): Promise<Response> {
    const response = await client.fetch(url, {...init, signal: AbortSignal.timeout(patienceMs)})
    if (welcome.includes(response.status)) return response
    await response.body?.cancel()
    throw new Error(`S3 answered ${init.method} with status ${response.status}; needed ${welcome.join(' or ')}`)
  }

  async function put(id: string, bytes: Uint8Array, keep: Keep): Promise<'created' | 'exists'> {
    for (let attempt = 1; ; attempt++) {
      const there = await head(id)
      // Ours, when a put of ours was sent again because its answer had been lost.
      if (there && there.keep.expires > now()) return there.keep.tokenHash === keep.tokenHash ? 'created' : 'exists'
      if (await putOver(there, id, bytes, keep)) return 'created'
      if (attempt === attempts) throw new Error(`S3 refused ${attempts} conditional puts of what it says it lacks`)
    }
  }

  // False when another process came first: there is something now, or no longer, or both wrote at once.
  async function putOver(there: {readonly etag: string} | null, id: string, bytes: Uint8Array, keep: Keep) {
    const headers = {
      'content-type': 'application/octet-stream',
      'x-amz-content-sha256': createHash('sha256').update(bytes).digest('hex'),
      'x-amz-meta-token-hash': keep.tokenHash,
      'x-amz-meta-expires': String(keep.expires),
      // What has expired may be replaced, but only that: not what another process has put there meanwhile.
      ...(there ? {'if-match': there.etag} : {'if-none-match': '*'})
    }
    const {status} = await ask(at(id), {method: 'PUT', body: Buffer.from(bytes), headers}, 200, 404, 409, 412)
    return status === 200
  }

  async function head(id: string) {
    const {status, headers} = await ask(at(id), {method: 'HEAD'}, 200, 404)
    if (status === 404) return null
    return {keep: keepIn(headers), etag: headers.get('etag') ?? '*', size: Number(headers.get('content-length') ?? 0)}
  }

  async function get(id: string): Promise<Stored | 'absent' | 'expired'> {
    const response = await ask(at(id), {method: 'GET'}, 200, 404)
    const bytes = new Uint8Array(await response.arrayBuffer())
    if (response.status === 404 || contentId(bytes) !== id) return 'absent'
    const keep = keepIn(response.headers)
    if (keep.expires > now()) return {bytes, keep}
    await erase(id)
    return 'expired'
  }

  const erase = (id: string) => ask(at(id), {method: 'DELETE'}, 200, 204, 404)

  // S3 does not say whether there was anything to delete.
  async function remove(id: string) {
    if ((await head(id)) === null) return false
    await erase(id)
    return true
  }

  async function list(cursor: string | null): Promise<Page> {
    const query = new URLSearchParams({'list-type': '2', prefix, 'max-keys': String(pageSize)})
    if (cursor !== null) query.set('start-after', prefix + cursor)
    const text = await (await ask(`${bucketUrl}?${query}`, {method: 'GET'}, 200)).text()
    const keys = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key!.slice(prefix.length))
    const ids = keys.filter(isContentId)
    const entries: Listed[] = []
    for (let start = 0; start < ids.length; start += headsAtOnce) {
      const found = await Promise.all(ids.slice(start, start + headsAtOnce).map(alive))
      entries.push(...found.filter((entry) => entry !== null))
    }
    return {entries, cursor: /<IsTruncated>true</.test(text) ? (keys.at(-1) ?? null) : null}
  }

  async function alive(id: string): Promise<Listed | null> {
    const there = await head(id)
    if (there === null) return null
    if (there.keep.expires > now()) return {id, size: there.size, expires: there.keep.expires}
    await erase(id)
    return null
  }

  return {name: `S3 at ${new URL(bucketUrl).host}`, put, get, delete: remove, list, close: async () => {}}
}

// An object that we did not put has no expiry; it counts as expired.
function keepIn(headers: Headers): Keep {
  return {
    tokenHash: headers.get('x-amz-meta-token-hash') ?? '',
    expires: Number(headers.get('x-amz-meta-expires') ?? 0)
  }
}
