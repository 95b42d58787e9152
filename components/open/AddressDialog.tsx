'use client'

import {type FormEvent, useId, useState} from 'react'
import {Dialog} from '@/components/controls/Dialog'
import {useStores} from '@/components/stores'
import {httpAddress} from '@/lib/formats/http/httpAddress'
import {mostWhole} from '@/lib/formats/http/httpSource'
import {sizeText} from '@/lib/formats/sizeText'

/** Asks for an address, and says who will be asked before anyone is. Several, one a line, are opened together. */
export function AddressDialog({onClose}: {onClose: () => void}) {
  const {session} = useStores()
  const field = useId()
  const hint = useId()
  const [text, setText] = useState('')
  const addresses = linesOf(text)
  const read = readAddresses(addresses)
  const ready = addresses.length > 0 && read.trouble === null

  const open = (event: FormEvent) => {
    event.preventDefault()
    if (!ready) return
    onClose()
    session.getState().openAddresses(addresses)
  }

  return (
    <Dialog title="Open an address" onClose={onClose}>
      <form className="address" onSubmit={open}>
        <label htmlFor={field}>
          An https address, or <code>owner/name</code> of the Hugging Face hub. Inputs may follow, one on each line.
        </label>
        <textarea
          id={field}
          rows={3}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          data-focus
          aria-describedby={hint}
          aria-invalid={addresses.length > 0 && !ready}
          value={text}
          onChange={({target}) => setText(target.value)}
          onKeyDown={(event) => {
            // Enter opens, as in any field of one line; Shift and Enter begin the next.
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) open(event)
          }}
        />
        <p id={hint} role="status" className={addresses.length > 0 && !ready ? 'address-hint wrong' : 'address-hint'}>
          {addresses.length === 0 ? 'Nobody is asked before you press Open.' : (read.trouble ?? willAsk(read.hosts))}
        </p>
        <p className="address-note">
          Only the parts that are needed are fetched, without cookies, names or passwords. A server that gives no parts
          is asked for all of the file, up to {sizeText(mostWhole)}. One that does not let other pages read its files
          (CORS) cannot be read from here: download the file and drop it.
        </p>
        <div className="actions">
          <button type="submit" className="button primary" disabled={!ready}>
            Open
          </button>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  )
}

const linesOf = (text: string) => text.split(/\s*\n\s*/).flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))

function readAddresses(addresses: readonly string[]): {hosts: readonly string[]; trouble: string | null} {
  try {
    return {hosts: [...new Set(addresses.map((address) => httpAddress(address).host))], trouble: null}
  } catch (error) {
    return {hosts: [], trouble: (error as Error).message}
  }
}

const willAsk = (hosts: readonly string[]) =>
  `${hosts.join(' and ')} will be asked, ${hosts.length === 1 ? 'and where it sends the request on to' : 'and where they send the requests on to'}; nobody else.`
