import {notAllowed} from '@/lib/share/store/explanations'
import {serve} from '@/lib/share/store/explanationsServer'

interface Context {
  readonly params: Promise<{readonly id: string}>
}

/** The bytes of a stored explanation. */
export function GET(request: Request, {params}: Context) {
  return serve('GET', async (explanations) => explanations.get(request, (await params).id))
}

/** Deletes it, for whoever holds its token. */
export function DELETE(request: Request, {params}: Context) {
  return serve('DELETE', async (explanations) => explanations.delete(request, (await params).id))
}

const refuse = () => notAllowed('GET, HEAD, DELETE')

export {refuse as PATCH, refuse as POST, refuse as PUT}
