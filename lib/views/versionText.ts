import {bytes, count, percent, plural} from '@/lib/core/number'
import type {LayerImportance} from '@/lib/explain/explanation'

/** What is told of a version in words. */
export interface VersionFacts {
  readonly version: number
  readonly size: number
  readonly epoch: number | null
  readonly accuracy: number | null
  readonly layers: readonly LayerImportance[]
  readonly trouble: string | null
}

/** `version 12, epoch 12, accuracy 81.0 %`. */
export function versionText({version, epoch, accuracy}: Pick<VersionFacts, 'version' | 'epoch' | 'accuracy'>): string {
  return [
    `version ${count(version)}`,
    ...(epoch === null ? [] : [`epoch ${count(epoch)}`]),
    ...(accuracy === null ? [] : [`accuracy ${percent(accuracy)}`])
  ].join(', ')
}

/** What came of it: the first three rows of its ranking, else why there are none. */
export function rankingText({layers, size, trouble}: VersionFacts, rowName = 'layer'): string {
  if (trouble) return trouble
  if (layers.length === 0) return `${bytes(size)}, no ranking`
  const first = [...layers].sort((a, b) => a.rank - b.rank).slice(0, 3)
  return `${rowName} ${first.map(({layer}) => layer + 1).join(', ')} first`
}

/** `3 s ago`, in the largest unit that fits. */
export function agoText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  return `${plural(Math.floor(seconds / 3600), 'hour')} ago`
}
