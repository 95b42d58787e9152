import {notAllowed} from '@/lib/share/store/explanations'
import {serve} from '@/lib/share/store/explanationsServer'
import {limitsFrom} from '@/lib/share/store/limits'
import {answered, jsonAnswer} from '@/lib/share/store/refusal'

/** Keeps an explanation: its record in, `{id, url, deleteToken, expires}` out. */
export function POST(request: Request) {
  return serve('POST', (explanations) => explanations.post(request))
}

/** What would be kept, and for how long: said before anything is sent. */
export function OPTIONS() {
  return answered('OPTIONS', async () => {
    const {maxBytes, expiresMs} = limitsFrom(process.env)
    return jsonAnswer(200, {maxBytes, expiresMs}, {allow: 'POST, OPTIONS'})
  })
}

// What is kept is listed for nobody.
const refuse = () => notAllowed('POST')

export {refuse as DELETE, refuse as GET, refuse as PATCH, refuse as PUT}
