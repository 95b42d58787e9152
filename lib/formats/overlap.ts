import {FormatError} from '@/lib/core/errors'

/** Throws FormatError when two of these ranges of a file share a byte. */
export function refuseOverlap(
  where: string,
  ranges: readonly {readonly name: string; readonly start: number; readonly end: number}[]
): void {
  let used = 0
  for (const {name, start, end} of [...ranges].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start === end) continue
    if (start < used) {
      throw new FormatError(
        `${where}: ${name.slice(0, 100)} starts at byte ${start}, where another tensor runs to ${used}; the file is damaged`
      )
    }
    used = end
  }
}
