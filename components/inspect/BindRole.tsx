'use client'

import {type DragEvent, useId, useRef, useState} from 'react'
import {TensorTree} from '@/components/inspect/TensorTree'
import type {TensorEntry} from '@/lib/formats/archive'
import type {DraftedRole} from '@/lib/state/handDraft'

/** Names that are offered while one is being typed. */
const mostOffered = 40

export interface BindRoleProps {
  readonly role: DraftedRole
  readonly name: string
  readonly tensors: ReadonlyMap<string, TensorEntry>
  /** What tensors are bound to already, by their names. */
  readonly notes: ReadonlyMap<string, string>
  /** The next tensor that is chosen goes here. */
  readonly target: boolean
  readonly onTarget: () => void
  readonly onName: (name: string) => void
  /** A tensor was chosen or dropped. */
  readonly onGive: (name: string) => void
}

/** One role: the name of its tensor, how it fits, and where the tree has no room beside it a tree of its own. */
export function BindRole({role: drafted, name, tensors, notes, target, onTarget, onName, onGive}: BindRoleProps) {
  const {role, shape, state, text} = drafted
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [choosing, setChoosing] = useState(false)
  const drop = (event: DragEvent) => {
    const dropped = event.dataTransfer.getData('text/plain')
    if (!tensors.has(dropped)) return
    event.preventDefault()
    event.stopPropagation()
    onGive(dropped)
  }
  return (
    <li
      data-state={state}
      aria-current={target || undefined}
      onDragOver={(event) => event.preventDefault()}
      onDrop={drop}
    >
      <label htmlFor={id}>{role}</label>
      <span className="bind-name">
        <input
          ref={input}
          id={id}
          list={target ? `${id} names` : undefined}
          value={name}
          placeholder={shape}
          aria-invalid={state === 'disagrees'}
          aria-describedby={`${id} check`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onFocus={onTarget}
          onChange={({target}) => onName(target.value)}
        />
        <button
          type="button"
          className="button bind-choose"
          aria-expanded={choosing}
          aria-label={`Choose a tensor for ${role}`}
          onClick={() => setChoosing(!choosing)}
        >
          Choose
        </button>
      </span>
      {target && (
        <datalist id={`${id} names`}>
          {offered(name, tensors).map((entry) => (
            <option key={entry.name} value={entry.name}>
              ({entry.shape.join(', ')})
            </option>
          ))}
        </datalist>
      )}
      <p id={`${id} check`}>{text}</p>
      {choosing && (
        <div className="bind-here">
          <TensorTree
            entries={[...tensors.values()]}
            label={`Tensors for ${role}`}
            notes={notes}
            firstOpen={[...notes.keys()]}
            chosen={name}
            onChoose={(entry) => {
              setChoosing(false)
              input.current!.focus()
              onGive(entry.name)
            }}
          />
        </div>
      )}
    </li>
  )
}

function offered(name: string, tensors: ReadonlyMap<string, TensorEntry>): TensorEntry[] {
  const part = name.trim().toLowerCase()
  const found: TensorEntry[] = []
  for (const entry of tensors.values()) {
    if (entry.name.toLowerCase().includes(part)) found.push(entry)
    if (found.length === mostOffered) break
  }
  return found
}
