import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, expect, it} from 'vitest'
import {DELETE, GET, PUT} from '@/app/api/explanations/[id]/route'
import {GET as LIST, OPTIONS, POST} from '@/app/api/explanations/route'
import {decodeExplanation} from '@/lib/explain/json'
import {encodeRecord, wholePlan} from '@/lib/share/record'
import {contentId} from '@/lib/share/store/contentId'
import {limitsFrom} from '@/lib/share/store/limits'

const folder = mkdtempSync(join(tmpdir(), 'dl-routes-'))
let record: Uint8Array<ArrayBuffer>

beforeAll(async () => {
  process.env.DENSITY_LENS_STORE = `file:${folder}`
  const explanation = decodeExplanation(readFileSync('public/examples/digits/explanation.json', 'utf8'))
  record = new Uint8Array(await encodeRecord({explanation, view: null, plan: wholePlan}))
})
afterAll(() => {
  delete process.env.DENSITY_LENS_STORE
  rmSync(folder, {recursive: true, force: true})
})

const at = (id: string) => ({params: Promise.resolve({id})})
const asking = (method: string, headers: Record<string, string> = {}, body: BodyInit | null = null) =>
  new Request('http://localhost/api/explanations', {method, headers, body})
const posting = (body: BodyInit) => asking('POST', {'content-type': 'application/octet-stream'}, body)

it('keep a record of the shipped example, give its bytes back and delete it', async () => {
  const posted = await POST(posting(record))
  expect(posted.status).toBe(201)
  const {id, deleteToken} = await posted.json()
  expect(id).toBe(contentId(record))
  const got = await GET(asking('GET'), at(id))
  expect(Buffer.compare(Buffer.from(await got.arrayBuffer()), record)).toBe(0)
  expect((await DELETE(asking('DELETE', {authorization: `Bearer ${deleteToken}`}), at(id))).status).toBe(204)
  expect((await GET(asking('GET'), at(id))).status).toBe(404)
})

it('refuse with 400 what is no record, a record cut short, and one with a changed byte anywhere', async () => {
  const statusOf = async (bytes: Uint8Array<ArrayBuffer>) => (await POST(posting(bytes))).status
  expect(await statusOf(new TextEncoder().encode('<script>alert(1)</script>'))).toBe(400)
  for (const part of [0.01, 0.5, 0.99]) {
    expect(await statusOf(record.slice(0, Math.floor(record.length * part)))).toBe(400)
    const changed = record.slice()
    changed[Math.floor(record.length * part)]! ^= 0x55
    expect(await statusOf(changed)).toBe(400)
  }
})

it('refuse with 400 a record that carries something behind its end', async () => {
  const response = await POST(posting(new Uint8Array([...record, 1])))
  expect(response.status).toBe(400)
  expect((await response.json()).error).toMatch(/the record takes \d+$/)
})

it('list nothing and replace nothing: 405', async () => {
  expect((await LIST()).status).toBe(405)
  expect((await PUT()).status).toBe(405)
})

it('say before anything is sent how much is kept and for how long', async () => {
  process.env.DENSITY_LENS_EXPIRES_DAYS = '30'
  const said = await OPTIONS()
  delete process.env.DENSITY_LENS_EXPIRES_DAYS
  expect(said.headers.get('allow')).toBe('POST, OPTIONS')
  expect(await said.json()).toEqual({maxBytes: 8388608, expiresMs: 30 * 86_400_000})
})

it('take their limits from the environment, and refuse one that is no number', () => {
  expect(limitsFrom({})).toMatchObject({maxBytes: 8388608, expiresMs: 90 * 86_400_000, writesPerMinute: 30})
  expect(limitsFrom({DENSITY_LENS_EXPIRES_DAYS: '7'}).expiresMs).toBe(7 * 86_400_000)
  expect(() => limitsFrom({DENSITY_LENS_QUOTA_MB: 'many'})).toThrow(
    /DENSITY_LENS_QUOTA_MB: found many; needed a number/
  )
})
