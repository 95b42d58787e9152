import type {Explanation} from '@/lib/explain/explanation'

/** What the map is called, and what one of its cells is. */
export interface MapName {
  readonly long: string
  /** One word, for a switch. */
  readonly short: string
  readonly unit: string
}

const density: MapName = {long: 'Density attention', short: 'Density', unit: 'density'}
const attention: MapName = {long: 'Attention', short: 'Attention', unit: 'attention × places'}

// Where a cell is no density.
const others: Partial<Record<Explanation['model']['family'], MapName>> = {
  'density-block': {...density, unit: 'weight × length'},
  'additive-density': {...density, unit: 'weight × length'},
  'density-gate': {...density, unit: 'gate'},
  'stacked-latent': attention,
  'deformable-audio': {...attention, unit: 'attention × cells'},
  'layer-weights': {...density, unit: '|weight × feature|'}
}

/** The name of what this explanation’s map holds: attention of other kinds is no density attention. */
export function mapName(explanation: Pick<Explanation, 'model' | 'provenance'> | null): MapName {
  if (explanation?.provenance.maps === 'weights') return {long: 'Layer weights', short: 'Weights', unit: 'layer weight'}
  return (explanation && others[explanation.model.family]) ?? density
}

/** Whether what is open attends to places, and is measured beside its map: it has no Gaussians. */
export const attendsToPlaces = ({model}: Pick<Explanation, 'model'>): boolean =>
  others[model.family]?.short === attention.short
