import {cacheUntil, isKnown, present} from './explanations'
import {serve} from './explanationsServer'
import {asData} from './refusal'

// A picture takes a good part of a second of the processor, and its link is opened by many at once.
const mostKept = 100
const key = Symbol.for('density-lens.pictures')
const shared = globalThis as {[key]?: Map<string, Promise<Uint8Array>>}

/** The picture of a stored explanation as a response; `draw` makes the PNG of a record's bytes, once for all who ask. */
export function storedPicture(
  request: Request,
  id: string,
  draw: (bytes: Uint8Array) => Promise<Uint8Array>
): Promise<Response> {
  return serve('GET picture', async (explanations) => {
    const {bytes, keep} = present(await explanations.find(id))
    const headers = {
      ...asData,
      etag: `"${id}.png"`,
      'cache-control': cacheUntil(keep.expires, Date.now()),
      // Previews may show it on other sites.
      'cross-origin-resource-policy': 'cross-origin'
    }
    if (isKnown(request.headers.get('if-none-match'), headers.etag)) return new Response(null, {status: 304, headers})
    const picture = (await kept(id, () => draw(bytes))) as Uint8Array<ArrayBuffer>
    return new Response(picture, {
      headers: {...headers, 'content-type': 'image/png', 'content-length': String(picture.length)}
    })
  })
}

function kept(id: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  shared[key] ??= new Map()
  const pictures = shared[key]
  const picture = pictures.get(id) ?? make()
  // The one that was asked for last goes last.
  pictures.delete(id)
  pictures.set(id, picture)
  picture.catch(() => pictures.delete(id))
  if (pictures.size > mostKept) pictures.delete(pictures.keys().next().value!)
  return picture
}
