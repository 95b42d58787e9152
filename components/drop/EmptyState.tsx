'use client'

import {DropBand} from '@/components/drop/DropBand'
import {ExampleTile} from '@/components/drop/ExampleTile'
import {useRoom} from '@/components/room'
import {useSession} from '@/components/stores'

const panels = [
  ['a', 'Importance Factor'],
  ['b', 'Learned part'],
  ['c', 'Density attention'],
  ['d', 'Gaussians'],
  ['e', 'Signal']
] as const

/** The figure before there is one: its rules and letters, the band to drop on, and the examples to start from. */
export function EmptyState() {
  const {pick, show} = useRoom()
  const examples = useSession(({examples}) => examples)
  return (
    <div className="empty" id="figure" tabIndex={-1}>
      <div className="empty-figure">
        {panels.map(([letter, name]) => (
          <div key={letter} className="empty-panel" data-letter={letter}>
            <h2>
              <i>{letter}</i> {name}
            </h2>
            <div className="empty-rows" />
          </div>
        ))}
        <DropBand headline="Drop a checkpoint here" />
        <div className="empty-words">
          <p>
            Anything <code>torch.save</code> or <code>safetensors</code> wrote, of any size. Drop input features with
            it, or later. Files are read in place and never leave this page.
          </p>
          <div className="actions">
            <button type="button" className="button primary" onClick={pick}>
              Open a file…
            </button>
            <kbd>Ctrl O</kbd>
            <button type="button" className="button" onClick={() => show('address')}>
              Open an address…
            </button>
          </div>
        </div>
      </div>
      {examples.length > 0 && (
        <section className="empty-examples" aria-label="Examples">
          {examples.map((card, index) => (
            <ExampleTile key={card.id} card={card} first={index === 0} />
          ))}
        </section>
      )}
    </div>
  )
}
