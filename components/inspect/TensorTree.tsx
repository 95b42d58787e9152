'use client'

import {type KeyboardEvent, useEffect, useId, useMemo, useRef, useState} from 'react'
import {bytes, count} from '@/lib/core/number'
import type {TensorEntry} from '@/lib/formats/archive'
import {type TreeRow, treeRows} from '@/lib/views/tensorTree'

const rowHeight = 26
const spare = 8
/** So few tensors are shown unfolded. */
const few = 60

export interface TensorTreeProps {
  readonly entries: readonly TensorEntry[]
  /** What the tree holds, for those who do not see what stands around it. */
  readonly label: string
  /** What stands beside a tensor, by its name: the role it has. */
  readonly notes?: ReadonlyMap<string, string>
  /** Tensors of a long list whose folders are open at first; a short one shows everything. */
  readonly firstOpen?: readonly string[]
  readonly chosen?: string | null
  readonly onChoose?: (entry: TensorEntry) => void
  /** Tensors can be dragged; what is carried is the name. */
  readonly draggable?: boolean
}

/** A search over tensors, and the tree of those that it leaves: only the lines in sight are in the page. */
export function TensorTree({
  entries,
  label,
  notes,
  firstOpen = [],
  chosen = null,
  onChoose,
  draggable
}: TensorTreeProps) {
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<ReadonlySet<string>>(() => foldersOf(entries, firstOpen))
  const [active, setActive] = useState(0)
  const rows = useMemo(() => treeRows(entries, open, search), [entries, open, search])
  const found = search.trim() === '' ? null : rows.filter((row) => row.entry).length
  const toggle = (row: TreeRow) => {
    const next = new Set(open)
    if (!next.delete(row.path)) next.add(row.path)
    setOpen(next)
  }
  // Down goes into the tree; Enter takes the only tensor left, and never sends a form that the tree stands in.
  const leave = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'ArrowDown')
      event.currentTarget.closest('.tensor-tree')!.querySelector<HTMLElement>('[role=tree]')!.focus()
    else if (event.key !== 'Enter') return
    else if (found === 1) onChoose?.(rows.find((row) => row.entry)!.entry!)
    event.preventDefault()
  }
  return (
    <div className="tensor-tree">
      <label className="search">
        <span className="visually-hidden">Find a tensor by name: {label}</span>
        <input
          type="search"
          placeholder="Find by name"
          value={search}
          onChange={({target}) => {
            setSearch(target.value)
            setActive(0)
          }}
          onKeyDown={leave}
        />
        <span className="key" role="status">
          {found === null ? '' : `${count(found)} of ${count(entries.length)}`}
        </span>
      </label>
      <Tree
        rows={rows}
        label={label}
        notes={notes}
        active={Math.min(active, rows.length - 1)}
        chosen={chosen}
        draggable={draggable ?? false}
        onActive={setActive}
        onToggle={toggle}
        onChoose={(row) => (row.entry ? onChoose?.(row.entry) : toggle(row))}
      />
    </div>
  )
}

function foldersOf(entries: readonly TensorEntry[], firstOpen: readonly string[]): ReadonlySet<string> {
  const names = entries.length <= few ? entries.map(({name}) => name) : firstOpen
  return new Set(
    names.flatMap((name) => {
      const parts = name.split('.')
      return parts.map((_, i) => parts.slice(0, i + 1).join('.'))
    })
  )
}

interface TreeProps {
  rows: readonly TreeRow[]
  label: string
  notes: ReadonlyMap<string, string> | undefined
  active: number
  chosen: string | null
  draggable: boolean
  onActive: (index: number) => void
  onToggle: (row: TreeRow) => void
  onChoose: (row: TreeRow) => void
}

function Tree({rows, label, notes, active, chosen, draggable, onActive, onToggle, onChoose}: TreeProps) {
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
      aria-label={label}
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
            draggable={draggable && row.entry !== null}
            onDragStart={({dataTransfer}) => row.entry && dataTransfer.setData('text/plain', row.entry.name)}
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
            <span className="key">{row.entry ? (notes?.get(row.entry.name) ?? '') : ''}</span>
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
