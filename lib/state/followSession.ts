import type {Explanation} from '@/lib/explain/explanation'
import type {LensStore} from './lens'
import {lensOf} from './lensView'
import type {SessionStore} from './session'

/**
 * Keeps the lens in step with what is open: another subject lets go of everything and selects its first input, and
 * an input's own map is asked for while the lens wants it. Returns how to stop.
 */
export function followSession(session: SessionStore, lens: LensStore): () => void {
  const leaveSession = session.subscribe((now, was) => {
    const {record} = now.shared ?? {}
    if (record?.view && record !== was.shared?.record) {
      lens.getState().reset()
      lens.setState(lensOf(record.view, record.explanation))
      return
    }
    if (now.explanation === was.explanation || sameSubject(now.explanation, was.explanation)) return
    // The same, computed again: its files may be called otherwise here.
    if (record && record === was.shared?.record) return
    // Versions of a watched file differ in their bytes.
    if (now.version !== null && sameNames(now.explanation, was.explanation)) return
    const {reset, selectSample} = lens.getState()
    reset()
    if (now.explanation?.samples.length) selectSample(0)
  })
  const leaveLens = lens.subscribe((now, was) => {
    if (!now.sampleMap || now.sample === null) return
    if (now.sample !== was.sample || !was.sampleMap) session.getState().askSampleMap(now.sample)
  })
  return () => {
    leaveSession()
    leaveLens()
  }
}

/** Whether both explain the same files in the same shape: then what the reader points at still means the same. */
export function sameSubject(a: Explanation | null, b: Explanation | null): boolean {
  return a !== null && b !== null && subjectOf(a) === subjectOf(b)
}

const sameNames = (a: Explanation | null, b: Explanation | null) =>
  a !== null && b !== null && subjectOf(a, false) === subjectOf(b, false)

function subjectOf({axes, samples, heads, model, provenance}: Explanation, sized = true): string {
  const {checkpoint, inputs} = provenance
  const files = [checkpoint, ...inputs].map(({name, size}) => (sized ? [name, size] : name))
  return JSON.stringify([files, axes, samples.length, heads.length, model.settings])
}
