'use client'

import {useEffect, useId, useState} from 'react'
import {Dialog} from '@/components/controls/Dialog'
import {useStores} from '@/components/stores'
import {bytes as byteText, count} from '@/lib/core/number'
import type {Explanation} from '@/lib/explain/explanation'
import {mostRecordBytes} from '@/lib/share/container'
import {fitRecord, type Shareable} from '@/lib/share/fitRecord'
import {type HashLink, hashLink} from '@/lib/share/link'
import {type FileNames, named, namesOf} from '@/lib/share/named'
import {type Part, partNames, partSizes} from '@/lib/share/record'
import type {SharedView} from '@/lib/share/sharedView'
import {viewOf} from '@/lib/state/lensView'

/** What would leave the page, before anything does: each part can stay, and files have no name unless one is given. */
export function ShareSheet({explanation, onClose}: {explanation: Explanation; onClose: () => void}) {
  const {lens} = useStores()
  const [view] = useState(() => viewOf(lens.getState()))
  const [without, setWithout] = useState<readonly Part[]>(['samples'])
  const [names, setNames] = useState<FileNames | null>(null)
  const link = useLink({explanation, names, view, without})
  const shareable = (): Shareable => ({explanation: named(explanation, names), view, without})
  const keep = (part: Part, kept: boolean) =>
    setWithout(kept ? without.filter((other) => other !== part) : [...without, part])
  const pinned = view.pinned === null ? '' : `, with ${explanation.axes?.rowName ?? 'row'} ${view.pinned + 1} pinned`

  return (
    <Dialog title="Share this view" className="share-sheet" onClose={onClose}>
      <p>A colleague sees this figure{pinned}. The link holds what is ticked; no server keeps it.</p>
      <ul className="share-parts">
        <PartRow
          title="The numbers you see"
          note="Layer ranking, intervals, untrained twin, the finding"
          always
          link={link}
        />
        {parts.map(({part, title, note}) =>
          isIn(explanation, part) ? (
            <PartRow
              key={part}
              part={part}
              title={title}
              note={note(explanation)}
              kept={!without.includes(part)}
              onKeep={(kept) => keep(part, kept)}
              link={link}
            />
          ) : null
        )}
        <Names explanation={explanation} names={names} onNames={setNames} />
        <li>
          <input type="checkbox" disabled aria-label="The checkpoint" />
          <span>
            The checkpoint
            <small>Only its size and SHA-256 go along, so that anyone who has it can check the numbers</small>
          </span>
          <em>never</em>
        </li>
      </ul>
      <LinkField link={link} />
      <div className="actions">
        <button type="button" className="button" onClick={() => void saveRecord(shareable())}>
          Save as .densitylens
        </button>
      </div>
    </Dialog>
  )
}

interface PartText {
  readonly part: Part
  readonly title: string
  readonly note: (explanation: Explanation) => string
}

const parts: readonly PartText[] = [
  {part: 'gaussians', title: 'The Gaussians', note: ({heads}) => `Offsets and spreads of ${heads.length} heads`},
  {part: 'density', title: 'The heatmap', note: ({density}) => `${density!.rows} × ${density!.cols} densities`},
  {part: 'nullDensity', title: 'The untrained map', note: () => 'What the learned part of the heatmap is drawn from'},
  {part: 'signal', title: 'The signal', note: () => 'How the standardised values are distributed'},
  {
    part: 'samples',
    title: 'Predictions of single inputs',
    note: ({samples}) => `${count(samples.length)} inputs: labels and logits, no picture and no sound`
  },
  {part: 'classDensity', title: 'Maps by class', note: ({classDensity}) => `${classDensity!.length} classes`},
  {part: 'densityVariance', title: 'The variance map', note: () => 'How far inputs differ, cell by cell'},
  {part: 'lists', title: 'Names of other tensors', note: () => 'What of the checkpoint was missing or not used'}
]

function isIn(explanation: Explanation, part: Part): boolean {
  if (part === 'gaussians') return true
  if (part === 'lists') return explanation.model.missing.length + explanation.model.unused.length > 0
  if (part === 'pictures') return false
  const found = explanation[part]
  return part === 'samples' ? explanation.samples.length > 0 : found !== null && found !== undefined
}

