'use client'

import {type KeyboardEvent, useEffect, useId, useMemo, useRef, useState} from 'react'
import {TensorLook} from '@/components/inspect/TensorLook'
import {bytes, count} from '@/lib/core/number'
import type {FileReport, Openable} from '@/lib/engine/protocol'
import {type TreeRow, treeRows} from '@/lib/views/tensorTree'

const rowHeight = 26
const spare = 8

/** The tree of a file's tensors, of which only the lines in sight are in the page, and a closer look at one. */
export function TensorExplorer({report, file}: {report: FileReport; file: Openable | null}) {
  const {entries, detection} = report
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(firstOpen(report)))
  const [active, setActive] = useState(0)
  const [chosen, setChosen] = useState<string | null>(null)
  const rows = useMemo(() => treeRows(entries, open, search), [entries, open, search])
  const roles = useMemo(
    () => new Map(detection.family === null ? [] : detection.bindings.map(({name, role}) => [name, role])),
    [detection]
  )
  const entry = entries.find(({name}) => name === chosen) ?? null
  const found = search.trim() === '' ? null : rows.filter((row) => row.entry).length
  const toggle = (row: TreeRow) => {
    const next = new Set(open)
    if (!next.delete(row.path)) next.add(row.path)
    setOpen(next)
  }
  const choose = (row: TreeRow) => (row.entry ? setChosen(row.entry.name) : toggle(row))
  return (
    <div className={entry ? 'explorer looking' : 'explorer'}>
      <div className="explorer-tree">
        <label className="search">
          <span className="visually-hidden">Find a tensor by name</span>
          <input
            type="search"
            placeholder="Find by name"
            value={search}
            onChange={({target}) => {
              setSearch(target.value)
              setActive(0)
            }}
          />
          <span className="key" role="status">
            {found === null ? '' : `${count(found)} of ${count(entries.length)}`}
          </span>
        </label>
        <Tree
          rows={rows}
          roles={roles}
          active={Math.min(active, rows.length - 1)}
          chosen={chosen}
          onActive={setActive}
          onToggle={toggle}
          onChoose={choose}
        />
      </div>
      {entry && <TensorLook key={entry.name} entry={entry} role={roles.get(entry.name) ?? null} file={file} />}
    </div>
  )
}

/** A short file shows everything; of a long one, what was recognised. */
function firstOpen({entries, detection}: FileReport): string[] {
  const names = entries.length <= 60 ? entries : detection.family === null ? [] : detection.bindings
  return names.flatMap(({name}) => {
    const parts = name.split('.')
    return parts.map((_, i) => parts.slice(0, i + 1).join('.'))
  })
}

interface TreeProps {
  rows: readonly TreeRow[]
  roles: ReadonlyMap<string, string>
  active: number
  chosen: string | null
  onActive: (index: number) => void
  onToggle: (row: TreeRow) => void
  onChoose: (row: TreeRow) => void
}

function Tree({rows, roles, active, chosen, onActive, onToggle, onChoose}: TreeProps) {
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(480)
  useEffect(() => {
    const element = box.current!
    const observer = new ResizeObserver(() => setHeight(element.clientHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const first = Math.max(0, Math.floor(top / rowHeight) - spare)
  const last = Math.min(rows.length, Math.ceil((top + height) / rowHeight) + spare)
  const go = (index: number) => {
    const at = Math.max(0, Math.min(rows.length - 1, index))
    onActive(at)
    const element = box.current!
    if (at * rowHeight < element.scrollTop) element.scrollTop = at * rowHeight
    if ((at + 1) * rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = (at + 1) * rowHeight - element.clientHeight
  }
  const keys = (event: KeyboardEvent) => {
    const row = rows[active]
    if (!row) return
    const folder = row.entry === null || row.tensors > 1
    const page = Math.max(1, Math.floor(height / rowHeight) - 1)
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(active + 1),
      ArrowUp: () => go(active - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      PageDown: () => go(active + page),
      PageUp: () => go(active - page),
      ArrowRight: () => (folder && !row.open ? onToggle(row) : go(folder ? active + 1 : active)),
      ArrowLeft: () => (row.open ? onToggle(row) : go(parentOf(rows, active))),
      Enter: () => onChoose(row),
      ' ': () => onChoose(row)
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    event.stopPropagation()
    move()
  }
  return (
    <div
      ref={box}
      role="tree"
      tabIndex={0}
      aria-label="Tensors"
      aria-activedescendant={rows[active] ? `${id}-${active}` : undefined}
      className="scroll tree"
      onScroll={({currentTarget}) => setTop(currentTarget.scrollTop)}
      onKeyDown={keys}
    >
      <svg className="tree-rest" width="1" height={rows.length * rowHeight} aria-hidden="true" />
      {rows.slice(first, last).map((row, i) => {
        const index = first + i
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the tree keeps the focus and says which line is active
          <div
            key={row.path}
            id={`${id}-${index}`}
            ref={(element) => {
              element?.style.setProperty('--at', `${index * rowHeight}px`)
              element?.style.setProperty('--level', String(row.level))
            }}
            role="treeitem"
            aria-level={row.level}
            aria-posinset={row.position}
            aria-setsize={row.siblings}
            aria-expanded={row.entry === null ? row.open : undefined}
            aria-selected={row.entry !== null && row.entry.name === chosen}
            className={index === active ? 'tree-row active' : 'tree-row'}
            onClick={() => {
              onActive(index)
              onChoose(row)
            }}
          >
            <span className="tree-name">
              <span className="tree-mark" aria-hidden="true">
                {row.entry ? '' : row.open ? '▾' : '▸'}
              </span>
              <code>{row.label || '(the file itself)'}</code>
            </span>
            <span className="key">{row.entry ? (roles.get(row.entry.name) ?? '') : ''}</span>
            <span className="key tree-shape">
              {row.entry ? `${row.entry.dtype} (${row.entry.shape.join(', ')})` : `${count(row.tensors)} tensors`}
            </span>
            <span className="tree-size">{bytes(row.bytes)}</span>
          </div>
        )
      })}
    </div>
  )
}

function parentOf(rows: readonly TreeRow[], index: number): number {
  const level = rows[index]?.level ?? 1
  for (let i = index - 1; i >= 0; i--) if (rows[i]!.level < level) return i
  return index
}
