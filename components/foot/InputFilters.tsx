'use client'

import {Choice} from '@/components/controls/Choice'
import {count} from '@/lib/core/number'
import type {InputFilter, InputPage} from '@/lib/views/inputPage'

export interface InputFiltersProps {
  shown: InputPage
  filter: InputFilter
  classes: readonly string[] | null
  onChange: (filter: InputFilter) => void
}

/** All, the wrong ones, or one predicted class; each says how many it holds. */
export function InputFilters({shown, filter, classes, onChange}: InputFiltersProps) {
  const {total, wrong, byClass} = shown
  const name = (index: number) => classes?.[index] ?? String(index)
  const found = [...byClass]
  const words = found.map(([index]) => name(index))
  // As words where they fit on the line, else as a list to choose from.
  if (found.length === 0 && wrong === null) return null
  const asWords = found.length <= 12 && words.join('').length + 2 * words.length <= 34
  return (
    <div className="filters">
      <Choice
        label="Show inputs"
        options={[
          {value: 'all', text: `All ${count(total)}`},
          ...(wrong === null ? [] : [{value: 'wrong' as const, text: `Wrong ${count(wrong)}`}])
        ]}
        value={filter.kind}
        onChange={(kind) => onChange(kind === 'wrong' ? {kind} : {kind: 'all'})}
      />
      {found.length > 0 && asWords && (
        <Choice
          className="by-class"
          label="Class"
          labelled
          options={found.map(([index, many]) => ({
            value: String(index),
            text: name(index),
            label: `${name(index)}, ${count(many)} predicted`
          }))}
          value={filter.kind === 'class' ? String(filter.class) : ''}
          onChange={(value) => onChange({kind: 'class', class: Number(value)})}
        />
      )}
      {found.length > 0 && !asWords && (
        <select
          className="by-class"
          aria-label="Predicted class"
          value={filter.kind === 'class' ? String(filter.class) : ''}
          onChange={({target}) =>
            onChange(target.value === '' ? {kind: 'all'} : {kind: 'class', class: Number(target.value)})
          }
        >
          <option value="">Every class</option>
          {found.map(([index, many]) => (
            <option key={index} value={index}>
              {name(index)} ({count(many)})
            </option>
          ))}
        </select>
      )}
    </div>
  )
}
