'use client'

import {useState} from 'react'
import {InputFilters} from '@/components/foot/InputFilters'
import {InputTile} from '@/components/foot/InputTile'
import {useLiveStore} from '@/components/live/LiveContext'
import {useRoom} from '@/components/room'
import {useLens, useSession, useStores} from '@/components/stores'
import {count} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import {neededInputs, rowsWithoutGaussians} from '@/lib/explain/neededInputs'
import {questionOf} from '@/lib/state/exampleCard'
import {type InputFilter, type InputPage, inputPage} from '@/lib/views/inputPage'

/** The inputs in pages of 24, with what was predicted for each. */
export function Inputs({explanation}: {explanation: Explanation}) {
  const {samples, model} = explanation
  const {pick} = useRoom()
  const [filter, setFilter] = useState<InputFilter>({kind: 'all'})
  const [wanted, setWanted] = useState(0)
  const shown = inputPage(samples, filter, wanted)
  const choose = (next: InputFilter) => {
    setFilter(next)
    setWanted(0)
  }
  return (
    <section className="cell inputs" aria-labelledby="inputs-title">
      <header>
        <h2 id="inputs-title">Inputs</h2>
        {samples.length > 0 && <span className="gloss">{glossOf(shown)}</span>}
        {shown.pages > 1 && <Pager shown={shown} onTurn={setWanted} />}
        <TryLink />
        <button type="button" className="link" onClick={pick}>
          Open…
        </button>
      </header>
      {samples.length > 0 ? (
        <>
          <Strip shown={shown} explanation={explanation} />
          <InputFilters shown={shown} filter={filter} classes={model.classes} onChange={choose} />
        </>
      ) : (
        <p className="quiet">{withoutInputs(explanation)}</p>
      )}
    </section>
  )
}

/** Whether an encoder's output alone is an input: Gaussians standardise features, and a pyramid takes a spectrogram. */
const readsOne = ({heads, model}: Explanation) => heads.length > 0 || model.family === 'deformable-audio'

/** Inputs can be made here: with the open example's encoder, or with one that is opened beside the checkpoint. */
function TryLink() {
  const live = useLiveStore()
  const card = useSession(({example}) => (example?.encoder === undefined ? null : example))
  const runs = useSession(({files, explanation}) => files !== null && explanation !== null && readsOne(explanation))
  if (!live || !(card || runs)) return null
  return (
    <button type="button" className="link try-link" onClick={() => live.getState().open()}>
      {!card ? 'Try one' : card.clips ? 'Speak one' : card.texts ? 'Write one' : 'Draw one'}
    </button>
  )
}

function Strip({shown, explanation}: {shown: InputPage; explanation: Explanation}) {
  const {lens} = useStores()
  const chosen = useLens(({sample}) => sample)
  const pictures = useSession(({pictures}) => pictures)
  const example = useSession(({example}) => example)
  return (
    <div className="strip" role="radiogroup" aria-label="Input">
      {shown.tiles.map((tile) => (
        <InputTile
          key={tile.index}
          tile={tile}
          name={questionOf(example, tile.index) ?? explanation.samples[tile.index]!.name}
          classes={explanation.model.classes}
          pictures={pictures && tile.index < pictures.count ? pictures : null}
          chosen={tile.index === chosen}
          onChoose={() => lens.getState().selectSample(tile.index)}
        />
      ))}
    </div>
  )
}

function Pager({shown: {page, pages}, onTurn}: {shown: InputPage; onTurn: (page: number) => void}) {
  return (
    <span className="pager">
      <button type="button" aria-label="Earlier inputs" disabled={page === 0} onClick={() => onTurn(page - 1)}>
        ‹
      </button>
      <button type="button" aria-label="Later inputs" disabled={page === pages - 1} onClick={() => onTurn(page + 1)}>
        ›
      </button>
    </span>
  )
}

function glossOf({tiles, count: passing, page, total}: InputPage): string {
  const first = page * 24 + 1
  const range = tiles.length === 0 ? 'none' : `${count(first)}–${count(first + tiles.length - 1)}`
  return `${range} of ${count(passing === total ? total : passing)}${passing === total ? '' : ' that pass'}`
}

function withoutInputs({model, provenance}: Explanation): string {
  const what = rowsWithoutGaussians(model.family) ? neededInputs(model.family) : 'feature tensors'
  const saved = 'The maps come from the checkpoint’s own validation run. '
  const invitation = `Drop ${what} here to run the model on them: then come the untrained twin, intervals and predictions.`
  return provenance.maps === 'saved' ? saved + invitation : invitation
}
