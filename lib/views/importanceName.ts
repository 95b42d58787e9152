import type {Explanation} from '@/lib/explain/explanation'

/** What the importance of a row is called: a learned weight is not an Importance Factor. */
export interface ImportanceName {
  readonly long: string
  readonly short: string
  readonly meaning: string
}

const factor: ImportanceName = {
  long: 'Importance Factor',
  short: 'IF',
  meaning: 'mean Importance Factor over the features, 0 to 1'
}

const weight: ImportanceName = {
  long: 'Layer weight',
  short: 'weight',
  meaning: 'the learned weight of the layer, as the model uses it'
}

/** The name of what this explanation ranks by. */
export const importanceName = (explanation: Pick<Explanation, 'provenance'> | null): ImportanceName =>
  explanation?.provenance.maps === 'weights' ? weight : factor
