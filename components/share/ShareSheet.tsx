'use client'

import {type ReactNode, useEffect, useId, useState} from 'react'
import {Choice} from '@/components/controls/Choice'
import {Dialog} from '@/components/controls/Dialog'
import {CopyField} from '@/components/share/CopyField'
import {FileNamesRow} from '@/components/share/FileNamesRow'
import {InputsRow} from '@/components/share/InputsRow'
import {SharePreview} from '@/components/share/SharePreview'
import {StoreCopy} from '@/components/share/StoreCopy'
import {saveRecord} from '@/components/share/saveRecord'
import {type Made, useMade, type Way} from '@/components/share/useMade'
import {type Choices, type ShareSubject, useShareable} from '@/components/share/useShareable'
import {useSession} from '@/components/stores'
import {bytes as byteText, count, plural} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import {type Part, partNames} from '@/lib/share/partNames'
import {partSizes} from '@/lib/share/record'
import {type StoreTerms, storeTerms} from '@/lib/share/storeExplanation'

/** What would leave the page, before anything does: each part can stay, and files have no name unless one is given. */
export function ShareSheet({explanation: shown, onClose}: {explanation: Explanation; onClose: () => void}) {
  const open = useSession(({explanation}) => explanation) ?? shown
  const [way, setWay] = useState<Way>('link')
  const [choices, setChoices] = useState<Choices>({
    without: [],
    inputs: 'none',
    pictures: false,
    names: null,
    notes: true,
    edits: true
  })
  const subject = useShareable(open, choices)
  const made = useMade(subject.waiting ? null : subject.shareable, way)
  const terms = useTerms()
  const change = (to: Partial<Choices>) => setChoices({...choices, ...to})
  const days = terms && Math.round(terms.expiresMs / 86_400_000)
  const fitted = made.kind === 'made' ? made.fitted : null
  const {explanation, view} = subject
  const pinned = view.pinned === null ? '' : `, with ${explanation.axes?.rowName ?? 'row'} ${view.pinned + 1} pinned`

  return (
    <Dialog title="Share this view" className="share-sheet" onClose={onClose}>
      <p>A colleague sees exactly this figure{pinned}. Nothing leaves this page unless you store a copy.</p>
      <SharePreview bytes={fitted?.bytes ?? null} />
      <ul className="share-parts">
        <PartRow
          title="The numbers you see"
          note={`Ranking of ${explanation.axes?.rowName ?? 'layer'}s, intervals, untrained twin, the finding`}
          size={sizeOf(made, null)}
        />
        <Edits subject={subject} choices={choices} onChange={change} />
        {subject.notes > 0 && (
          <PartRow
            title={`Your ${plural(subject.notes, 'note')}`}
            note="As they read, pinned where they are"
            kept={choices.notes}
            onKeep={(notes) => change({notes})}
          />
        )}
        {parts.map(({part, title, note}) =>
          isIn(explanation, part) ? (
            <PartRow
              key={part}
              title={title}
              note={note(explanation)}
              kept={!choices.without.includes(part)}
              onKeep={(kept) =>
                change({
                  without: kept ? choices.without.filter((other) => other !== part) : [...choices.without, part]
                })
              }
              size={sizeOf(made, part)}
            />
          ) : null
        )}
        <InputsRow
          counts={subject.counts}
          selected={subject.view.sample ?? null}
          pictured={subject.pictured}
          choices={choices}
          onChange={change}
          sizes={{inputs: sizeOf(made, 'samples'), pictures: sizeOf(made, 'pictures')}}
        />
        <FileNamesRow explanation={explanation} names={choices.names} onNames={(names) => change({names})} />
        <PartRow
          title="The checkpoint"
          note="Only its size and SHA-256 go along, so that anyone who has it can check the numbers"
          kept={false}
          size="never"
        />
      </ul>
      <Choice
        className="share-ways"
        label="How"
        options={[
          {value: 'link', text: 'Link holds everything'},
          {value: 'store', text: days === null ? 'Store a copy' : `Store a copy for ${days} days`}
        ]}
        value={way}
        onChange={setWay}
      />
      {subject.waiting && <p className="share-size">{subject.waiting}</p>}
      {made.kind === 'failed' && (
        <p className="share-size" role="status">
          {made.why}
        </p>
      )}
      {way === 'link' ? (
        <HashField made={made} />
      ) : (
        <StoreCopy bytes={fitted?.bytes ?? null} days={days} dropped={droppedText(made)} />
      )}
      <p className="share-save">
        Or save
        <button
          type="button"
          className="button"
          disabled={subject.waiting !== null}
          onClick={() => void saveRecord(subject.shareable)}
        >
          .densitylens
        </button>
        <span className="share-size">the same as a file, with every digit</span>
      </p>
    </Dialog>
  )
}

