import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, afterEach, beforeAll, describe, expect, it, vi} from 'vitest'
import {POST} from '@/app/api/explanations/route'
import {GET as OEMBED} from '@/app/api/oembed/route'
import {GET as PICTURE} from '@/app/e/[id]/picture.png/route'
import type {Explanation} from '@/lib/explain/explanation'
import {encodeRecord, wholePlan} from '@/lib/share/record'
import {sharedFacts, sharedSummary} from '@/lib/share/sharedSummary'
import {card} from '@/lib/views/card'
import {example} from '../explanations'
import {pngPixels} from '../pngPixels'
import {watchedFetch} from './watchedFetch'

// The renderer's programs are compiled with the first picture, which takes long on a busy machine.
vi.setConfig({testTimeout: 60_000})

const folder = mkdtempSync(join(tmpdir(), 'dl-pages-'))
const digits = example('digits')

beforeAll(() => {
  process.env.DENSITY_LENS_STORE = `file:${folder}`
})
afterAll(() => {
  delete process.env.DENSITY_LENS_STORE
  rmSync(folder, {recursive: true, force: true})
})
afterEach(() => {
  vi.restoreAllMocks()
  delete process.env.DENSITY_LENS_ORIGIN
})

async function stored(explanation: Explanation): Promise<string> {
  const record = await encodeRecord({explanation, view: null, plan: wholePlan})
  const headers = {'content-type': 'application/octet-stream'}
  const body = new Uint8Array(record)
  const answer = await POST(new Request('http://localhost/api/explanations', {method: 'POST', headers, body}))
  return (await answer.json()).id
}

const picture = (id: string, headers: Record<string, string> = {}) =>
  PICTURE(new Request(`http://localhost/e/${id}/picture.png`, {headers}), {params: Promise.resolve({id})})
const oembed = (query: Record<string, string>, host = 'lens.example') =>
  OEMBED(new Request(`http://localhost/api/oembed?${new URLSearchParams(query)}`, {headers: {host}}))

const hostile = `<script>alert(1)</script><svg onload=alert(1)>"'&\u202Egnp\u200B 日本 🎉 العربية ${'W'.repeat(90)}`
const hostileExplanation: Explanation = {
  ...digits,
  axes: {...digits.axes!, rowName: hostile, colName: hostile},
  model: {...digits.model, title: hostile, at: hostile},
  finding: {title: hostile, caveat: hostile, strong: null},
  caveats: [{id: 'geometry', text: hostile}],
  provenance: {...digits.provenance, checkpoint: {...digits.provenance.checkpoint, name: hostile}}
}

describe('the picture of a stored explanation', () => {
  it('is a PNG of 1200 × 630 with its very map and its very bars', async () => {
    const response = await picture(await stored(digits))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('image/png')
    const {width, height, rgba} = pngPixels(new Uint8Array(await response.arrayBuffer()))
    expect([width, height]).toEqual([1200, 630])
    const {title, caveat} = sharedSummary(digits)
    const {map, rects} = card(digits, {title, caveat, facts: sharedFacts(digits)})
    const at = (x: number, y: number) => [...rgba.subarray((Math.round(y) * width + Math.round(x)) * 4).subarray(0, 3)]
    const {bitmap, x, y} = map!
    // In the middle of cells: their edges are blended.
    const cell = bitmap.width / digits.axes!.cols
    let compared = 0
    for (const row of [0.04, 0.3, 0.5, 0.96]) {
      for (let i = 3; i < digits.axes!.cols; i += 7) {
        const [dx, dy] = [Math.floor((i + 0.5) * cell), Math.floor(row * bitmap.height)]
        const [red, green, blue, opacity] = bitmap.rgba.subarray((dy * bitmap.width + dx) * 4)
        // Between rows the paper shows.
        if (opacity === 0) continue
        compared++
        const wanted = [red, green, blue]
        for (const [c, value] of at(x + dx, y + dy).entries()) expect(Math.abs(value - wanted[c]!)).toBeLessThan(4)
      }
    }
    expect(compared).toBeGreaterThan(17)
    for (const {fill, ...bar} of rects.filter(({width: w, fill}) => fill === '#1264ba' && w > 30)) {
      const found = at(bar.x + 4, bar.y + bar.height / 2).map((value) => value.toString(16).padStart(2, '0'))
      expect(`#${found.join('')}`).toBe(fill)
    }
  })

  it('is kept by caches until the explanation expires, and not sent again to whoever has it', async () => {
    const id = await stored(digits)
    const first = await picture(id)
    expect(first.headers.get('cache-control')).toMatch(/^public, max-age=77\d{5}, immutable$/)
    const again = await picture(id, {'if-none-match': first.headers.get('etag')!})
    expect([again.status, await again.text()]).toEqual([304, ''])
  })

  it('may be shown by other sites, and is nothing but a picture', async () => {
    const {headers} = await picture(await stored(digits))
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain('sandbox')
  })

  it('asks nobody for letters or anything else, whatever the explanation says', async () => {
    const asked = watchedFetch()
    const response = await picture(await stored(hostileExplanation))
    expect(pngPixels(new Uint8Array(await response.arrayBuffer()))).toMatchObject({width: 1200, height: 630})
    expect(asked).toEqual([])
  })

  it('is made for an explanation of Gaussians alone', async () => {
    const {classDensity: _, densityVariance: __, ...parameters} = digits
    const alone = {
      ...parameters,
      axes: null,
      density: null,
      nullDensity: null,
      importance: null,
      layers: [],
      signal: null
    }
    const response = await picture(await stored({...alone, samples: []}))
    expect(pngPixels(new Uint8Array(await response.arrayBuffer()))).toMatchObject({width: 1200, height: 630})
  })

  it.each(['AAAAAAAAAAAAAAAAAAAAAAAA', '../../etc/passwd', ''])('of %j there is none: 404', async (id) => {
    const response = await picture(id)
    expect(response.status).toBe(404)
    expect((await response.json()).error).toMatch(/^There is no such explanation/)
  })
})

