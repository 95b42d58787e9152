'use client'

import {useEffect, useRef, useState} from 'react'
import {CopyField} from '@/components/share/CopyField'
import {CancelledError} from '@/lib/core/errors'
import {bytes as byteText} from '@/lib/core/number'
import {deletionLink} from '@/lib/share/deletionLink'
import {type StoredExplanation, storeExplanation} from '@/lib/share/storeExplanation'

export interface StoreCopyProps {
  /** The record; null while it is being made. */
  readonly bytes: Uint8Array | null
  /** Days that the server keeps it; null where it does not say. */
  readonly days: number | null
  readonly dropped: string
}

type State =
  | {readonly kind: 'ready'}
  | {readonly kind: 'sending'; readonly share: number; readonly stop: AbortController}
  | {readonly kind: 'stored'; readonly stored: StoredExplanation; readonly of: Uint8Array}
  | {readonly kind: 'failed'; readonly why: string}

/** Puts the record on the server of this page, when that is asked for, and gives the ways to it and to be rid of it. */
export function StoreCopy({bytes, days, dropped}: StoreCopyProps) {
  const [state, setState] = useState<State>({kind: 'ready'})
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])

  const send = async (record: Uint8Array) => {
    const controller = new AbortController()
    stop.current = controller
    setState({kind: 'sending', share: 0, stop: controller})
    const onProgress = (share: number) => setState({kind: 'sending', share, stop: controller})
    try {
      const stored = await storeExplanation(record, {signal: controller.signal, onProgress})
      setState({kind: 'stored', stored, of: record})
    } catch (error) {
      setState(error instanceof CancelledError ? {kind: 'ready'} : {kind: 'failed', why: (error as Error).message})
    }
  }

  // What was changed after it was stored is not what is stored.
  if (state.kind === 'stored' && (bytes === null || state.of === bytes)) return <Stored stored={state.stored} />
  if (state.kind === 'sending') {
    const percent = Math.round(state.share * 100)
    return (
      <div className="share-sending">
        <progress value={state.share} max={1} aria-label="Sent" />
        <p role="status" className="share-size">
          {state.share < 1 ? `${percent} % sent` : 'Sent; the server is checking it'}
        </p>
        <button type="button" className="button" onClick={() => state.stop.abort()}>
          Cancel
        </button>
      </div>
    )
  }
  const kept = days === null ? 'until it expires' : `for ${days} ${days === 1 ? 'day' : 'days'}`
  return (
    <>
      <p className="share-size">
        {bytes
          ? `${location.host} keeps ${byteText(bytes.length)} ${kept}. Whoever has the link can read it; you get a second link that deletes it.${dropped}`
          : 'Making the record…'}
      </p>
      {state.kind === 'failed' && (
        <p className="share-size bad" role="alert">
          {state.why}
        </p>
      )}
      <button
        type="button"
        className="button primary"
        data-focus
        disabled={bytes === null}
        onClick={() => bytes && void send(bytes)}
      >
        {state.kind === 'failed' ? 'Try again' : 'Store a copy'}
      </button>
    </>
  )
}

function Stored({stored: {id, url, deleteToken, expires}}: {stored: StoredExplanation}) {
  return (
    <div className="share-stored">
      <CopyField label="Link" value={url} button="Copy link" primary />
      <p className="share-size" role="status">
        Stored. {expires ? `It is deleted on ${dateText(expires)}.` : 'It does not expire.'}
      </p>
      {deleteToken === null ? (
        <p className="share-size">Somebody stored the very same before; only they can delete it earlier.</p>
      ) : (
        <>
          <CopyField
            label="Deletion link"
            value={deletionLink(location.origin, {id, token: deleteToken})}
            button="Copy"
          />
          <p className="share-size">This link deletes it, for whoever has it. It is shown once: keep it to yourself.</p>
        </>
      )}
    </div>
  )
}

const dateText = (iso: string): string =>
  new Intl.DateTimeFormat('en-GB', {day: 'numeric', month: 'long', year: 'numeric'}).format(new Date(iso))
