import {createHash, createHmac} from 'node:crypto'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

interface Kept {
  readonly body: Buffer
  readonly etag: string
  readonly meta: Readonly<Record<string, string>>
}

export interface S3Server {
  readonly endpoint: string
  /** Requests that it refused for their signature. */
  refused(): number
  /** From now on it ignores conditions, as some servers do. */
  ignoreConditions(): void
  /** The next `count` requests are answered with status 500. */
  fail(count: number): void
  stop(): Promise<void>
}

export const keys = {accessKeyId: 'AKIDTEST', secretAccessKey: 'a secret/with+signs'}

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/**
 * A small server that speaks the part of S3's protocol which the store uses, one bucket in memory. It is no S3: it
 * shows that requests are well-formed and signed (signature version 4, computed here anew, and the body's hash), that
 * conditions and pages are used as the protocol has them, and no more than that.
 */
export async function startS3Server(): Promise<S3Server> {
  const objects = new Map<string, Kept>()
  let [refused, failing, conditional] = [0, 0, true]

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const url = new URL(request.url!, 'http://localhost')
    if (failing > 0) {
      failing--
      return response.writeHead(500).end()
    }
    if (!isSigned(request, url, body)) {
      refused++
      return response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>')
    }
    if (url.searchParams.get('list-type') === '2') return listed(url.searchParams, response)
    const key = decodeURIComponent(url.pathname.slice('/bucket/'.length))
    if (request.method === 'PUT') return stored(key, request, body, response)
    const there = objects.get(key)
    if (request.method === 'DELETE') {
      objects.delete(key)
      return response.writeHead(204).end()
    }
    if (!there) return response.writeHead(404).end()
    response.writeHead(200, {...there.meta, etag: there.etag, 'content-length': there.body.length})
    return response.end(request.method === 'HEAD' ? undefined : there.body)
  }

  function stored(key: string, {headers}: IncomingMessage, body: Buffer, response: ServerResponse) {
    const there = objects.get(key)
    const match = headers['if-match']
    if (conditional && headers['if-none-match'] === '*' && there) return response.writeHead(412).end()
    if (conditional && match && !there) return response.writeHead(404).end()
    if (conditional && match && there?.etag !== match) return response.writeHead(412).end()
    const meta = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-')) as [string, string][]
    objects.set(key, {body, etag: `"${sha256(body + JSON.stringify(meta))}"`, meta: Object.fromEntries(meta)})
    return response.writeHead(200).end()
  }

  function listed(query: URLSearchParams, response: ServerResponse) {
    const [prefix, after, most] = [query.get('prefix') ?? '', query.get('start-after') ?? '', query.get('max-keys')]
    const found = [...objects.keys()].sort().filter((key) => key.startsWith(prefix) && key > after)
    const page = found.slice(0, Number(most ?? 1000))
    const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')
    const truncated = `<IsTruncated>${found.length > page.length}</IsTruncated>`
    return response.writeHead(200).end(`<ListBucketResult>${truncated}${contents}</ListBucketResult>`)
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    ignoreConditions: () => {
      conditional = false
    },
    fail: (count) => {
      failing = count
    },
    stop: () => new Promise((resolve) => server.close(() => resolve()))
  }
}

/** Signature version 4, as its specification describes it, from the request as it came. */
function isSigned({headers, method}: IncomingMessage, url: URL, body: Buffer): boolean {
  const [, credential, signed, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? ''
    ) ?? []
  if (!credential || !signed || !signature) return false
  const [key, date, region, service] = credential.split('/')
  const contentHash = String(headers['x-amz-content-sha256'])
  if (key !== keys.accessKeyId || service !== 's3') return false
  if (contentHash !== 'UNSIGNED-PAYLOAD' && contentHash !== sha256(body)) return false
  const names = signed.split(';')
  const query = [...url.searchParams].map((pair) => pair.map(encodeURIComponent).join('=')).sort()
  const canonical = [
    method,
    url.pathname,
    query.join('&'),
    ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signed,
    contentHash
  ].join('\n')
  const scope = `${date}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const signingKey = [date!, region!, service, 'aws4_request'].reduce<string | Buffer>(
    (part, next) => hmac(part, next),
    `AWS4${keys.secretAccessKey}`
  )
  return hmac(signingKey, text).toString('hex') === signature
}
