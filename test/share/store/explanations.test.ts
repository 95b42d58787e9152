import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it, vi} from 'vitest'
import {FormatError} from '@/lib/core/errors'
import {contentId} from '@/lib/share/store/contentId'
import {explanations, notAllowed} from '@/lib/share/store/explanations'
import {fileStore} from '@/lib/share/store/fileStore'
import type {Limits} from '@/lib/share/store/limits'
import type {Store} from '@/lib/share/store/store'
import {sample} from './contract'

const folder = mkdtempSync(join(tmpdir(), 'dl-service-'))
afterAll(() => rmSync(folder, {recursive: true, force: true}))

const day = 86_400_000
const wide: Limits = {
  maxBytes: 8 << 20,
  quotaBytes: 1e9,
  quotaCount: 1e6,
  expiresMs: 90 * day,
  writesPerMinute: 1e6,
  readsPerMinute: 1e6,
  proxies: 0
}

interface Settings extends Partial<Limits> {
  readonly now?: () => number
  readonly validate?: (bytes: Uint8Array) => unknown
  readonly store?: Store
  readonly origin?: string
}

let places = 0
async function service({now, validate = () => {}, store, origin, ...limits}: Settings = {}) {
  const place = join(folder, String(places++))
  const kept = store ?? (await fileStore(place, now ? {now} : {}))
  const clock = now ? {now} : {}
  const served = explanations({store: kept, validate, limits: {...wide, ...limits}, origin: origin ?? null, ...clock})
  return {...served, place}
}

const address = 'http://localhost:3000/api/explanations'
const binary = {'content-type': 'application/octet-stream'}
const posting = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request(address, {method: 'POST', body, headers: {...binary, ...headers}, duplex: 'half'} as RequestInit)
const reading = (headers: Record<string, string> = {}) => new Request(address, {headers})
const deleting = (token?: string) =>
  new Request(address, {method: 'DELETE', headers: token ? {authorization: `Bearer ${token}`} : {}})
const bodyOf = (bytes: Uint8Array) => Buffer.from(bytes)

/** A refusal is one sentence in JSON, which nobody may keep or sniff. */
async function expectRefusal(response: Response, status: number, error: RegExp) {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(response.headers.get('cache-control')).toBe('no-store')
  const body = await response.json()
  expect(Object.keys(body)).toEqual(['error'])
  expect(body.error).toMatch(error)
}

describe('posting', () => {
  it('answers 201 with id, address, deletion token and expiry', async () => {
    const now = () => Date.UTC(2030, 0, 1)
    const {post} = await service({now})
    const {id, bytes} = sample()
    const response = await post(posting(bodyOf(bytes)))
    expect(response.status).toBe(201)
    expect(response.headers.get('location')).toBe(`/api/explanations/${id}`)
    expect(await response.json()).toEqual({
      id,
      url: `http://localhost:3000/e/${id}`,
      deleteToken: expect.stringMatching(/^[\w-]{43}$/),
      expires: '2030-04-01T00:00:00.000Z'
    })
  })

  it('gives the address that the server is known by, or the one it was asked under, but nothing odd', async () => {
    const known = await service({origin: 'https://lens.example'})
    const urlOf = async (response: Response) => (await response.json()).url
    expect(await urlOf(await known.post(posting('a')))).toBe(`https://lens.example/e/${contentId(Buffer.from('a'))}`)
    const {post} = await service()
    const behind = {host: 'lens.example:8443', 'x-forwarded-proto': 'https'}
    expect(await urlOf(await post(posting('a', behind)))).toMatch(/^https:\/\/lens\.example:8443\/e\//)
    expect(await urlOf(await post(posting('b', {host: 'evil"><script>/x'})))).toMatch(/^http:\/\/localhost:3000\/e\//)
  })

  it('answers 200 without a token for what is there already, and the first token still deletes it', async () => {
    const served = await service()
    const first = await (await served.post(posting('same'))).json()
    const again = await served.post(posting('same'))
    expect(again.status).toBe(200)
    expect(await again.json()).toEqual({...first, deleteToken: null})
    expect((await served.delete(deleting(first.deleteToken), first.id)).status).toBe(204)
  })

  it.each(['text/plain', 'application/json', 'multipart/form-data', ''])(
    'refuses the type "%s" with 415',
    async (type) => {
      const {post} = await service()
      const request = posting('x')
      request.headers.delete('content-type')
      if (type) request.headers.set('content-type', type)
      await expectRefusal(await post(request), 415, /needed application\/octet-stream$/)
    }
  )

  it('refuses with 400 and its sentence what cannot be decoded, and keeps nothing of it', async () => {
    const validate = () => {
      throw new FormatError('share: this is no explanation')
    }
    const {post, place} = await service({validate})
    await expectRefusal(await post(posting('x')), 400, /^share: this is no explanation$/)
    await expectRefusal(await post(posting('')), 400, /empty/)
    expect(readdirSync(place)).toEqual(['unfinished'])
  })

  it('takes as many bytes as are allowed, and refuses one more with 413', async () => {
    const {post} = await service({maxBytes: 1000})
    expect((await post(posting(Buffer.alloc(1000)))).status).toBe(201)
    await expectRefusal(await post(posting(Buffer.alloc(1001))), 413, /at most 1000/)
    await expectRefusal(await post(posting('x', {'content-length': '1001'})), 413, /1001 bytes/)
  })

  it('stops reading an endless body at the first piece too many', async () => {
    const {post} = await service({maxBytes: 100_000})
    let pulled = 0
    const body = new ReadableStream({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(10_000))
      }
    })
    await expectRefusal(await post(posting(body)), 413, /more than 100000/)
    expect(pulled).toBeLessThan(15)
  })

  it('refuses with 400 a body that breaks off', async () => {
    const {post, place} = await service()
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(10))
      },
      pull(controller) {
        controller.error(new Error('gone'))
      }
    })
    await expectRefusal(await post(posting(body)), 400, /ended before it was whole/)
    expect(readdirSync(place)).toEqual(['unfinished'])
  })

  it('refuses with 507 what has no room, in bytes and in number, until something is deleted', async () => {
    let time = Date.now()
    const now = () => time
    const byBytes = await service({quotaBytes: 2500, now})
    const first = await (await byBytes.post(posting(Buffer.alloc(1000, 1)))).json()
    await byBytes.post(posting(Buffer.alloc(1000, 2)))
    await expectRefusal(await byBytes.post(posting(Buffer.alloc(1000, 3))), 507, /full/)
    await byBytes.delete(deleting(first.deleteToken), first.id)
    time += 11_000
    expect((await byBytes.post(posting(Buffer.alloc(1000, 3)))).status).toBe(201)
    const byNumber = await service({quotaCount: 1})
    await byNumber.post(posting('one'))
    await expectRefusal(await byNumber.post(posting('two')), 507, /full/)
  })
})

