import {ReaderError} from '@/lib/core/errors'
import {bytes, plural} from '@/lib/core/number'
import type {FileReport, Openable} from '@/lib/engine/protocol'
import {capital} from '@/lib/explain/words'

/** A step that failed, as the reader is told of it. */
export interface Trouble {
  readonly title: string
  /** What was found and what was needed. */
  readonly message: string
  /** What happened to the figure: "Your figure is unchanged." */
  readonly after: string
  /** The tensor table, when the file itself opened. */
  readonly report: FileReport | null
  /** What the report is of, to look closer. */
  readonly file?: Openable | null
}

/** What is shown for a step that failed. A mistake of ours keeps its own words, so that it can be reported. */
export function troubleOf(error: unknown, after: string, report: FileReport | null = null): Trouble {
  if (error instanceof ReaderError) return {title: error.title, message: error.message, after, report}
  const message = error instanceof Error ? error.message : String(error)
  return {title: 'Something went wrong here, not in your file', message, after, report}
}

/** What is shown for a file that opened well but holds no mechanism we know. */
export function unrecognised(report: FileReport, after: string, file: Openable | null = null): Trouble {
  const {name, size, entries, detection} = report
  const opened = `The file opened well: ${plural(entries.length, 'tensor')}, ${bytes(size)}.`
  const looked = detection.family === null ? [...detection.lookedFor.map(capital), detection.nearest ?? ''] : []
  return {
    title: `No density attention in ${name}`,
    message: [opened, ...looked].filter((sentence) => sentence !== '').join(' '),
    after,
    report,
    file
  }
}

/** What is shown when an example comes out differently on this machine. `within` is what it may differ by. */
export function disagreement(apart: number, within: number): Trouble {
  const found = Number.isFinite(apart) ? `numbers up to ${apart.toPrecision(2)} away` : 'a map of another shape'
  return {
    title: 'This machine disagrees with the example',
    message: `Repeating the example here gave ${found} from its precomputed ones; they should agree within ${within}.`,
    after: 'The figure shows the precomputed numbers.',
    report: null
  }
}
