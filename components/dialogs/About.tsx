'use client'

import {Dialog} from '@/components/controls/Dialog'
import type {ExampleCard} from '@/lib/state/session'

/** How an example was made, in its own card's words. */
export function About({card, onClose}: {card: ExampleCard; onClose: () => void}) {
  return (
    <Dialog title={card.title} onClose={onClose}>
      <p className="lede">{card.summary}.</p>
      {card.about.map((paragraph) => (
        // A number and its % stand in one line.
        <p key={paragraph}>{paragraph.replace(/(\d) %/g, '$1\u00a0%')}</p>
      ))}
    </Dialog>
  )
}
