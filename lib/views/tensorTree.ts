import type {TensorEntry} from '@/lib/formats/archive'

/** One line of the tree of a file's tensors. */
export interface TreeRow {
  /** The dotted name up to here. */
  readonly path: string
  /** What stands on the line: the last part of the name, or several where nothing branches off between them. */
  readonly label: string
  /** 1 for the outermost. */
  readonly level: number
  /** Its place among its siblings, from 1, and how many they are. */
  readonly position: number
  readonly siblings: number
  /** The tensor, or null for a folder. */
  readonly entry: TensorEntry | null
  readonly open: boolean
  /** Tensors at and below this line, and their bytes. */
  readonly tensors: number
  readonly bytes: number
}

interface Node {
  readonly path: string
  readonly label: string
  readonly children: Map<string, Node>
  entry: TensorEntry | null
  tensors: number
  bytes: number
}

/**
 * The lines that show: dotted names nested, folders closed unless `open` holds their path. A search keeps the tensors
 * whose names hold all of its words, and opens what leads to them.
 */
export function treeRows(entries: readonly TensorEntry[], open: ReadonlySet<string>, search = ''): readonly TreeRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const kept = entries.filter(({name}) => words.every((word) => name.toLowerCase().includes(word)))
  const rows: TreeRow[] = []
  const visit = (children: readonly Node[], level: number): void => {
    for (const [i, child] of children.entries()) {
      const {node, label} = unbranched(child)
      const isOpen = node.children.size > 0 && (words.length > 0 || open.has(node.path))
      const {path, entry, tensors, bytes} = node
      rows.push({path, label, level, position: i + 1, siblings: children.length, entry, open: isOpen, tensors, bytes})
      if (isOpen) visit([...node.children.values()], level + 1)
    }
  }
  visit([...treeOf(kept).children.values()], 1)
  return rows
}

function treeOf(entries: readonly TensorEntry[]): Node {
  const root = nodeAt('', '')
  for (const entry of entries) {
    let node = root
    for (const part of entry.name.split('.')) {
      const path = node === root ? part : `${node.path}.${part}`
      const next = node.children.get(part) ?? nodeAt(path, part)
      node.children.set(part, next)
      next.tensors++
      next.bytes += entry.byteLength
      node = next
    }
    node.entry = entry
  }
  return root
}

const nodeAt = (path: string, label: string): Node => ({
  path,
  label,
  children: new Map(),
  entry: null,
  tensors: 0,
  bytes: 0
})

/** `model.encoder.layers` is one line when nothing else stands in `model` and in `model.encoder`. */
function unbranched(node: Node): {readonly node: Node; readonly label: string} {
  let [at, label] = [node, node.label]
  while (at.entry === null && at.children.size === 1) {
    const [only] = at.children.values()
    at = only!
    label = `${label}.${at.label}`
  }
  return {node: at, label}
}
