import type {FigureMarks} from '@/lib/views/figure'
import type {NotePlace} from '@/lib/views/note'

let script: typeof import('@/components/figure/annotate') | null = null

/** Fetches what marks notes in a figure, which no first picture needs. */
export async function loadAnnotate(): Promise<void> {
  script ??= await import('@/components/figure/annotate')
}

/** Marks what is noted in the figure in `root`; `again` is called when the script for it has come. */
export function annotateLater(
  root: HTMLElement,
  marks: FigureMarks,
  places: readonly NotePlace[],
  rowOf: (layer: number) => number,
  again: () => void
): void {
  if (script) script.annotate(root, marks, places, rowOf)
  else if (places.length > 0) loadAnnotate().then(again, () => {})
}
