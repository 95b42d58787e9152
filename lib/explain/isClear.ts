import type {LayerImportance} from './explanation'

/** Whether the interval of a row's learned part leaves zero out. */
export function isClear({untrained}: LayerImportance): boolean {
  const interval = untrained?.learnedInterval
  return interval ? interval[0] > 0 || interval[1] < 0 : false
}
