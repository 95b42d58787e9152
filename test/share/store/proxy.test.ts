import {NextRequest} from 'next/server'
import {afterAll, describe, expect, it} from 'vitest'

process.env.DENSITY_LENS_PAGES_PER_MINUTE = '3'
process.env.DENSITY_LENS_PROXIES = '1'
const {config, proxy} = await import('@/proxy')

afterAll(() => {
  delete process.env.DENSITY_LENS_PAGES_PER_MINUTE
  delete process.env.DENSITY_LENS_PROXIES
})

let askers = 0
const ask = (path: string, from = `10.0.0.${askers++}`) =>
  proxy(new NextRequest(`http://localhost${path}`, {headers: {'x-forwarded-for': from}}))
const policyOf = (path: string) => ask(path).headers.get('content-security-policy') ?? ''

describe('pages', () => {
  it.each(['/', '/e/abc', '/embed/abc', '/embedded'])(
    '%s run no inline script and take no inline style but under this request’s nonce',
    (path) => {
      const policy = policyOf(path)
      expect(policy).toMatch(/script-src 'self' 'nonce-[\w+/=]+'/)
      expect(policy).toMatch(/style-src 'self' 'nonce-[\w+/=]+'/)
      expect(policy).not.toContain('unsafe-inline')
      expect(policy).not.toMatch(/https?:/)
      expect(policyOf(path)).not.toBe(policy)
    }
  )

  it.each([
    ['/', "'none'"],
    ['/e/abc', "'none'"],
    ['/embedded', "'none'"],
    ['/embed/abc', '*']
  ])('%s may be framed by %s', (path, ancestors) => {
    expect(policyOf(path)).toMatch(new RegExp(`frame-ancestors ${ancestors.replace('*', '\\*')}$`))
  })
})

describe('pages about explanations', () => {
  it('are counted together for each address, whichever they are, and refused with the seconds to wait', async () => {
    const paths = ['/e/abc', '/embed/abc', '/e/abc/picture.png']
    for (const path of paths) expect(ask(path, '198.51.100.1').status).toBe(200)
    const refused = ask('/api/oembed?url=x', '198.51.100.1')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await refused.json()).error).toMatch(/^Too many requests; 3 a minute are served/)
    expect(ask('/e/abc', '198.51.100.2').status).toBe(200)
  })

  it('are counted by what the proxy heard: no header of a client’s own lets it pass', () => {
    for (let i = 0; i < 3; i++) ask('/e/abc', `203.0.113.${i}, 198.51.100.3`)
    expect(ask('/e/abc', '203.0.113.9, 198.51.100.3').status).toBe(429)
  })

  it('leave other pages be', () => {
    for (let i = 0; i < 9; i++) expect(ask('/', '198.51.100.4').status).toBe(200)
    expect(ask('/e', '198.51.100.4').status).toBe(200)
  })
})

it('sees them when they are prefetched, too, and the script of the web component is not theirs', () => {
  const sources = config.matcher.map(({source}) => source)
  expect(sources).toContain('/(e|embed)/:path*')
  expect(sources[0]).toContain('embed/density-lens.js')
})
