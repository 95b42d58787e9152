import type {LayerImportance} from '@/lib/explain/explanation'

/** Rows of a reading whose importance is given; without a learned part there is no untrained twin. */
export function layersOf(importance: readonly number[], perHead = 3, learned?: readonly number[]): LayerImportance[] {
  return importance.map((own, layer) => ({
    layer,
    head: Math.floor(layer / perHead),
    importance: own,
    interval: null,
    share: 1 / importance.length,
    density: own,
    rank: 1 + importance.filter((other) => other > own).length,
    rankInterval: null,
    rankInHead: 1,
    rankByShare: 1,
    untrained: learned
      ? {
          density: own - learned[layer]!,
          importance: own - learned[layer]!,
          importanceOwnScale: null,
          rank: 1,
          learned: learned[layer]!,
          learnedInterval: null
        }
      : null,
    meanAbsZ: null
  }))
}
