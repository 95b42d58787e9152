import {drawNoteMarks} from '@/lib/draw/noteMarks'
import type {FigureMarks} from '@/lib/views/figure'
import type {NotePlace} from '@/lib/views/note'
import {noteMarks} from '@/lib/views/noteMarks'

/** Marks the places that are noted in the figure in `root`. */
export function annotate(
  root: HTMLElement,
  marks: FigureMarks,
  places: readonly NotePlace[],
  rowOf: (layer: number) => number
): void {
  drawNoteMarks(root, noteMarks(marks, places, rowOf))
}
