type Environment = Readonly<Record<string, string | undefined>>

/** The address that whoever runs the server gave it, `https://host`; null where each request says. */
export const givenOrigin = ({DENSITY_LENS_ORIGIN: given}: Environment): string | null =>
  given?.replace(/\/+$/, '') || null

/**
 * The address that a request was sent to. A client may write any `Host`: nothing but a name and a port is taken from it,
 * and what is made with it is told to that client alone.
 */
export function originOf(headers: Headers, otherwise = 'http://localhost'): string {
  const host = headers.get('host') ?? ''
  const scheme = headers.get('x-forwarded-proto') === 'https' ? 'https' : 'http'
  return /^[\w.-]+(:\d+)?$|^\[[\da-f:]+\](:\d+)?$/i.test(host) ? `${scheme}://${host}` : otherwise
}

/** What the site's own addresses begin with, in an answer to a request with these headers. */
export const siteOrigin = (headers: Headers): string => givenOrigin(process.env) ?? originOf(headers)
