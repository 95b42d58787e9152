'use client'

import {type DragEvent, type FormEvent, useId, useMemo, useState} from 'react'
import {useSession, useStores} from '@/components/stores'
import type {FileReport, Openable} from '@/lib/engine/protocol'
import type {TensorEntry} from '@/lib/formats/archive'
import type {Settings} from '@/lib/models/family'
import {checkRoles, type HandFamily, handRoles} from '@/lib/models/handRoles'

const families: readonly {readonly value: HandFamily; readonly text: string}[] = [
  {value: 'layer-density', text: 'density attention over layers'},
  {value: 'density-block', text: 'density block'}
]
const mostHeads = 64

/** Roles of a mechanism beside tensors of the file: by typing, choosing or dragging a name. Each role says how it fits. */
export function BindByHand({report, file, onDone}: {report: FileReport; file: Openable; onDone: () => void}) {
  const {session} = useStores()
  const before = useSession(({settings}) => settings)
  const {detection, entries} = report
  const [family, setFamily] = useState<HandFamily>(
    detection.family === 'density-block' ? 'density-block' : 'layer-density'
  )
  const [heads, setHeads] = useState(
    detection.family === null ? 1 : Math.max(1, Math.min(mostHeads, detection.headCount))
  )
  const [names, setNames] = useState<Readonly<Record<string, string>>>(
    () =>
      before.bindings ??
      Object.fromEntries(detection.family === null ? [] : detection.bindings.map(({role, name}) => [role, name]))
  )
  const [map, setMap] = useState('')
  const [classes, setClasses] = useState('')
  const list = useId()
  const byName = useMemo(() => new Map(entries.map((entry) => [entry.name, entry])), [entries])
  const roles = handRoles(family, heads)
  const filled = (role: string): TensorEntry | undefined => byName.get((names[role] ?? '').trim())
  const checks = checkRoles(family, heads, filled)
  const open = roles.filter(({role, needed}) => needed && !filled(role)).length
  const wrong = roles.filter(
    ({role}) => checks.get(role)!.state === 'disagrees' || isUnknown(names[role], byName)
  ).length
  const [height, width] = mapOf(map)
  const mapIsWrong = map.trim() !== '' && height === undefined
  const ready = open === 0 && wrong === 0 && !mapIsWrong

  const apply = (event: FormEvent) => {
    event.preventDefault()
    if (!ready) return
    const bindings = Object.fromEntries(roles.flatMap(({role}) => (filled(role) ? [[role, filled(role)!.name]] : [])))
    const settings: Settings = {family, heads, bindings, ...(height && width ? {map: [height, width]} : {})}
    const named = classes
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean)
    onDone()
    session.getState().bind(file, settings, named.length > 0 ? named : null)
  }
  const drop = (role: string) => (event: DragEvent) => {
    const name = event.dataTransfer.getData('text/plain')
    if (!byName.has(name)) return
    event.preventDefault()
    event.stopPropagation()
    setNames({...names, [role]: name})
  }

  return (
    <form className="bind" onSubmit={apply}>
      <div className="bind-top">
        <label>
          Family
          <select value={family} onChange={({target}) => setFamily(target.value as HandFamily)}>
            {families.map(({value, text}) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label>
          Heads
          <input
            type="number"
            min={1}
            max={mostHeads}
            value={heads}
            onChange={({target}) => setHeads(Math.max(1, Math.min(mostHeads, Math.floor(Number(target.value)) || 1)))}
          />
        </label>
        <label>
          Map size
          <input
            placeholder="32 × 32"
            value={map}
            aria-invalid={mapIsWrong}
            onChange={({target}) => setMap(target.value)}
          />
        </label>
        <label className="grow">
          Class names
          <input placeholder="anger, joy, …" value={classes} onChange={({target}) => setClasses(target.value)} />
        </label>
      </div>
      <datalist id={list}>
        {entries.slice(0, 2000).map(({name, shape}) => (
          <option key={name} value={name}>
            ({shape.join(', ')})
          </option>
        ))}
      </datalist>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="scroll" tabIndex={0} aria-label="Roles">
        <div className="bind-columns">
          <ul className="bind-roles">
            {roles.map(({role, shape}) => {
              const check = checks.get(role)!
              const unknown = isUnknown(names[role], byName)
              const state = unknown ? 'disagrees' : check.state
              return (
                <li key={role} data-state={state} onDragOver={(event) => event.preventDefault()} onDrop={drop(role)}>
                  <label htmlFor={`${list} ${role}`}>{role}</label>
                  <input
                    id={`${list} ${role}`}
                    list={list}
                    value={names[role] ?? ''}
                    placeholder={shape}
                    aria-invalid={state === 'disagrees'}
                    aria-describedby={`${list} ${role} check`}
                    autoComplete="off"
                    spellCheck={false}
                    onChange={({target}) => setNames({...names, [role]: target.value})}
                  />
                  <p id={`${list} ${role} check`}>{unknown ? 'no tensor has this name' : check.text}</p>
                </li>
              )
            })}
          </ul>
          <ul className="bind-tensors" aria-label="Tensors to drag">
            {entries.slice(0, 200).map(({name, shape}) => (
              <li key={name} draggable onDragStart={({dataTransfer}) => dataTransfer.setData('text/plain', name)}>
                <code>{name}</code> <span className="key">({shape.join(', ')})</span>
              </li>
            ))}
          </ul>
        </div>
      </section>
      <div className="actions">
        <button type="submit" className="button primary" disabled={!ready}>
          Apply
        </button>
        <p role="status" className="quiet">
          {mapIsWrong
            ? 'A map size is height × width.'
            : wrong > 0
              ? `${wrong} of ${roles.length} roles disagree.`
              : open > 0
                ? `${open} of ${roles.length} roles still need a tensor.`
                : 'Every role fits.'}
        </p>
      </div>
    </form>
  )
}

const isUnknown = (name: string | undefined, known: ReadonlyMap<string, unknown>) =>
  (name ?? '').trim() !== '' && !known.has(name!.trim())

/** `32 × 32` or `32x32`; empty when it is neither. */
function mapOf(text: string): [] | [number, number] {
  const [, height, width] = /^\s*([1-9]\d{0,5})\s*[x×,]\s*([1-9]\d{0,5})\s*$/i.exec(text) ?? []
  return height && width ? [Number(height), Number(width)] : []
}