describe('reading', () => {
  it('gives the very bytes, for as long to keep as they live, under a name of their own', async () => {
    let time = Date.now()
    const {post, get} = await service({now: () => time})
    const {id, bytes} = sample()
    await post(posting(bodyOf(bytes)))
    time += 89 * day
    const response = await get(reading(), id)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toEqual({
      'cache-control': `public, max-age=${day / 1000}, immutable`,
      'content-disposition': `attachment; filename="${id}.densitylens"`,
      'content-length': String(bytes.length),
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'content-type': 'application/octet-stream',
      etag: `"${id}"`,
      'x-content-type-options': 'nosniff'
    })
    expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), bytes)).toBe(0)
  })

  it.each(['"ID"', 'W/"ID"', '"other", "ID"', '*'])('answers 304 to whoever knows %s, with no body', async (known) => {
    const {post, get} = await service()
    const {id} = await (await post(posting('x'))).json()
    const response = await get(reading({'if-none-match': known.replace('ID', id)}), id)
    expect(response.status).toBe(304)
    expect(response.headers.get('etag')).toBe(`"${id}"`)
    expect(await response.text()).toBe('')
    expect((await get(reading({'if-none-match': '"other"'}), id)).status).toBe(200)
  })

  it('answers 410 at the stated expiry, 404 after it, and 304 to nobody then', async () => {
    let time = Date.now()
    const {post, get} = await service({now: () => time})
    const {id, expires} = await (await post(posting('x'))).json()
    time = Date.parse(expires) - 1
    expect((await get(reading(), id)).status).toBe(200)
    time++
    await expectRefusal(await get(reading({'if-none-match': `"${id}"`}), id), 410, /expired/)
    await expectRefusal(await get(reading(), id), 404, /no such/)
  })

  it.each([
    '../secret',
    '..%2fsecret',
    '%2e%2e%2fsecret',
    '/etc/passwd',
    'unfinished',
    '.',
    '..',
    '',
    'a'.repeat(23),
    'a'.repeat(25),
    `${'a'.repeat(23)}/`,
    `${'a'.repeat(23)}\0`,
    `${'a'.repeat(24)}\n`,
    'ａ'.repeat(24)
  ])('has nothing under %j, and asks no store for it', async (id) => {
    const asked = vi.fn()
    const store = {name: '', put: asked, get: asked, delete: asked, list: asked, close: asked}
    const served = await service({store})
    await expectRefusal(await served.get(reading(), id), 404, /no such/)
    await expectRefusal(await served.delete(deleting('token'), id), 404, /no such/)
    expect(await served.find(id)).toBe('absent')
    expect(asked).not.toHaveBeenCalled()
  })
})