interface PartRowProps {
  readonly part?: Part
  readonly title: string
  readonly note: string
  readonly always?: boolean
  readonly kept?: boolean
  readonly onKeep?: (kept: boolean) => void
  readonly link: LinkState
}

function PartRow({part, title, note, always = false, kept = true, onKeep, link}: PartRowProps) {
  const id = useId()
  return (
    <li>
      <input
        id={id}
        type="checkbox"
        checked={kept}
        disabled={always}
        onChange={({target}) => onKeep?.(target.checked)}
      />
      <label htmlFor={id}>
        {title}
        <small>{note}</small>
      </label>
      <em>{kept && link.kind === 'made' ? sizeOf(link.link, part) : ''}</em>
    </li>
  )
}

function sizeOf({bytes, dropped}: HashLink, part: Part | undefined): string {
  if (part && dropped.includes(part)) return 'no room'
  const {parts: sizes, rest} = partSizes(bytes)
  const size = part ? sizes.get(part) : rest
  return size === undefined ? '' : byteText(size)
}

interface NamesProps {
  readonly explanation: Explanation
  readonly names: FileNames | null
  readonly onNames: (names: FileNames | null) => void
}

/** File names stay here unless they are asked for, and can be others. */
function Names({explanation, names, onNames}: NamesProps) {
  const id = useId()
  const own = namesOf(explanation)
  return (
    <li>
      <input
        id={id}
        type="checkbox"
        checked={names !== null}
        onChange={({target}) => onNames(target.checked ? own : null)}
      />
      <span>
        <label htmlFor={id}>
          File names
          <small>{names ? 'As they will be read:' : 'Left out unless you tick this'}</small>
        </label>
        {names && (
          <>
            <input
              type="text"
              aria-label="Name of the checkpoint"
              value={names.checkpoint}
              onChange={({target}) => onNames({...names, checkpoint: target.value})}
            />
            {names.inputs.slice(0, 4).map((name, i) => (
              <input
                // biome-ignore lint/suspicious/noArrayIndexKey: a file is known by its place
                key={i}
                type="text"
                aria-label={`Name of inputs ${i + 1}`}
                value={name}
                onChange={({target}) =>
                  onNames({...names, inputs: names.inputs.map((other, at) => (at === i ? target.value : other))})
                }
              />
            ))}
          </>
        )}
      </span>
      <em />
    </li>
  )
}

type LinkState =
  | {readonly kind: 'making'}
  | {readonly kind: 'made'; readonly link: HashLink; readonly address: string}
  | {readonly kind: 'too-large'; readonly why: string}

function useLink({
  explanation,
  names,
  view,
  without
}: Shareable & {names: FileNames | null; view: SharedView}): LinkState {
  const [state, setState] = useState<LinkState>({kind: 'making'})
  useEffect(() => {
    let left = false
    hashLink({explanation: named(explanation, names), view, without: without ?? []}).then(
      (link) => left || setState({kind: 'made', link, address: location.origin + location.pathname + link.hash}),
      (error: Error) => left || setState({kind: 'too-large', why: error.message})
    )
    return () => {
      left = true
    }
  }, [explanation, names, view, without])
  return state
}

function LinkField({link}: {link: LinkState}) {
  const [copied, setCopied] = useState<string | null>(null)
  if (link.kind === 'making') return <p className="share-size">Making the link…</p>
  if (link.kind === 'too-large') return <p className="share-size">{link.why}</p>
  const {address} = link
  const {dropped, hash, bytes} = link.link
  return (
    <>
      <div className="share-link">
        <input type="text" readOnly aria-label="Link" value={address} onFocus={({target}) => target.select()} />
        <button
          type="button"
          className="button primary"
          data-focus
          onClick={() => navigator.clipboard.writeText(address).then(() => setCopied(address))}
        >
          {copied === address ? 'Copied' : 'Copy link'}
        </button>
      </div>
      <p className="share-size" role="status">
        {count(hash.length)} characters, {byteText(bytes.length)} in the address itself. No server keeps it, so it
        cannot expire.
        {dropped.length > 0 &&
          ` No room for ${dropped.map((part) => partNames[part]).join(', ')}; a file holds everything.`}
      </p>
    </>
  )
}

/** The same as a file, with every digit. */
async function saveRecord(shareable: Shareable) {
  const {bytes} = await fitRecord(shareable, mostRecordBytes)
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], {type: 'application/octet-stream'}))
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = 'explanation.densitylens'
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
