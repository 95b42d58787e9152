'use client'

import {useState} from 'react'

export interface CopyFieldProps {
  readonly label: string
  readonly value: string
  readonly button: string
  readonly primary?: boolean
}

/** An address to be copied. */
export function CopyField({label, value, button, primary = false}: CopyFieldProps) {
  const [copied, setCopied] = useState<string | null>(null)
  return (
    <div className="share-link">
      <input type="text" readOnly aria-label={label} value={value} onFocus={({target}) => target.select()} />
      <button
        type="button"
        className={primary ? 'button primary' : 'button'}
        {...(primary ? {'data-focus': true} : {})}
        onClick={() => navigator.clipboard.writeText(value).then(() => setCopied(value))}
      >
        {copied === value ? 'Copied' : button}
      </button>
    </div>
  )
}