function useTerms(): StoreTerms | null {
  const [terms, setTerms] = useState<StoreTerms | null>(null)
  useEffect(() => {
    let left = false
    storeTerms().then((said) => left || setTerms(said))
    return () => {
      left = true
    }
  }, [])
  return terms
}

interface PartText {
  readonly part: Exclude<Part, 'samples' | 'pictures'>
  readonly title: string
  readonly note: (explanation: Explanation) => string
}

const parts: readonly PartText[] = [
  {
    part: 'gaussians',
    title: 'The Gaussians',
    note: ({heads}) => `Offsets and spreads of ${plural(heads.length, 'head')}`
  },
  {
    part: 'density',
    title: 'The heatmap',
    note: ({density}) => `${count(density!.rows)} × ${count(density!.cols)} densities`
  },
  {part: 'nullDensity', title: 'The untrained map', note: () => 'What the learned part of the heatmap is drawn from'},
  {part: 'signal', title: 'The signal', note: () => 'How the standardised values are distributed'},
  {
    part: 'classDensity',
    title: 'Maps by class',
    note: ({classDensity}) => plural(classDensity!.length, 'class', 'classes')
  },
  {part: 'densityVariance', title: 'The variance map', note: () => 'How far inputs differ, cell by cell'},
  {part: 'lists', title: 'Names of other tensors', note: () => 'What of the checkpoint was missing or not used'}
]

function isIn(explanation: Explanation, part: PartText['part']): boolean {
  if (part === 'gaussians') return explanation.heads.length > 0
  if (part === 'lists') return explanation.model.missing.length + explanation.model.unused.length > 0
  const found = explanation[part]
  return found !== null && found !== undefined
}

interface PartRowProps {
  readonly title: string
  readonly note: ReactNode
  readonly kept?: boolean
  /** Absent where there is no choice. */
  readonly onKeep?: (kept: boolean) => void
  readonly size?: string
}

function PartRow({title, note, kept = true, onKeep, size = ''}: PartRowProps) {
  const id = useId()
  return (
    <li>
      <input
        id={id}
        type="checkbox"
        checked={kept}
        disabled={!onKeep}
        onChange={({target}) => onKeep?.(target.checked)}
      />
      <label htmlFor={id}>
        {title}
        <small>{note}</small>
      </label>
      <em>{kept || !onKeep ? size : ''}</em>
    </li>
  )
}

function Edits({
  subject,
  choices,
  onChange
}: {
  subject: ShareSubject
  choices: Choices
  onChange: (to: Partial<Choices>) => void
}) {
  const {edits, version} = subject
  const own = useSession(({files}) => files !== null)
  return (
    <>
      {edits > 0 && (
        <PartRow
          title={`${own ? 'Your' : 'Its'} ${plural(edits, 'edit')}`}
          note={
            choices.edits
              ? 'The numbers are those that follow from them, and it says so'
              : 'Left out: the numbers are the checkpoint’s own'
          }
          kept={choices.edits}
          {...(own ? {onKeep: (kept: boolean) => onChange({edits: kept})} : {})}
        />
      )}
      {version !== null && <PartRow title={`Version ${version}`} note="Which version of the watched file it is" />}
    </>
  )
}

function sizeOf(made: Made, part: Part | null): string {
  if (made.kind !== 'made') return ''
  const {bytes, dropped} = made.fitted
  if (part && dropped.includes(part)) return 'no room'
  const {parts: sizes, rest} = partSizes(bytes)
  const size = part ? sizes.get(part) : rest
  return size === undefined ? '' : byteText(size)
}

function droppedText(made: Made): string {
  const dropped = made.kind === 'made' ? made.fitted.dropped : []
  return dropped.length > 0 ? ` No room for ${dropped.map((part) => partNames[part]).join(', ')}.` : ''
}

function HashField({made}: {made: Made}) {
  if (made.kind === 'failed') return null
  const address = made.kind === 'made' ? made.address : null
  const dropped = droppedText(made)
  return (
    <>
      <CopyField label="Link" value={address} button="Copy link" primary />
      <p className="share-size" role="status">
        {made.kind === 'made' && address
          ? `${byteText(made.fitted.bytes.length)} in the address itself, ${count(address.length)} characters. `
          : ''}
        No server keeps it, so it cannot expire.
        {dropped && `${dropped} A stored copy or a file holds everything.`}
      </p>
    </>
  )
}
