import type {Axes} from './explanation'

/** A row as it is spoken of: "hop 2", and where rows have labels "block 3 (stage 2, block 1, deformable)". */
export function rowName({rowName, rowLabels}: Pick<Axes, 'rowName' | 'rowLabels'>, row: number): string {
  const label = rowLabels?.[row]
  return `${rowName} ${row + 1}${label ? ` (${label})` : ''}`
}
