import {type NextRequest, NextResponse} from 'next/server'

/**
 * Only our own scripts run, and inline ones only with this request's nonce. WebAssembly is the second backend, so it
 * may compile. Nothing may be fetched from elsewhere: what a person opens stays in the page. The worker has a policy of
 * its own (next.config.js), since it reads the addresses that a person gives.
 */
function policy(nonce: string): string {
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
    "frame-ancestors 'none'"
  ].join('; ')
}

/** Gives every page a content security policy with a fresh nonce, which Next then puts on its own scripts. */
export function proxy(request: NextRequest) {
  const nonce = btoa(crypto.randomUUID())
  const csp = policy(nonce)
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('content-security-policy', csp)
  const response = NextResponse.next({request: {headers}})
  response.headers.set('content-security-policy', csp)
  return response
}

// Not for the API: what it answers is no page, and a proxy would hold each upload in memory before the route may refuse it.
export const config = {
  matcher: [
    {
      source: '/((?!api/|_next/static|_next/image|examples/|icon.svg|favicon.ico).*)',
      missing: [{type: 'header', key: 'next-router-prefetch'}]
    }
  ]
}
