'use client'

import {useSession, useStores} from '@/components/stores'
import {bytes} from '@/lib/core/number'

/** The shipped examples, as lines of a menu. */
export function Gallery() {
  const {session} = useStores()
  const examples = useSession(({examples}) => examples)
  const open = useSession(({example}) => example?.id)
  if (examples.length === 0) return null
  return (
    <section className="menu-examples">
      <h2>Examples</h2>
      <ul>
        {examples.map((card) => (
          <li key={card.id}>
            <button
              type="button"
              aria-current={card.id === open ? 'true' : undefined}
              onClick={() => session.getState().openExample(card)}
            >
              <b>{card.title}</b>
              <span>
                {card.summary}, {bytes(card.bytes)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
