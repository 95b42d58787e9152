import type {Explanation} from '@/lib/explain/explanation'
import type {LiveStore} from './live'
import type {LiveStreamStore} from './liveStream'
import type {SessionStore} from './session'

/** Follows the running means of every run over inputs, and what it ends in, from what is open. Returns how to stop. */
export function streamRunningMeans(session: SessionStore, stream: LiveStreamStore): () => void {
  const {explanation: open, version: at} = session.getState()
  if (at === null && open !== null) feed(stream, open, wholeSource(open))
  const begun = partialOf(session.getState())
  if (begun !== null) feed(stream, begun, 'running mean over inputs')
  return session.subscribe((now, was) => {
    const partial = partialOf(now)
    if (partial !== null && partial !== partialOf(was)) feed(stream, partial, 'running mean over inputs')
    const {explanation, version} = now
    // Versions of a watched file come from its history: the page may turn back to one.
    if (version === null && explanation !== null && explanation !== was.explanation)
      feed(stream, explanation, wholeSource(explanation))
  })
}

/**
 * Follows every live reading, and counts the inputs that never were read. The plot opens with the first of them, and no
 * more once it has been closed. Returns how to stop.
 */
export function streamReadings(live: LiveStore, stream: LiveStreamStore): () => void {
  return live.subscribe(({current, read, skipped}, was) => {
    const {append, miss, show} = stream.getState()
    miss(skipped - was.skipped)
    if (!current || current === was.current) return
    append({at: current.at, source: current.from, kind: 'input', layers: current.reading.layers})
    if (was.read === 0 && read > 0) show(true)
  })
}

const partialOf = ({work}: Pick<ReturnType<SessionStore['getState']>, 'work'>): Explanation | null =>
  work.kind === 'working' ? (work.progress?.partial ?? work.behind ?? null) : null

function feed(stream: LiveStreamStore, {provenance, axes, layers}: Explanation, source: string): void {
  if (layers.length === 0) return
  const {begin, append} = stream.getState()
  begin(provenance.checkpoint.name, axes?.rowName)
  append({source, kind: 'mean', layers})
}

const wholeSource = ({provenance: {maps}}: Explanation): string =>
  maps === 'inputs' ? 'mean over all inputs' : maps === 'saved' ? 'maps saved in the checkpoint' : 'the checkpoint'
