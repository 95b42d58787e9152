import {notAllowed} from '@/lib/share/store/explanations'
import {oembed} from '@/lib/share/store/oembed'

/** How a stored explanation stands in another page. */
export const GET = (request: Request): Promise<Response> => oembed(request)

const refuse = () => notAllowed('GET, HEAD')

export {refuse as DELETE, refuse as PATCH, refuse as POST, refuse as PUT}
