import type {Explanation} from '@/lib/explain/explanation'
import {mapName} from '@/lib/views/mapName'

/** What “density” stands for in this explanation, as a sentence; empty where it is what it says. */
export function densityMeans({model, provenance, axes}: Explanation): string {
  const {unit} = mapName({model, provenance})
  if (unit === 'density') return ''
  return `Density is ${unit} here${axes?.plane ? ': 1 where attention is even' : ''}.`
}
