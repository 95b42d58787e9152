'use client'

import {useMemo} from 'react'
import {Picture} from '@/components/foot/Picture'
import {useStores} from '@/components/stores'
import {bytes} from '@/lib/core/number'
import {type ExampleCard, picturesOf} from '@/lib/state/exampleCard'

/** An example to start from, with a few of its own inputs. */
export function ExampleTile({card, first}: {card: ExampleCard; first: boolean}) {
  const {session} = useStores()
  const pictures = useMemo(() => picturesOf(card), [card])
  return (
    <button type="button" className="example" onClick={() => session.getState().openExample(card)}>
      {first && <span className="key">Or start from an example</span>}
      <b>{card.title}</b>
      <span>{card.summary}</span>
      <span className="key">Opens now, {bytes(card.bytes)}</span>
      {pictures && (
        <span className="example-pictures">
          {[...Array(Math.min(12, pictures.count)).keys()].map((index) => (
            <Picture key={index} pictures={pictures} index={index} />
          ))}
        </span>
      )}
    </button>
  )
}
