import type {LiveStreamStore} from './liveStream'
import type {WatchStore} from './watch'

/**
 * Follows every version of what is watched, and counts those that were missed. The plot opens with the first of them.
 * Returns how to stop.
 */
export function streamVersions(watch: WatchStore, stream: LiveStreamStore): () => void {
  return watch.subscribe((now, was) => {
    const {begin, append, miss, show} = stream.getState()
    const known = was.name === now.name ? (was.versions.at(-1)?.version ?? 0) : 0
    for (const {version, layers, name} of now.versions) {
      if (version <= known || layers.length === 0) continue
      begin(name)
      append({source: `versions of ${name}`, kind: 'version', layers})
      if (known === 0) show(true)
    }
    miss(now.missed - was.missed)
  })
}
