import {embedAddress, frameCode, pageAddress} from '../embed'
import {decodeRecord} from '../record'
import {sharedSummary} from '../sharedSummary'
import {isContentId} from './contentId'
import {cacheUntil, present} from './explanations'
import {serve} from './explanationsServer'
import {siteOrigin} from './origin'
import {asData, Refusal} from './refusal'

// Where nothing narrower is asked for, what a column of text has room for: the ranking beside the map.
const size = {width: 960, height: 480} as const
const least = {width: 320, height: 240} as const
const panels = ['ranking', 'map'] as const

/** oEmbed 1.0 (oembed.com): how the explanation at `?url=` stands in another page, as JSON. */
export function oembed(request: Request): Promise<Response> {
  return serve('GET oembed', async (explanations) => {
    const asked = new URL(request.url).searchParams
    const origin = siteOrigin(request.headers)
    if ((asked.get('format') ?? 'json') !== 'json') throw new Refusal(501, 'Only JSON is answered; needed format=json')
    const id = idIn(asked.get('url') ?? '', origin)
    const {bytes, keep} = present(await explanations.find(id))
    const {title} = sharedSummary((await decodeRecord(bytes)).explanation)
    const width = within(asked.get('maxwidth'), 'width')
    const height = within(asked.get('maxheight'), 'height')
    const body = {
      version: '1.0',
      type: 'rich',
      title,
      provider_name: 'Density Lens',
      provider_url: origin,
      cache_age: Math.max(0, Math.floor((keep.expires - Date.now()) / 1000)),
      thumbnail_url: `${pageAddress(origin, id)}/picture.png`,
      thumbnail_width: 1200,
      thumbnail_height: 630,
      width,
      height,
      html: frameCode(embedAddress(origin, id, {panels}), title, {width: String(width), height})
    }
    // Whoever embeds asks from other pages.
    const headers = {
      ...asData,
      'cache-control': cacheUntil(keep.expires, Date.now()),
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'host'
    }
    return Response.json(body, {headers})
  })
}

/** The id in an address of ours. Throws Refusal for any other address. */
function idIn(address: string, origin: string): string {
  const url = URL.canParse(address) ? new URL(address) : null
  const [, id = ''] = /^\/(?:e|embed)\/([\w-]+)\/?$/.exec(url?.pathname ?? '') ?? []
  if (url?.origin !== new URL(origin).origin || !isContentId(id))
    throw new Refusal(404, `Found no address of an explanation; needed url=${origin}/e/ID`)
  return id
}

function within(most: string | null, side: 'width' | 'height'): number {
  const limit = Number(most)
  return limit > 0 ? Math.max(least[side], Math.min(size[side], Math.floor(limit))) : size[side]
}