describe('oEmbed', () => {
  it('says how a stored explanation stands in another page, and shows its picture', async () => {
    const id = await stored(digits)
    const response = await oembed({url: `http://lens.example/e/${id}`})
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    const body = await response.json()
    expect(body).toMatchObject({
      version: '1.0',
      type: 'rich',
      title: digits.finding.title,
      width: 960,
      thumbnail_url: `http://lens.example/e/${id}/picture.png`,
      thumbnail_width: 1200,
      thumbnail_height: 630
    })
    expect(body.html).toMatch(new RegExp(`^<iframe src="http://lens.example/embed/${id}[?][^"]*" [^<>]*></iframe>$`))
  })

  it('keeps to the size that is asked for', async () => {
    const url = `http://lens.example/e/${await stored(digits)}`
    expect(await (await oembed({url, maxwidth: '600', maxheight: '300'})).json()).toMatchObject({
      width: 600,
      height: 300
    })
    expect(await (await oembed({url, maxwidth: '-5', maxheight: 'x'})).json()).toMatchObject({width: 960, height: 480})
  })

  it('writes a hostile title as a title', async () => {
    const body = await (await oembed({url: `http://lens.example/e/${await stored(hostileExplanation)}`})).json()
    expect(body.html.match(/</g)).toHaveLength(2)
    expect(body.html).not.toMatch(/[\u202E\u200B]/)
  })

  it.each([
    ['of another site', 'https://elsewhere.example/e/AAAAAAAAAAAAAAAAAAAAAAAA'],
    ['of another page', 'http://lens.example/'],
    ['that is none', 'javascript:alert(1)'],
    ['that climbs', 'http://lens.example/e/../../secret'],
    ['that is missing', '']
  ])('knows no address %s: 404', async (_, url) => {
    const response = await oembed({url})
    expect(response.status).toBe(404)
    expect((await response.json()).error).toMatch(/needed url=http:\/\/lens\.example\/e\/ID$/)
  })

  it('answers in JSON only: 501', async () => {
    expect((await oembed({url: 'http://lens.example/e/x', format: 'xml'})).status).toBe(501)
  })

  it('takes the site’s own address before what a request says, and from a request a name and a port at most', async () => {
    const id = await stored(digits)
    process.env.DENSITY_LENS_ORIGIN = 'https://given.example/'
    const given = await oembed({url: `https://given.example/e/${id}`}, 'evil.example')
    expect((await given.json()).provider_url).toBe('https://given.example')
    delete process.env.DENSITY_LENS_ORIGIN
    const forged = await oembed({url: `http://localhost/e/${id}`}, 'evil.example/"><script>')
    expect((await forged.json()).provider_url).toBe('http://localhost')
  })
})
