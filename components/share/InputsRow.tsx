'use client'

import {useId} from 'react'
import type {Choices} from '@/components/share/useShareable'
import {count} from '@/lib/core/number'
import {firstInputs, type InputChoice} from '@/lib/share/inputChoice'

export interface InputsRowProps {
  /** Inputs by choice. */
  readonly counts: Readonly<Record<InputChoice, number>>
  /** The input that is looked at. */
  readonly selected: number | null
  readonly pictured: boolean
  readonly choices: InputChoices
  readonly onChange: (to: Partial<InputChoices>) => void
  readonly sizes: {readonly inputs: string; readonly pictures: string}
  /** What the row is called, and what goes along of the inputs that are chosen. */
  readonly title?: string
  readonly what?: string
  readonly pictures?: string
}

export type InputChoices = Pick<Choices, 'inputs' | 'pictures'>

/** Which single inputs go along, and whether their pictures do; neither unless it is asked for. */
export function InputsRow({
  counts,
  selected,
  pictured,
  choices,
  onChange,
  sizes,
  title = 'Single inputs and their predictions',
  what = 'Labels, logits and probabilities of',
  pictures: ofPictures = 'Pictures of these inputs'
}: InputsRowProps) {
  const id = useId()
  const pictures = useId()
  const {inputs} = choices
  const along = inputs !== 'none'
  if (counts.all === 0) return null
  const offered: readonly (readonly [InputChoice, string])[] = [
    ['all', `all ${count(counts.all)} inputs`],
    ...(counts.wrong > 0 ? [['wrong', `the ${count(counts.wrong)} predicted wrongly`] as const] : []),
    ...(counts.all > firstInputs ? [['first', `the first ${firstInputs}`] as const] : []),
    ...(counts.selected > 0 ? [['selected', `input ${(selected ?? 0) + 1} alone`] as const] : [])
  ]
  return (
    <>
      <li>
        <input
          id={id}
          type="checkbox"
          checked={along}
          onChange={({target}) => onChange({inputs: target.checked ? 'all' : 'none', pictures: false})}
        />
        <span>
          <label htmlFor={id}>
            {title}
            <small>{along ? what : 'Left out unless you tick this'}</small>
          </label>
          {along && (
            <select
              aria-label="Which inputs"
              value={inputs}
              onChange={({target}) => onChange({inputs: target.value as InputChoice})}
            >
              {offered.map(([value, text]) => (
                <option key={value} value={value}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </span>
        <em>{along ? sizes.inputs : ''}</em>
      </li>
      {pictured && (
        <li>
          <input
            id={pictures}
            type="checkbox"
            checked={along && choices.pictures}
            disabled={!along}
            onChange={({target}) => onChange({pictures: target.checked})}
          />
          <label htmlFor={pictures}>
            {ofPictures}
            <small>{along ? 'Left out unless you tick this' : 'Only with the inputs they are of'}</small>
          </label>
          <em>{along && choices.pictures ? sizes.pictures : ''}</em>
        </li>
      )}
    </>
  )
}
