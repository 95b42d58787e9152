import {type NextRequest, NextResponse} from 'next/server'
import {countPage} from '@/lib/share/store/pageRate'
import {jsonAnswer} from '@/lib/share/store/refusal'

/**
 * Only our own scripts run, and inline ones only with this request's nonce. WebAssembly is the second backend, so it
 * may compile. Nothing may be fetched from elsewhere: what a person opens stays in the page. The worker has a policy of
 * its own (next.config.js), since it reads the addresses that a person gives.
 */
function policy(nonce: string, framed: boolean): string {
  // React's development build evaluates strings; the production build does not.
  const development = process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${development}`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "worker-src 'self' blob:",
    "connect-src 'self' blob: data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${framed ? '*' : "'none'"}`
  ].join('; ')
}

// Each of these costs a read of the store and a decoding.
const counted = /^\/(e|embed|api\/oembed)(\/|$)/

/**
 * Gives every page a content security policy with a fresh nonce, which Next then puts on its own scripts, and refuses
 * pages about explanations to whoever asks for too many. Only what is made to stand in other sites' frames may.
 */
export function proxy(request: NextRequest) {
  const {pathname} = request.nextUrl
  const refusal = counted.test(pathname) ? countPage(request.headers) : null
  if (refusal) return jsonAnswer(refusal.status, {error: refusal.message}, refusal.headers)
  // Pictures and JSON have a policy of their own, and no script.
  if (/^\/api\/|\/picture\.png$/.test(pathname)) return NextResponse.next()
  const nonce = btoa(crypto.randomUUID())
  const csp = policy(nonce, /^\/embed(\/|$)/.test(pathname))
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('content-security-policy', csp)
  const response = NextResponse.next({request: {headers}})
  response.headers.set('content-security-policy', csp)
  return response
}

// Not for stored explanations: what is answered is no page, and a proxy would hold each upload in memory before the route
// may refuse it.
export const config = {
  matcher: [
    {
      source: '/((?!api/|_next/static|_next/image|examples/|icon.svg|favicon.ico|embed/density-lens.js).*)',
      missing: [{type: 'header', key: 'next-router-prefetch'}]
    },
    // Counted, though they would be prefetched.
    {source: '/(e|embed)/:path*', has: [{type: 'header', key: 'next-router-prefetch'}]},
    {source: '/api/oembed'}
  ]
}
