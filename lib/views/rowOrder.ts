import type {Explanation, LayerImportance} from '@/lib/explain/explanation'
import type {Order} from '@/lib/views/frame'
import type {FigureRows} from '@/lib/views/layout'

const emptyRows = 12

/**
 * The figure's rows for this explanation, or for none. While nothing says how many layers there are (a checkpoint with
 * neither inputs nor saved maps) one row stands for each head, and for no layer.
 */
export function figureRows(explanation: Explanation | null, order: Order): FigureRows {
  if (explanation === null) return {order: null, heads: new Array<number>(emptyRows).fill(0), known: false}
  const {axes, heads, layers} = explanation
  if (axes === null) return {order: null, heads: heads.map(({head}) => head), known: false}
  const owner = (layer: number): number =>
    heads.find(({rows}) => rows !== null && layer >= rows[0] && layer < rows[1])?.head ?? layers[layer]?.head ?? 0
  return {
    order: rowOrder(layers, order, axes.rows),
    heads: Array.from({length: axes.rows}, (_, layer) => owner(layer)),
    known: true
  }
}

/**
 * Layers from the first to the last of this order; null for the model's own. By Importance Factor: rank. By learned
 * part: the largest change first, whichever way it went. Rows without a number come last; ties keep the model's order.
 */
export function rowOrder(layers: readonly LayerImportance[], order: Order, rows = layers.length): number[] | null {
  if (order === 'model' || layers.length === 0) return null
  if (order === 'learned' && layers.every(({untrained}) => untrained === null)) return null
  const place = (layer: number): number => {
    const row = layers.find((l) => l.layer === layer)
    const value = order === 'importance' ? (row?.rank ?? NaN) : -change(row)
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value
  }
  const places = Array.from({length: rows}, (_, layer) => place(layer))
  return places
    .map((_, layer) => layer)
    .sort((i, j) => (places[i] === places[j] ? i - j : places[i]! < places[j]! ? -1 : 1))
}

// Rows that attend as much by definition differ by rounding alone, which is to order nothing.
function change(row: LayerImportance | undefined): number {
  const size = Math.abs(row?.untrained?.learned ?? NaN)
  return size <= 1e-6 * Math.abs(row?.density ?? 0) ? 0 : size
}
