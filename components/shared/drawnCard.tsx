import {ImageResponse} from 'next/og'
import {SharedCard} from '@/components/shared/SharedCard'
import {pngBytes} from '@/lib/share/pngBytes'
import {decodeRecord} from '@/lib/share/record'
import {sharedFacts, sharedSummary} from '@/lib/share/sharedSummary'
import {pictureFonts} from '@/lib/share/store/pictureFonts'
import {visible} from '@/lib/share/visible'
import {card, cardSize} from '@/lib/views/card'

/** The PNG of a record's picture, 1200 × 630. Nothing but the bytes and the fonts at hand goes into it. */
export async function drawnCard(record: Uint8Array): Promise<Uint8Array> {
  const explanation = visible((await decodeRecord(record)).explanation)
  const {title, caveat} = sharedSummary(explanation)
  const drawn = card(explanation, {title, caveat, facts: sharedFacts(explanation)})
  const map = drawn.map && `data:image/png;base64,${Buffer.from(await pngBytes(drawn.map.bitmap)).toString('base64')}`
  const picture = new ImageResponse(<SharedCard card={drawn} map={map} />, {
    ...cardSize,
    fonts: [...(await pictureFonts())]
  })
  return new Uint8Array(await picture.arrayBuffer())
}
