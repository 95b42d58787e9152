'use client'

import {useId} from 'react'
import type {Explanation} from '@/lib/explain/explanation'
import {type FileNames, namesOf} from '@/lib/share/named'

export interface FileNamesRowProps {
  readonly explanation: Explanation
  readonly names: FileNames | null
  readonly onNames: (names: FileNames | null) => void
}

/** Files that are named one by one; more of them go without fields. */
const mostFields = 4

/** File names stay here unless they are asked for, and can be others. */
export function FileNamesRow({explanation, names, onNames}: FileNamesRowProps) {
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
          <small>{names ? 'As they will be read; change them as you like' : 'Left out unless you tick this'}</small>
        </label>
        {names && (
          <>
            <input
              type="text"
              aria-label="Name of the checkpoint"
              value={names.checkpoint}
              onChange={({target}) => onNames({...names, checkpoint: target.value})}
            />
            {names.inputs.slice(0, mostFields).map((name, i) => (
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
