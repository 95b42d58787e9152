'use client'

import {useId} from 'react'

export interface ChoiceOption<T extends string> {
  readonly value: T
  readonly text: string
  /** Said to those who do not see the row it stands in. */
  readonly label?: string
}

export interface ChoiceProps<T extends string> {
  label: string
  /** Writes the label in front. */
  labelled?: boolean
  options: readonly ChoiceOption<T>[]
  value: T
  onChange: (value: T) => void
  className?: string
}

/** One of a few, as underlined words: native radios, so arrow keys work. */
export function Choice<T extends string>({label, labelled, options, value, onChange, className}: ChoiceProps<T>) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label={label} className={className ? `choice ${className}` : 'choice'}>
      {labelled && (
        <span className="key" aria-hidden="true">
          {label}
        </span>
      )}
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            aria-label={option.label}
          />
          <span>{option.text}</span>
        </label>
      ))}
    </div>
  )
}
