'use client'

import {type FormEvent, useMemo, useState} from 'react'
import {BindRole} from '@/components/inspect/BindRole'
import {TensorTree} from '@/components/inspect/TensorTree'
import {useSession, useStores} from '@/components/stores'
import type {FileReport, Openable} from '@/lib/engine/protocol'
import {capital} from '@/lib/explain/words'
import {handFamilies, notByHand} from '@/lib/models/handRoles'
import {firstDraft, type HandDraft, mostHeads, nextLacking, readDraft} from '@/lib/state/handDraft'

/**
 * Roles of a mechanism beside the tensors of the file. A tensor is given to a role by typing its name, by choosing it in
 * the tree, or by dragging it; each role says how it fits.
 */
export function BindByHand({report, file, onDone}: {report: FileReport; file: Openable; onDone: () => void}) {
  const {session} = useStores()
  const open = useSession(({files}) => files?.checkpoint === file)
  const before = useSession(({settings}) => settings)
  const known = useSession(({explanation}) => explanation?.model.classes ?? null)
  const [draft, setDraft] = useState(() => firstDraft(report, open ? before : {}, open ? known : null))
  const tensors = useMemo(() => new Map(report.entries.map((entry) => [entry.name, entry])), [report])
  const {roles, obstacle, mapIsWrong, classesAreWrong, settings, classes} = readDraft(draft, tensors)
  const [chosen, setChosen] = useState<string | null>(null)
  // The role that the next tensor goes to.
  const target =
    roles.find(({role}) => role === chosen)?.role ?? roles.find(({lacking}) => lacking)?.role ?? roles[0]?.role ?? ''
  const own = handFamilies.find(({family}) => family === draft.family)
  const change = (part: Partial<HandDraft>) => setDraft({...draft, ...part})
  const give = (role: string, name: string) => {
    const next = {...draft, names: {...draft.names, [role]: name}}
    setDraft(next)
    setChosen(nextLacking(readDraft(next, tensors).roles, role))
  }
  const apply = (event: FormEvent) => {
    event.preventDefault()
    if (obstacle !== null) return
    onDone()
    session.getState().bind(file, settings, classes)
  }
  const notes = new Map(roles.map(({role}) => [draft.names[role] ?? '', role]))

  return (
    <form className="bind" onSubmit={apply}>
      <div className="bind-top">
        <label>
          Family
          <select value={draft.family} onChange={({target}) => change({family: target.value as HandDraft['family']})}>
            {[...handFamilies, ...notByHand].map(({family, title}) => (
              <option key={family} value={family}>
                {title}
              </option>
            ))}
          </select>
        </label>
        {own && (
          <>
            <label>
              {capital(`${own.counted ?? 'head'}s`)}
              <input
                type="number"
                min={1}
                max={mostHeads}
                value={draft.heads}
                onChange={({target}) =>
                  change({heads: Math.max(1, Math.min(mostHeads, Math.floor(Number(target.value)) || 1))})
                }
              />
            </label>
            <label>
              Map size
              <input
                placeholder="32 × 32"
                value={draft.map}
                aria-invalid={mapIsWrong}
                onChange={({target}) => change({map: target.value})}
              />
            </label>
            <label className="grow">
              Class names
              <input
                placeholder="anger, joy, …"
                value={draft.classes}
                aria-invalid={classesAreWrong}
                onChange={({target}) => change({classes: target.value})}
              />
            </label>
          </>
        )}
      </div>
      {own ? (
        <>
          <div className="bind-columns">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
            <section className="scroll" tabIndex={0} aria-label="Roles">
              <ul className="bind-roles">
                {roles.map((role) => (
                  <BindRole
                    key={role.role}
                    role={role}
                    name={draft.names[role.role] ?? ''}
                    tensors={tensors}
                    notes={notes}
                    target={role.role === target}
                    onTarget={() => setChosen(role.role)}
                    onName={(name) => change({names: {...draft.names, [role.role]: name}})}
                    onGive={(name) => give(role.role, name)}
                  />
                ))}
              </ul>
            </section>
            <section className="bind-tensors" aria-label="Tensors to give to a role">
              <p className="key">
                Enter or a click gives a tensor to <b>{target}</b>; dragging gives it to any role.
              </p>
              <TensorTree
                entries={report.entries}
                label="Tensors"
                notes={notes}
                firstOpen={[...notes.keys()]}
                chosen={draft.names[target] ?? null}
                onChoose={({name}) => give(target, name)}
                draggable
              />
            </section>
          </div>
          <div className="actions">
            <button type="submit" className="button primary" disabled={obstacle !== null}>
              Apply
            </button>
            <p role="status" className="quiet">
              {[obstacle ?? 'Every role fits.', own.without].filter(Boolean).join(' ')}
            </p>
          </div>
        </>
      ) : (
        <p role="status" className="bind-never">
          {obstacle}
        </p>
      )}
    </form>
  )
}
