import {notAllowed} from '@/lib/share/store/explanations'
import {serve} from '@/lib/share/store/explanationsServer'

/** Keeps an explanation: its record in, `{id, url, deleteToken, expires}` out. */
export function POST(request: Request) {
  return serve('POST', (explanations) => explanations.post(request))
}

// What is kept is listed for nobody.
const refuse = () => notAllowed('POST')

export {refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT}
