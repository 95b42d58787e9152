/** Colours of an exported picture: paper, ink and reader. */
export interface Inks {
  readonly paper: string
  readonly ink: string
  readonly ink2: string
  readonly ink3: string
  readonly line: string
  readonly mark: string
  readonly onMark: string
}

/** As the styles of `host` have them, which must stand in a document. */
export function inksOf(host: HTMLElement): Inks {
  const style = getComputedStyle(host)
  const ink = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    paper: ink('paper'),
    ink: ink('ink'),
    ink2: ink('ink2'),
    ink3: ink('ink3'),
    line: ink('line'),
    mark: ink('mark'),
    onMark: ink('on-mark')
  }
}