describe('deleting', () => {
  it('needs the token: 401 without one, 403 with another, 204 with the right one, then 404', async () => {
    const served = await service()
    const {id, deleteToken} = await (await served.post(posting('x'))).json()
    const without = await served.delete(deleting(), id)
    expect(without.headers.get('www-authenticate')).toBe('Bearer')
    await expectRefusal(without, 401, /needed Authorization: Bearer TOKEN/)
    const other = `${deleteToken.slice(0, -1)}${deleteToken.endsWith('A') ? 'B' : 'A'}`
    await expectRefusal(await served.delete(deleting(other), id), 403, /not the token/)
    await expectRefusal(await served.delete(deleting(id), id), 403, /not the token/)
    expect((await served.get(reading(), id)).status).toBe(200)
    expect((await served.delete(deleting(deleteToken), id)).status).toBe(204)
    await expectRefusal(await served.get(reading(), id), 404, /no such/)
    await expectRefusal(await served.delete(deleting(deleteToken), id), 404, /no such/)
  })

  it('finds neither the token nor its hash in answers to readers, and only the hash in the store', async () => {
    const written: string[] = []
    const {post, get, place} = await service()
    const {id, deleteToken} = await (await post(posting('x'))).json()
    const {readFileSync} = await import('node:fs')
    written.push(readFileSync(join(place, id), 'latin1'))
    expect(written.join()).not.toContain(deleteToken)
    const response = await get(reading(), id)
    const heard = JSON.stringify([...response.headers]) + (await response.text())
    expect(heard).not.toContain(deleteToken)
    expect(heard).not.toContain('tokenHash')
  })

  it('gives everyone another token', async () => {
    const {post} = await service()
    const tokens = await Promise.all(
      ['a', 'b', 'c'].map(async (text) => (await (await post(posting(text))).json()).deleteToken)
    )
    expect(new Set(tokens).size).toBe(3)
  })
})

describe('rates', () => {
  const from = (hops: string) => ({'x-forwarded-for': hops})

  it('refuse with 429 and the seconds to wait whoever posts too often, and nobody else', async () => {
    let time = Date.now()
    const {post} = await service({writesPerMinute: 2, now: () => time})
    for (const text of ['a', 'b']) expect((await post(posting(text, from('1.1.1.1')))).status).toBe(201)
    const response = await post(posting('c', from('1.1.1.1')))
    expect(response.headers.get('retry-after')).toBe('30')
    await expectRefusal(response, 429, /try again in 30 s/)
    expect((await post(posting('d', from('2.2.2.2')))).status).toBe(201)
    time += 30_000
    expect((await post(posting('c', from('1.1.1.1')))).status).toBe(201)
  })

  it('hold for all together, however many addresses ask', async () => {
    const {post} = await service({writesPerMinute: 2})
    const statuses = []
    for (let i = 0; i < 50; i++) statuses.push((await post(posting(`${i}`, from(`10.0.0.${i}`)))).status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(40)
    expect(statuses.slice(40)).toEqual(Array(10).fill(429))
  })

  it('hold for reads and deletions, too', async () => {
    const {get, delete: remove} = await service({readsPerMinute: 1, writesPerMinute: 1})
    const {id} = sample()
    expect((await get(reading(), id)).status).toBe(404)
    expect((await get(reading(), id)).status).toBe(429)
    expect((await remove(deleting('token'), id)).status).toBe(404)
    expect((await remove(deleting('token'), id)).status).toBe(429)
  })

  it('count the address that our own proxy heard, not the ones a client puts before it', async () => {
    const {post} = await service({writesPerMinute: 1, proxies: 1})
    expect((await post(posting('a', from('9.9.9.1, 1.1.1.1')))).status).toBe(201)
    expect((await post(posting('b', from('9.9.9.2, 1.1.1.1')))).status).toBe(429)
    expect((await post(posting('c', from('9.9.9.2, 1.1.1.2')))).status).toBe(201)
    const two = await service({writesPerMinute: 1, proxies: 2})
    expect((await two.post(posting('a', from('x, 1.1.1.1, 10.0.0.1')))).status).toBe(201)
    expect((await two.post(posting('b', from('y, 1.1.1.1, 10.0.0.2')))).status).toBe(429)
  })
})

describe('failures', () => {
  it('of the store are 503 with a sentence, and the log names their kind and no content', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const {post, get, place} = await service()
    rmSync(place, {recursive: true})
    writeFileSync(place, 'in the way')
    const secret = 'what somebody wants to share'
    await expectRefusal(await post(posting(secret)), 503, /did not answer/)
    await expectRefusal(await get(reading(), contentId(Buffer.from(secret))), 503, /did not answer/)
    expect(log.mock.calls).toEqual([
      ['explanations: POST failed: Error ENOTDIR'],
      ['explanations: GET failed: Error ENOTDIR']
    ])
    log.mockRestore()
  })

  it('of method are 405 with what would be allowed', async () => {
    const response = notAllowed('POST')
    expect(response.headers.get('allow')).toBe('POST')
    await expectRefusal(response, 405, /needed POST/)
  })
})
