'use client'

import {useState} from 'react'

export interface CopyFieldProps {
  readonly label: string
  /** Null while it is being made. */
  readonly value: string | null
  readonly button: string
  readonly primary?: boolean
}

/** An address to be copied. */
export function CopyField({label, value, button, primary = false}: CopyFieldProps) {
  const [copied, setCopied] = useState<string | null>(null)
  return (
    <div className="share-link">
      <input
        type="text"
        readOnly
        aria-label={label}
        value={value ?? 'Making the link…'}
        disabled={value === null}
        onFocus={({target}) => target.select()}
      />
      <button
        type="button"
        className={primary ? 'button primary' : 'button'}
        {...(primary ? {'data-focus': true} : {})}
        aria-disabled={value === null}
        onClick={() => value && navigator.clipboard.writeText(value).then(() => setCopied(value))}
      >
        {copied !== null && copied === value ? 'Copied' : button}
      </button>
    </div>
  )
}
